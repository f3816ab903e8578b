"""What a change would do, as tables for the terminal and as Markdown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.choose import find_rule
from hstdriz_study.choose.limits import limits_of
from hstdriz_study.choose.points import DEPTH, label, settings_of
from hstdriz_study.choose.words.numbers import count
from hstdriz_study.choose.words.rejections import why_not
from hstdriz_study.markdown import row
from hstdriz_study.text_table import NONE, aligned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import DrizzleSettings
    from hstdriz_study.what_if.change import Change
    from hstdriz_study.what_if.foresee import WhatIf
    from hstdriz_study.what_if.judge import Outcome
    from hstdriz_study.what_if.scenarios import Dither

Rows = list[tuple[str, ...]]
SCENARIO_HEADS = (
    "exposures",
    "RMS/median",
    "holes",
    "5-sigma depth (AB mag)",
    "the chosen point is",
    "the rule would take",
)
MAX_ROWS = 12
_SAME_DEPTH_MAG = 0.005
_SHOWN_PERCENT = 0.01


@dataclass(frozen=True)
class WhatIfTold:
    """What is said of a change to one filter.

    Attributes
    ----------
    filter, title : str
    case_rows : list of tuple of str
        Cells under `SCENARIO_HEADS`, one row a case.
    permitted_title : str
    permitted_heads : tuple of str
    permitted_rows : list of tuple of str
        The smallest pixfrac that the weights permit, one row a scale.
    sentences : list of str
    """

    filter: str
    title: str
    case_rows: Rows
    permitted_title: str
    permitted_heads: tuple[str, ...]
    permitted_rows: Rows
    sentences: list[str]


def what_if_told(one: WhatIf) -> WhatIfTold:
    """Put what was foreseen into tables and sentences."""
    heads, rows = _permitted(one)
    return WhatIfTold(
        one.filter, _title(one), _scenario_rows(one), _permitted_title(one), heads, rows, _told(one)
    )


def what_if_text(found: Sequence[WhatIfTold]) -> str:
    """Return what was foreseen as text for the terminal; no line break at the end."""
    parts = []
    for one in found:
        parts += [one.title, aligned(SCENARIO_HEADS, one.case_rows), one.permitted_title]
        parts += [aligned(one.permitted_heads, one.permitted_rows), "\n".join(one.sentences)]
    return "\n\n".join([*parts, "\n".join(ASSUMED)])


def what_if_markdown(change: Change, found: Sequence[WhatIfTold], exposures: str) -> str:
    """Return the same as a Markdown page that says whose exposures it is about."""
    lines = [f"# What if {change.text}", "", exposures, ""]
    for one in found:
        lines += [f"## {one.title}", "", *_table(SCENARIO_HEADS, one.case_rows), ""]
        lines += [one.permitted_title, "", *_table(one.permitted_heads, one.permitted_rows), ""]
        lines += [*(f"- {sentence}" for sentence in one.sentences), ""]
    return "\n".join([*lines, "## What is assumed", "", *(f"- {line}" for line in ASSUMED), ""])


ASSUMED = (
    (
        "Weights are those of exposure time (EXP), from the WCS and the flags of the prepared "
        "exposures, in the boxes in which the study measured them; cosmic rays are as they were "
        "flagged with all exposures."
    ),
    (
        "Depth changes as the noise of sky and dark current, with the total exposure time. Where "
        "exposures differ in length the other end of the range is that of read noise alone, which "
        "each exposure brings once. Uneven weights cost a little depth too, which is not counted."
    ),
    (
        "The FWHM is left as measured: drop and output pixel set it. With few exposures stars are "
        "sampled at fewer phases and cosmic rays are rejected less well, which is not foreseen."
    ),
    "An added exposure is as long as the median of those there are.",
    (
        "The worst and the best case are those of the largest and the smallest RMS/median at the "
        "chosen point."
    ),
)


def _title(one: WhatIf) -> str:
    chosen = "nothing was chosen" if one.chosen is None else f"chosen {label(one.chosen)}"
    there = count(len(one.now.scenario.combination), "exposure")
    what = one.change.exposure or one.change.count
    said = f"{what} added to {there}" if one.change.kind == "add" else f"{what} of {there} dropped"
    return f"{one.filter}, {said}: {chosen}"


def _scenario_rows(one: WhatIf) -> Rows:
    shown = [one.now, *one.after]
    rows = [_scenario_row(one, outcome) for outcome in shown[: MAX_ROWS + 1]]
    left_out = len(shown) - len(rows)
    if left_out > 0:  # the best is always shown
        rows[-1] = (f"... {count(left_out, 'more case')} between ...", *[""] * 5)
        rows.append(_scenario_row(one, shown[-1]))
    return rows


def _scenario_row(one: WhatIf, outcome: Outcome) -> tuple[str, ...]:
    spread = outcome.spreads[one.decisive]
    return (
        outcome.scenario.name,
        f"{spread.rms_over_median:.3f}",
        _fraction(spread.hole_fraction),
        _depth(one, outcome),
        _standing(one, outcome),
        _taken(one, outcome),
    )


def _fraction(value: float) -> str:
    return "0" if value == 0 else f"{value:.1e}"


def _depth(one: WhatIf, outcome: Outcome) -> str:
    """Write the depth and its change; the range where exposure times leave one."""
    change = outcome.depth
    ends = sorted((change.background_mag, change.read_noise_mag))
    if ends[1] - ends[0] < _SAME_DEPTH_MAG:
        by = f"{change.background_mag:+.3f}"
    else:
        by = f"{ends[0]:+.3f} to {ends[1]:+.3f}"
    metric = None if one.chosen is None else one.chosen.metrics.get(DEPTH)
    if outcome is one.now:
        return NONE if metric is None else f"{metric.value:.3f}"
    if metric is None or not math.isfinite(metric.value):
        return by
    return f"{metric.value + change.background_mag:.3f} ({by})"


def _standing(one: WhatIf, outcome: Outcome) -> str:
    if one.chosen is None:
        return NONE
    if one.chosen.key in outcome.admissible:
        return "admissible"
    return f"not admissible: {why_not(outcome.faults[one.chosen.key])}"


def _taken(one: WhatIf, outcome: Outcome) -> str:
    if outcome.taken is None:
        return "none"
    same = one.chosen is not None and outcome.taken.key == one.chosen.key
    return "the same" if same else label(outcome.taken)


def _permitted_title(one: WhatIf) -> str:
    texts = [
        limit.text for limit in limits_of(one.settings, find_rule(one.settings.rule).weight_limits)
    ]
    return f"Smallest pixfrac of the sweep with {' and '.join(texts)}:"


def _permitted(one: WhatIf) -> tuple[tuple[str, ...], Rows]:
    """Return the smallest pixfrac that the limits on the weights permit at each scale."""
    cases = {"now": one.now, "worst case": one.after[0], "best case": one.after[-1]}
    grids = dict.fromkeys(_grid(record.settings) for record in one.records)
    rows: Rows = []
    for grid in sorted(grids, key=lambda one: (-(one[0] or math.inf), *map(str, one[1:]))):
        mine = [record for record in one.records if _grid(record.settings) == grid]
        found: list[str] = []
        for outcome in cases.values():
            kept = [settings_of(r).final_pixfrac for r in mine if r.key in outcome.within_weights]
            found.append(f"{min(kept):g}" if kept else "none")
        scale, *others = grid
        words = " ".join(str(other) for other in others if other not in ("square", "EXP"))
        rows.append((f'{f"{scale:.4g}" if scale else "default"}" {words}'.rstrip(), *found))
    return ("scale", *cases), rows


def _grid(settings: DrizzleSettings) -> tuple[float | None, str, str]:
    return settings.final_scale_arcsec, settings.final_kernel, settings.final_wht_type


def _told(one: WhatIf) -> list[str]:
    """Say what the tables do not."""
    worst, best = one.after[0], one.after[-1]
    told = []
    if len(one.after) > 1 and one.change.kind == "drop":
        lowest, highest = (o.spreads[one.decisive].rms_over_median for o in (best, worst))
        kept = sum(
            one.chosen is not None and one.chosen.key in outcome.admissible for outcome in one.after
        )
        told.append(
            f"RMS/median {lowest:.3f} to {highest:.3f} over {len(one.after)} choices of what is "
            f"dropped; the chosen point stays admissible in {kept} of them."
        )
    for name, case in {"worst": worst, "best": best}.items():
        for verb, keys in (
            ("no longer admissible", one.now.admissible - case.admissible),
            ("newly admissible", case.admissible - one.now.admissible),
        ):
            if labels := [label(record) for record in one.records if record.key in keys]:
                told.append(f"In the {name} case {verb}: {'; '.join(labels)}.")
        if best is worst:
            break
    told += [_suggested(dither, one) for dither in one.dithers]
    told.append(_checked(one))
    return told


def _checked(one: WhatIf) -> str:
    percent = 100 * one.disagreement
    by = f"{percent:.1g} %" if percent >= _SHOWN_PERCENT else f"less than {_SHOWN_PERCENT:g} %"
    return f"For the exposures as they are, RMS/median as foreseen and as measured differ by {by}."


def _suggested(dither: Dither, one: WhatIf) -> str:
    x, y = dither.offset_px
    x_arcsec, y_arcsec = dither.offset_arcsec
    return (
        f"The best dither found puts the target ({x:+.3f}, {y:+.3f}) pixels from where "
        f"{one.first_exposure} has it: "
        f'POS TARG about ({x_arcsec:+.3f}", {y_arcsec:+.3f}") from that exposure, along the '
        "detector's axes."
    )


def _table(heads: Sequence[str], rows: Rows) -> list[str]:
    return [row(heads), "|" + ":--|" * len(heads), *map(row, rows)]
