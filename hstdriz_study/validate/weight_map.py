"""Weight maps foreseen from geometry and flags against those that AstroDrizzle drizzles."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hstdriz_study.config import dataset_settings, drizzle_settings, prepare_settings
from hstdriz_study.dataset import load_exposures
from hstdriz_study.drizzle import drizzle
from hstdriz_study.measure import cut_weight_tiles, lay_weight_boxes, weight_spread
from hstdriz_study.measure.patches import cut
from hstdriz_study.prepare import prepare_filter
from hstdriz_study.study.foresee import foresee_prepared, foresee_raw, weight_boxes_of
from hstdriz_study.validate.rows import Claims

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.config import StudyConfig
    from hstdriz_study.contracts import PreparedFilter
    from hstdriz_study.dataset import FilterExposures
    from hstdriz_study.measure import WeightSpread
    from hstdriz_study.predict import WeightBoxes
    from hstdriz_study.validate.checks import CheckContext
    from hstdriz_study.validate.rows import Row

CLAIMS = Claims("weight map", "AstroDrizzle's final step (EXP weights), in the same boxes")
_FILTERS = ("f160w", "f814w", "uvis_f814w")
_SCALE_RATIOS = (0.5, 0.65)
_PIXFRACS = (0.4, 0.8)
_SAME = 1e-5
_FORESEEN = 0.03


@dataclass(frozen=True)
class Foreseen:
    """One point's weight map: drizzled, and foreseen with and without prepared exposures."""

    name: str
    scale_arcsec: float
    pixfrac: float
    drizzled: WeightSpread
    from_flags: WeightSpread
    from_geometry: WeightSpread


def check(context: CheckContext) -> list[Row]:
    """Foresee and drizzle four points each of up to three detectors."""
    names = [name for name in _FILTERS if name in context.options.filters]
    found = [
        point
        for name in names
        for point in _foreseen(replace(context.of_filter(name), workers=context.n_processes))
    ]
    return [row for point in found for row in foreseen_rows(point)]


def foreseen_rows(point: Foreseen) -> list[Row]:
    """Judge one point."""
    where = f'{point.name}, {point.scale_arcsec:.4g}", pixfrac {point.pixfrac:g}'
    expected = point.drizzled.rms_over_median
    return [
        CLAIMS.near(
            f"{where}: RMS/median foreseen from flags and shifts",
            point.from_flags.rms_over_median,
            expected,
            _SAME * expected,
            reason="the same kernel on the same weights: single precision",
        ),
        CLAIMS.near(
            f"{where}: RMS/median foreseen before preparing",
            point.from_geometry.rms_over_median,
            expected,
            _FORESEEN,
            reason="an allowance stands in for cosmic rays, drawn at the handbook's rate and not "
            "at that of the set",
        ),
    ]


def _foreseen(config: StudyConfig) -> list[Foreseen]:
    found = load_exposures(dataset_settings(config))
    prepared = prepare_filter(prepare_settings(config), found)
    native = config.filter.native_scale_arcsec
    points = [
        replace(
            config,
            drizzle=replace(
                config.drizzle, final_scale=round(native * ratio, 4), final_pixfrac=pixfrac
            ),
        )
        for ratio, pixfrac in itertools.product(_SCALE_RATIOS, _PIXFRACS)
    ]
    boxes = weight_boxes_of(prepared, config)
    with TemporaryDirectory(prefix="hstdriz-validate-") as scratch:
        measure = partial(_drizzled, prepared, found, boxes, Path(scratch) / "log")
        drizzled = [measure(point) for point in points]
    return _together(
        points,
        drizzled,
        [one.spread for one in foresee_prepared(points, prepared, boxes, found.reference_dirs)],
        [one.spread for one in foresee_raw(points, found)],
    )


def _together(
    points: Sequence[StudyConfig],
    drizzled: Sequence[WeightSpread],
    from_flags: Sequence[WeightSpread],
    from_geometry: Sequence[WeightSpread],
) -> list[Foreseen]:
    return [
        Foreseen(point.filter.name, point.drizzle.final_scale, pixfrac or 1.0, *spreads)
        for point, *spreads in zip(points, drizzled, from_flags, from_geometry, strict=True)
        for pixfrac in (point.drizzle.final_pixfrac,)
    ]


def _drizzled(
    prepared: PreparedFilter,
    found: FilterExposures,
    boxes: WeightBoxes,
    log_file: Path,
    point: StudyConfig,
) -> WeightSpread:
    product = drizzle(
        prepared, drizzle_settings(point), reference_dirs=found.reference_dirs, log_file=log_file
    )
    stack, sizes = lay_weight_boxes(
        boxes.centers, boxes.side_arcsec, product.wcs, product.final_scale_arcsec,
        product.wht.shape,
    )  # fmt: skip
    return weight_spread(cut_weight_tiles(cut(product.wht, stack), sizes))
