"""The weight maps of a study before it runs: ``hstdriz-study preview``."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from hstdriz_study.field import Field
from hstdriz_study.names import free_path
from hstdriz_study.predict import weight_maps, weight_table
from hstdriz_study.study.config import (
    choice_settings,
    drizzle_settings,
    field_options,
    points_told,
    without_part,
)
from hstdriz_study.study.fetching import fetch_exposures
from hstdriz_study.study.report import weight_preview_figure
from hstdriz_study.study.run.aligned_to import aligned_to_other
from hstdriz_study.whole_files import ELSEWHERE, require_writable, written_here
from hstdriz_study.workers import cores

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.contracts import DrizzleSettings
    from hstdriz_study.predict import PredictedWeight
    from hstdriz_study.study.config import StudyConfig

log = logging.getLogger(__name__)


def preview_study(points: Sequence[StudyConfig], directory: Path) -> None:
    """Predict the weight map of every point; print tables and draw one map a filter.

    Parameters
    ----------
    points : sequence of `~hstdriz_study.study.config.StudyConfig`
        The validated configuration of every point of a sweep.
    directory : `~pathlib.Path`
        Receives ``weight_preview_<filter>.png``, or ``…-2.png`` and so on where there is one.

    Raises
    ------
    StudyError
        If the exposures cannot be used, or a figure cannot be written: of a directory in which
        none can before any work.
    """
    for told in without_part(points):
        log.info("%s", told)
    require_writable(directory, ELSEWHERE)
    points = fetch_exposures(points)
    by_filter: dict[str, list[StudyConfig]] = {}
    for point in points:
        by_filter.setdefault(point.filter.name, []).append(point)
    for name, of_filter in by_filter.items():
        first = aligned_to_other(of_filter[0], points)
        _preview_filter(name, [first, *of_filter[1:]], directory)


def _preview_filter(name: str, points: Sequence[StudyConfig], directory: Path) -> None:
    first, settings = points[0], [drizzle_settings(point) for point in points]
    field, foresee = Field(field_options(first)), _BASES[first.predict.exposures]
    _tell(name, field.exposure_warnings)
    predicted, how = foresee(field, settings, first.workers or cores())
    basis = f"{points_told(points).words}; {how}"
    sys.stdout.write(f"{name}: {basis}\n\n")
    for number, weight_map in enumerate(weight_maps(name, predicted)):
        suffix = f"_{number + 1}" if number else ""
        path = free_path(directory / f"weight_preview_{name}{suffix}.png")
        with written_here(path):
            weight_preview_figure(weight_map, choice_settings(first.choose), basis, path)
        sys.stdout.write(f"{weight_table(weight_map)}\n\nmap: {path.name}\n\n")


def _tell(name: str, warnings: Sequence[str]) -> None:
    for warning in warnings:
        log.warning("%s: warning: %s", name, warning)


def _raw(
    field: Field, settings: Sequence[DrizzleSettings], n_processes: int
) -> tuple[list[PredictedWeight], str]:
    prepare = field.options.prepare
    wcs = "after updatewcs" if prepare.updatewcs else f"of the files ({prepare.wcs})"
    fraction = field.options.sketch.allowance.pixel_fraction_per_1000s
    basis = (
        f"{len(field.exposures.exposures)} exposures before preparing: WCS {wcs}, no alignment, "
        f"{100 * fraction:g} % of the pixels in 1000 s allowed for cosmic rays"
    )
    return field.predict_weights_unprepared(settings, n_processes), basis


def _prepared(
    field: Field, settings: Sequence[DrizzleSettings], n_processes: int
) -> tuple[list[PredictedWeight], str]:
    n_exposures = len(field.exposures.exposures)
    _tell(field.name, field.prepared.warnings)
    basis = f"{n_exposures} prepared exposures: real flags and shifts, no allowance"
    return field.predict_weights(settings, n_processes), basis


_BASES = {"raw": _raw, "prepared": _prepared}
