"""Records and choices to the Markdown that MLflow shows on a run's page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from hstdriz_study.contracts import Place, entries_of, shown
from hstdriz_study.markdown import cell, plain, row
from hstdriz_study.names import printable
from hstdriz_study.study.track.payload import run_name, scale_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hstdriz_study.contracts import Metric, PointRecord


def point_note(record: PointRecord, exposures: str = "") -> str:
    """Return the description of one point: outcome, whose exposures, measurements, warnings."""
    told = record.error and f"**{record.status.capitalize()}:** {plain(record.error)}"
    parts = [told or _headline(record), *filter(None, [plain(exposures)])]
    if record.metrics:
        rows = [_metric_row(name, metric) for name, metric in record.metrics.items()]
        parts.append("\n".join(["| measured | value | ± | unit |", "|:--|--:|--:|:--|", *rows]))
    if record.warnings:
        parts.append("\n".join(f"- ⚠ {plain(warning)}" for warning in record.warnings))
    return "\n\n".join(parts)


def _headline(record: PointRecord) -> str:
    """Return the line that the page shows before *Show more*."""
    measured = [
        f"{plain(entry.by_itself)} **{plain(_with_error(record.metrics[entry.name]))}**"
        for entry in shown(Place.CHOICE, entries_of([record]))
        if entry.name in record.metrics and math.isfinite(record.metrics[entry.name].value)
    ]
    return ", ".join(measured) or f"**{plain(run_name(record))}**"


def _with_error(metric: Metric) -> str:
    err = f" ± {metric.err:.2g}" if math.isfinite(metric.err) else ""
    return f"{metric.value:.4g}{err} {metric.unit}".rstrip()


def _metric_row(name: str, metric: Metric) -> str:
    if not math.isfinite(metric.value):
        return row([name, "not measured", "", metric.unit])
    err = f"{metric.err:.2g}" if math.isfinite(metric.err) else ""
    return row([name, f"{metric.value:.5g}", err, metric.unit])


def study_note(
    *,
    title: str,
    exposures: str = "",
    overrides: Sequence[str],
    links: Mapping[str, str],
    choices: Sequence[Mapping[str, Any]] = (),
    counts: Mapping[str, int] | None = None,
) -> str:
    """Return the description of a study: what was chosen, and where to look.

    Parameters
    ----------
    title : str
    exposures : str
        Whose exposures they are (`~hstdriz_study.study.config.DataTold`).
    overrides : sequence of str
        The command line, as Hydra took it.
    links : mapping of str to str
        Words to addresses of pages that compare the points.
    choices : sequence of mapping
        Items of ``choice.json``.
    counts : mapping of str to int
        Number of points by status.
    """
    # The page folds all but the first lines: the answer first.
    parts = [" · ".join(filter(None, [f"**{plain(title)}**", plain(exposures)]))]
    if choices:
        parts.append(", ".join(f"**{plain(_chosen(choice))}**" for choice in choices))
    parts.append(" · ".join(f"[{words}]({address})" for words, address in links.items()))
    if choices:
        parts.append("\n".join(_choice_lines(choices)))
        parts.append("\n".join(_warning_lines(choices)))
    if counts:
        parts.append(", ".join(f"{number} {status.lower()}" for status, number in counts.items()))
    if overrides:
        parts.append(f"    hstdriz-study {' '.join(printable(' '.join(overrides)).split())}")
    parts.append("Report, table of points and figures are among the artifacts of this run.")
    return "\n\n".join(filter(None, parts))


def _warning_lines(choices: Sequence[Mapping[str, Any]]) -> list[str]:
    return [
        f"- ⚠ {choice.get('filter')}: {plain(joined(warning))}"
        for choice in choices
        for warning in choice.get("warnings", ())
    ]


def _choice_lines(choices: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = ["| filter | final_scale | final_pixfrac | why |", "|:--|--:|--:|:--|"]
    for choice in choices:
        name, reason = choice.get("filter"), cell(why(choice))
        if choice.get("final_scale_arcsec") is None:
            lines.append(f"| {name} | none | none | {reason} |")
            continue
        scale = scale_text(choice["final_scale_arcsec"])
        pixfrac = choice.get("final_pixfrac")
        lines.append(f"| {name} | **{scale}** | **{pixfrac}** | {reason} |")
    return lines


def _chosen(choice: Mapping[str, Any]) -> str:
    if choice.get("final_scale_arcsec") is None:
        return f"{choice.get('filter')}: no choice"
    pixfrac = choice.get("final_pixfrac")
    words = f"{choice.get('filter')}: {scale_text(choice['final_scale_arcsec'])}"
    return words if pixfrac is None else f"{words}, pixfrac {pixfrac:g}"


def why(choice: Mapping[str, Any]) -> str:
    """Return the reason of a choice, or why there is none."""
    return joined(choice.get("reason") or choice.get("cannot_choose") or "")


def joined(text: Any) -> str:
    """Return sentences as one text."""
    return " ".join(map(str, text)) if isinstance(text, (list, tuple)) else str(text)
