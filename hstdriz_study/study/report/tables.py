"""Choices and points as rows of text, for the terminal and for the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.points import summarise
from hstdriz_study.contracts import ENTRIES, Place, shown
from hstdriz_study.contracts.metric_table import FWHM, RMS_OVER_MEDIAN
from hstdriz_study.study.report.cells import heads_of, metric_cells, settings_cells
from hstdriz_study.text_table import NONE, aligned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hstdriz_study.choose import Choice, PointSummary
    from hstdriz_study.contracts import MetricEntry, PointRecord

    Entries = Mapping[str, MetricEntry]

OF_VARIANT = (FWHM, RMS_OVER_MEDIAN)
VARIANT_HEADS = ("if …", 'final_scale (")', "final_pixfrac", *heads_of(OF_VARIANT), "note")


def choice_table(choices: Sequence[Choice], entries: Entries = ENTRIES) -> str:
    """Write the choices as a table for the terminal, one line a filter.

    Parameters
    ----------
    choices : sequence of Choice
    entries : mapping of str to `~hstdriz_study.contracts.MetricEntry`
        Of the points' metrics; here and below they say which have a column.

    Returns
    -------
    str
        Columns aligned by spaces; no line break at the end.
    """
    return aligned(choice_heads(entries), choice_rows(choices, entries))


def choice_heads(entries: Entries = ENTRIES) -> tuple[str, ...]:
    """Return the heads over `choice_rows`."""
    numbers = heads_of(shown(Place.CHOICE, entries))
    return ("filter", 'final_scale (")', "final_pixfrac", *numbers, "why")


def choice_rows(choices: Sequence[Choice], entries: Entries = ENTRIES) -> list[tuple[str, ...]]:
    """Return one row a filter."""
    columns = shown(Place.CHOICE, entries)
    return [
        (
            choice.filter,
            *settings_cells(choice.chosen),
            *metric_cells(choice.chosen, columns),
            _why(choice),
        )
        for choice in choices
    ]


def rule_heads(choices: Sequence[Choice]) -> tuple[str, ...]:
    """Return the heads over `rule_rows`: a column a filter."""
    return ("rule", *(choice.filter for choice in choices))


def rule_rows(choices: Sequence[Choice]) -> list[tuple[str, ...]]:
    """Return what each rule takes: a row a rule, scale and pixfrac under each filter."""
    used = {choice.rule for choice in choices}
    by_rule = zip(*(choice.by_rule for choice in choices), strict=True)
    return [
        (
            f"{picks[0].rule} (used)" if picks[0].rule in used else picks[0].rule,
            *("none" if pick.point is None else _short(pick.point) for pick in picks),
        )
        for picks in by_rule
    ]


def rule_table(choices: Sequence[Choice]) -> str:
    """Write what each rule takes as a table for the terminal."""
    return aligned(rule_heads(choices), rule_rows(choices))


def _short(point: PointSummary) -> str:
    return f'{point.final_scale_arcsec:.4g}", {point.final_pixfrac:g}'


def variant_rows(choice: Choice) -> list[tuple[str, ...]]:
    """Return the choice under other limits, and the handbook's pick, under `VARIANT_HEADS`."""
    rows = [
        (f"RMS/median ≤ {alternative.max_rms_over_median:g}", alternative.point, alternative.note)
        for alternative in choice.alternatives
    ]
    pick = choice.handbook
    rows.append(
        (
            f'handbook: {pick.final_scale_arcsec:.4g}", pixfrac > {pick.final_pixfrac:.2f}',
            choice.handbook_point,
            f"nearest swept point: {choice.handbook_note}",
        )
    )
    return [
        (
            head,
            *settings_cells(point),
            *metric_cells(point, OF_VARIANT),
            note,
        )
        for head, point, note in rows
    ]


def point_heads(entries: Entries = ENTRIES) -> tuple[str, ...]:
    """Return the heads over `point_rows`."""
    numbers = heads_of(shown(Place.POINTS, entries))
    return ('scale (")', "pixfrac", *numbers, "verdict", "reason")


def point_rows(
    records: Sequence[PointRecord], choice: Choice, entries: Entries = ENTRIES
) -> list[tuple[str, ...]]:
    """Return every point of a filter with its verdict."""
    told, columns = _verdicts(choice), shown(Place.POINTS, entries)
    rows: list[tuple[str, ...]] = []
    for record in records:
        point = summarise(record)
        metrics = metric_cells(point, columns)
        rows.append((*settings_cells(point), *metrics, *told.get(point.key, (NONE, ""))))
    return rows


def verdicts(records: Sequence[PointRecord], choice: Choice) -> dict[str, str]:
    """Return what became of each point, in one sentence, by its key."""
    told = _verdicts(choice)
    return {r.key: ": ".join(filter(None, told[r.key])) for r in records if r.key in told}


def _verdicts(choice: Choice) -> dict[str, tuple[str, str]]:
    """Return verdict and reason of each point, by its key."""
    told = {rejected.point.key: (rejected.stage, rejected.reason) for rejected in choice.rejected}
    if choice.chosen is not None:
        told.setdefault(choice.chosen.key, ("chosen", choice.short_reason))
    return told


def _why(choice: Choice) -> str:
    if choice.limited_by and choice.chosen is not None:
        return f"{choice.short_reason}; a limit decided"
    return choice.short_reason
