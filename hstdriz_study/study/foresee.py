"""From the points of one filter to their weight maps, foreseen before or after preparing."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.config import drizzle_settings, native_settings, prepare_settings
from hstdriz_study.drizzle import weighting
from hstdriz_study.errors import StudyError
from hstdriz_study.study.ivm import ivm_files
from hstdriz_study.workers import cores

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hstdriz_study.config import PredictConfig, StudyConfig
    from hstdriz_study.contracts import DrizzleSettings, PreparedFilter
    from hstdriz_study.dataset import FilterExposures
    from hstdriz_study.drizzle import Weighting
    from hstdriz_study.predict import PredictedWeight, WeightBoxes
    from hstdriz_study.study.filter_setup import FilterSetup
    from hstdriz_study.study.point import StudyPoint

log = logging.getLogger(__name__)


def foresee_raw(points: Sequence[StudyConfig], found: FilterExposures) -> list[PredictedWeight]:
    """Predict from the user's exposures as they are, with an allowance for cosmic rays."""
    from hstdriz_study.predict import (
        CosmicRayAllowance,
        predict_weights,
        sketch_filter,
        unflagged_weighting,
    )

    first = points[0]
    rate = first.filter.cosmic_ray_rate
    allowance = CosmicRayAllowance(rate.pixel_fraction_per_1000s, rate.pixels_per_hit)
    with tempfile.TemporaryDirectory(prefix="hstdriz-preview-") as scratch:
        preparing = prepare_settings(first)
        sketch = sketch_filter(found, allowance, Path(scratch), preparing, seed=first.predict.seed)
        tell(first.filter.name, sketch.warnings)
        return predict_weights(
            sketch,
            weight_boxes_of(sketch, first),
            [drizzle_settings(point) for point in points],
            unflagged_weighting,
            n_processes=_n_processes(first),
        )


def weight_boxes_of(prepared: PreparedFilter, config: StudyConfig) -> WeightBoxes:
    """Choose the boxes that a study of these exposures measures the weight map in."""
    from hstdriz_study.predict import choose_weight_boxes

    measuring = config.measure
    return choose_weight_boxes(
        prepared,
        native_settings(config),
        area_arcsec2=measuring.weight_area_arcsec2,
        seed=measuring.seed,
    )


def tell(name: str, warnings: Sequence[str]) -> None:
    """Log what a user should know of the exposures of a filter."""
    for warning in warnings:
        log.warning("%s: warning: %s", name, warning)


def foresee_prepared(
    points: Sequence[StudyConfig],
    prepared: PreparedFilter,
    boxes: WeightBoxes,
    reference_dirs: Mapping[str, Path],
) -> list[PredictedWeight]:
    """Predict from prepared exposures, with their real flags and shifts."""
    # here as everywhere in this module: most studies foresee nothing
    from hstdriz_study.predict import predict_weights

    settings = [drizzle_settings(point) for point in points]
    maps = {
        one: ivm_files(point, prepared.exposures)
        for one, point in zip(settings, points, strict=True)
    }

    def weighting_of(one: DrizzleSettings) -> Weighting:
        return weighting(prepared, one, reference_dirs=reference_dirs, ivm_files=maps[one])

    return predict_weights(
        prepared, boxes, settings, weighting_of, n_processes=_n_processes(points[0])
    )


def hopeless_points(
    points: Sequence[StudyPoint], setups: Mapping[str, FilterSetup | StudyError]
) -> list[tuple[StudyPoint, str]]:
    """Find the points whose weight map will break a limit, each with the reason.

    Only points of a configuration with ``predict.skip`` are looked at.

    Parameters
    ----------
    points : sequence of `~hstdriz_study.study.point.StudyPoint`
    setups : mapping of str to `FilterSetup` or `StudyError`
        By filter; those of a filter that could not be prepared are left to fail.
    """
    found: list[tuple[StudyPoint, str]] = []
    for name, setup in setups.items():
        asked = [p for p in points if p.config.filter.name == name and p.config.predict.skip]
        if isinstance(setup, StudyError) or not asked:
            continue
        for point, weight in zip(asked, _foresee_in_study(asked, setup), strict=True):
            reason = _beyond(weight, point.config.predict)
            if reason is not None:
                found.append((point, reason))
    return found


def _foresee_in_study(points: Sequence[StudyPoint], setup: FilterSetup) -> list[PredictedWeight]:
    """Predict in the boxes in which the study measures."""
    from hstdriz_study.predict import WeightBoxes

    log.info("%s: foreseeing the weight map of %d points", setup.prepared.name, len(points))
    boxes = WeightBoxes(setup.regions.weight_boxes, setup.regions.weight_box_arcsec)
    configs = [point.config for point in points]
    return foresee_prepared(configs, setup.prepared, boxes, setup.reference_dirs)


def _beyond(foreseen: PredictedWeight, limits: PredictConfig) -> str | None:
    spread = foreseen.spread
    found = (
        ("RMS/median", spread.rms_over_median, "max_rms_over_median", limits.max_rms_over_median),
        ("hole fraction", spread.hole_fraction, "max_hole_fraction", limits.max_hole_fraction),
    )
    broken = [
        f"{name} {value:.3g} is above predict.{key}={limit:g}"
        for name, value, key, limit in found
        if value > limit
    ]
    return f"not run: in the weight map foreseen, {' and '.join(broken)}" if broken else None


def _n_processes(config: StudyConfig) -> int:
    return cores() if config.workers is None else config.workers
