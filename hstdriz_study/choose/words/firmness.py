"""How firmly a choice stands, in sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hstdriz_study.choose.words.numbers import percent

if TYPE_CHECKING:
    from hstdriz_study.choose.choice import Choice
    from hstdriz_study.choose.margin import Margin
    from hstdriz_study.choose.stability import Stability


def margin_said(margin: Margin, runner_up: str) -> str:
    """Say by how much the choice beats its runner-up, which is given by its label."""
    criterion = margin.criterion
    by = f"{abs(margin.difference):.2g}{criterion.unit}"
    if math.isfinite(margin.n_sigma):
        by += f" ({abs(margin.n_sigma):.1f} paired sigma)"
    if margin.difference > 0:
        return f"The runner-up, {runner_up}, is {by} {criterion.worse}."
    return (
        f"The runner-up, {runner_up}, is not {criterion.worse}: its {criterion.phrase} is better "
        f"by {by}. The rule takes the two for practically equal, and its tie-break decided."
    )


def runner_up_said(choice: Choice) -> str:
    """Say which point the choice is most likely to go to, and how it stands to the chosen one."""
    if choice.runner_up is None:
        raise ValueError("there is no runner-up")
    label, key = choice.runner_up.label, choice.runner_up.key
    if choice.margin is not None:
        return margin_said(choice.margin, label)
    why = next(one.reason for one in choice.rejected if one.point.key == key)
    return f"The runner-up is {label}; in the whole sample: {why}."


def stability_said(stability: Stability) -> str:
    """Say how often the choice is the same, and what changes it."""
    said = (
        f"The choice is the same in {stability.n_same} of {stability.n_tables} {stability.varied}"
    )
    if (rival := stability.rival) is not None:
        said += f"; the most frequent other is {rival.point.label} ({percent(rival.fraction)})"
    if not stability.causes:
        return f"{said}."
    alone = ", ".join(f"the {one.source} in {percent(one.changed)}" for one in stability.causes)
    return f"{said}. Resampled alone, these change it: {alone}."
