"""A comparison as tables for the terminal and as Markdown."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hstdriz_study.markdown import row
from hstdriz_study.study.compare.changes import (
    PAIRED,
    SIGNIFICANT,
    Comparison,
    Difference,
    MetricChange,
)
from hstdriz_study.study.config import data_told
from hstdriz_study.study.directory.signature import signature
from hstdriz_study.text_table import NONE, aligned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import MetricEntry
    from hstdriz_study.study.compare.side import Side

Rows = list[tuple[str, ...]]
METRIC_HEADS = (
    "filter",
    "metric",
    "points",
    "identical",
    "mean B-A",
    "largest B-A",
    "sigma",
    f"beyond {SIGNIFICANT:g} sigma",
    "where",
)
DIFFERENCE_HEADS = ("what", "A", "B")


def comparison_text(comparison: Comparison) -> str:
    """Return a comparison as text for the terminal; no line break at the end."""
    parts = []
    for title, heads, rows, note in _tables(comparison):
        body = filter(None, [title, aligned(heads, rows) if rows else "", note])
        parts.append("\n".join(body))
    return "\n\n".join(["\n".join(_head(comparison)), *parts])


def comparison_markdown(comparison: Comparison) -> str:
    """Return a comparison as a Markdown page."""
    lines = ["# Two studies compared", "", *(f"- {line}" for line in _head(comparison)), ""]
    for title, heads, rows, note in _tables(comparison):
        lines += [f"## {title}", ""]
        if rows:
            lines += [row(heads), "|" + ":--|" * len(heads)]
            lines += [*map(row, rows), ""]
        if note:
            lines += [note, ""]
    return "\n".join(lines)


def _tables(comparison: Comparison) -> list[tuple[str, Sequence[str], Rows, str]]:
    changed = sum(not choice.same for choice in comparison.choices)
    differences = [_difference_head(entry) for entry in comparison.of_choice]
    return [
        (
            f"Choices: {changed} of {len(comparison.choices)} changed",
            ("filter", "A chooses", "B chooses", *differences, "B on A's choice"),
            _choice_rows(comparison),
            "",
        ),
        (
            "Metrics at the points of both",
            METRIC_HEADS,
            _metric_rows(comparison),
            _said(comparison),
        ),
        ("Points of one alone", (), [], _alone(comparison)),
        ("Settings", DIFFERENCE_HEADS, list(comparison.settings), _none(comparison.settings)),
        ("Versions", DIFFERENCE_HEADS, list(comparison.versions), _none(comparison.versions)),
    ]


def _said(comparison: Comparison) -> str:
    """Say which errors were used, and how many metrics did not change at all."""
    told = []
    for name, how in comparison.pairing.items():
        mine = [change for change in comparison.metrics if change.filter == name]
        same = sum(_unchanged(change) for change in mine)
        errors = "errors of paired resamples" if how == PAIRED else f"unpaired errors ({how})"
        compared = f"{same} of {len(mine)} metrics are identical" if mine else "no point is in both"
        told.append(f"{name}: {errors}; {compared}.")
    return " ".join(told)


def _unchanged(change: MetricChange) -> bool:
    return change.n_identical == change.n_points


def _head(comparison: Comparison) -> list[str]:
    sides = comparison.a, comparison.b
    first, second = (signature(side.study, side.records) for side in sides)
    one = f"version, configuration, inputs and rule are one: {first}"
    two = f"version, configuration, inputs or rule differ: A {first}, B {second}"
    return [*map(_of_side, "AB", sides), one if first == second else two]


def _of_side(letter: str, side: Side) -> str:
    created = side.study.get("created", "")
    words = [side.study.get("name", ""), created, side.source, data_told(side.study).line]
    return f"{letter}: {', '.join(filter(None, words))}"


def _choice_rows(comparison: Comparison) -> Rows:
    return [
        (
            choice.filter,
            choice.a or "no choice",
            "the same" if choice.same and choice.b else choice.b or "no choice",
            *(_difference(choice.differences.get(entry.name)) for entry in comparison.of_choice),
            choice.b_on_a,
        )
        for choice in comparison.choices
    ]


def _metric_rows(comparison: Comparison) -> Rows:
    """Return the metrics that changed; the largest change first in each filter."""
    changed = [change for change in comparison.metrics if not _unchanged(change)]
    return [
        _metric_row(change, comparison.entries[change.metric].label)
        for name in comparison.pairing
        for change in sorted((c for c in changed if c.filter == name), key=_by_sigma)
    ]


def _by_sigma(change: MetricChange) -> float:
    return -abs(change.largest.n_sigma) if math.isfinite(change.largest.n_sigma) else 0.0


def _difference_head(entry: MetricEntry) -> str:
    unit = f" ({entry.difference_unit})" if entry.difference_unit else ""
    return f"{entry.in_sentence} B-A{unit}"


def _metric_row(change: MetricChange, label: str) -> tuple[str, ...]:
    unit = f" ({change.unit})" if change.unit else ""
    return (
        change.filter,
        label + unit,
        str(change.n_points),
        str(change.n_identical),
        f"{change.mean:+.2g}",
        f"{change.largest.value:+.2g}",
        _sigmas(change.largest),
        str(change.n_significant),
        change.at,
    )


def _difference(found: Difference | None) -> str:
    if found is None or not math.isfinite(found.value):
        return NONE
    if found.value == 0:
        return "0"
    return f"{found.value:+.2g} ({_sigmas(found)} sigma)"


def _sigmas(found: Difference) -> str:
    return f"{found.n_sigma:+.1f}" if math.isfinite(found.n_sigma) else "no error"


def _alone(comparison: Comparison) -> str:
    told = [
        f"{name}: {comparison.only_a[name]} only in A, {comparison.only_b[name]} only in B"
        for name in comparison.pairing
    ]
    missing = [
        f"{name}: only in {letter}"
        for letter, side, other in (
            ("A", comparison.a, comparison.b),
            ("B", comparison.b, comparison.a),
        )
        for name in side.filters
        if name not in other.filters
    ]
    return "; ".join([*told, *missing]) + "."


def _none(rows: Sequence[object]) -> str:
    return "" if rows else "No difference."
