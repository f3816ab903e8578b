"""``choice.json`` to what the parent run shows of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from hstdriz_study.study.directory.formats import Kind, read_stored
from hstdriz_study.study.track.notes import why
from hstdriz_study.study.track.payload import TAG_LENGTH, scale_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hstdriz_study.study.directory.layout import StudyDirectory

NUMBERS = ("final_scale_arcsec", "final_pixfrac")


def read_choices(study_dir: StudyDirectory) -> list[dict[str, Any]]:
    """Read the choice of every filter; empty when nothing has been chosen yet."""
    if not study_dir.choice.is_file():
        return []
    choices = read_stored(study_dir.choice, Kind.CHOICE)["choices"]
    return [choice for choice in choices if choice.get("filter")]


def choice_metrics(choices: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return the chosen settings by filter.

    They are metrics and not parameters: a parameter could never be changed, and
    a study that is resumed may choose again.
    """
    return {
        f"choice/{choice['filter']}/{name}": float(choice[name])
        for choice in choices
        for name in NUMBERS
        if isinstance(choice.get(name), (int, float)) and math.isfinite(choice[name])
    }


def choice_tags(choices: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return choice and reason in words, by filter."""
    tags = {}
    for choice in choices:
        tags[f"study.choice.{choice['filter']}"] = _words(choice)
        tags[f"study.reason.{choice['filter']}"] = why(choice)[:TAG_LENGTH]
    return tags


def _words(choice: Mapping[str, Any]) -> str:
    if choice.get("final_scale_arcsec") is None:
        return "none"
    words = scale_text(choice["final_scale_arcsec"])
    if choice.get("final_pixfrac") is None:
        return words
    return f"{words} pixfrac {choice['final_pixfrac']:g}"
