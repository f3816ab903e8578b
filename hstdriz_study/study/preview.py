"""The weight maps of a study before it runs: ``hstdriz-study preview``."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from hstdriz_study.config import (
    choice_settings,
    dataset_settings,
    drizzle_settings,
    points_told,
    prepare_settings,
    without_part,
)
from hstdriz_study.dataset import dataset_warnings, load_exposures
from hstdriz_study.errors import StudyError
from hstdriz_study.predict import weight_maps, weight_table
from hstdriz_study.prepare import prepare_filter
from hstdriz_study.report import weight_preview_figure
from hstdriz_study.study.foresee import foresee_prepared, foresee_raw, tell, weight_boxes_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.config import StudyConfig
    from hstdriz_study.dataset import FilterExposures
    from hstdriz_study.predict import PredictedWeight

log = logging.getLogger(__name__)


def preview_study(points: Sequence[StudyConfig], directory: Path) -> None:
    """Predict the weight map of every point; print tables and draw one map a filter.

    Parameters
    ----------
    points : sequence of `~hstdriz_study.config.StudyConfig`
        The validated configuration of every point of a sweep.
    directory : `~pathlib.Path`
        Receives ``weight_preview_<filter>.png``.

    Raises
    ------
    StudyError
        If the exposures cannot be used, or a figure cannot be written.
    """
    for told in without_part(points):
        log.info("%s", told)
    by_filter: dict[str, list[StudyConfig]] = {}
    for point in points:
        by_filter.setdefault(point.filter.name, []).append(point)
    for name, of_filter in by_filter.items():
        _preview_filter(name, of_filter, directory)


def _preview_filter(name: str, points: Sequence[StudyConfig], directory: Path) -> None:
    asked = dataset_settings(points[0])
    found = load_exposures(asked)
    tell(name, dataset_warnings(asked, found))
    predicted, how = _BASES[points[0].predict.exposures](points, found)
    basis = f"{points_told(points).words}; {how}"
    sys.stdout.write(f"{name}: {basis}\n\n")
    settings = [drizzle_settings(point) for point in points]
    for number, weights in enumerate(weight_maps(name, settings, predicted)):
        suffix = f"_{number + 1}" if number else ""
        path = directory / f"weight_preview_{name}{suffix}.png"
        try:
            weight_preview_figure(weights, choice_settings(points[0].choose), basis, path)
        except OSError as error:
            raise StudyError(
                f"{path}: cannot be written ({error.strerror or error}); run from a directory of "
                "your own"
            ) from error
        title = f"{weights.variant}\n" if weights.variant else ""
        sys.stdout.write(f"{title}{weight_table(weights)}\n\nmap: {path.name}\n\n")


def _raw(
    points: Sequence[StudyConfig], found: FilterExposures
) -> tuple[list[PredictedWeight], str]:
    first = points[0]
    rate = first.filter.cosmic_ray_rate
    wcs = "after updatewcs" if first.prepare.updatewcs else "of the headers"
    basis = (
        f"{len(found.exposures)} exposures before preparing: WCS {wcs}, no alignment, "
        f"{100 * rate.pixel_fraction_per_1000s:g} % of the pixels in 1000 s allowed for cosmic rays"
    )
    return foresee_raw(points, found), basis


def _prepared(
    points: Sequence[StudyConfig], found: FilterExposures
) -> tuple[list[PredictedWeight], str]:
    first = points[0]
    prepared = prepare_filter(prepare_settings(first), found)
    tell(prepared.name, prepared.warnings)
    boxes = weight_boxes_of(prepared, first)
    basis = f"{len(found.exposures)} prepared exposures: real flags and shifts, no allowance"
    return foresee_prepared(points, prepared, boxes, found.reference_dirs), basis


_BASES = {"raw": _raw, "prepared": _prepared}
