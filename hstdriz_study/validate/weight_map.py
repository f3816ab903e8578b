"""Weight maps foreseen from geometry and flags against those that AstroDrizzle drizzles."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hstdriz_study.field import Field
from hstdriz_study.guard import temporary_directory
from hstdriz_study.measure import cut_weight_tiles, lay_weight_boxes, weight_spread
from hstdriz_study.measure.patches import cut
from hstdriz_study.validate.rows import Claims

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.contracts import DrizzleSettings
    from hstdriz_study.measure import WeightSpread
    from hstdriz_study.validate.context import CheckContext, SetOptions
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
        point for name in names for point in _foreseen(context.of_filter(name), context.n_processes)
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


def _foreseen(of_set: SetOptions, n_processes: int) -> list[Foreseen]:
    field = Field(of_set.field)
    points = [
        replace(
            of_set.drizzle,
            final_scale_arcsec=round(of_set.native_arcsec * ratio, 4),
            final_pixfrac=pixfrac,
        )
        for ratio, pixfrac in itertools.product(_SCALE_RATIOS, _PIXFRACS)
    ]
    with temporary_directory("validate") as scratch:
        drizzled = [_drizzled(field, point, scratch) for point in points]
    predicted = zip(
        field.predict_weights(points, n_processes),
        field.predict_weights_unprepared(points, n_processes),
        strict=True,
    )
    return [
        Foreseen(
            of_set.name, prepared.final_scale_arcsec, prepared.final_pixfrac,
            drizzled=spread, from_flags=prepared.spread, from_geometry=raw.spread,
        )
        for spread, (prepared, raw) in zip(drizzled, predicted, strict=True)
    ]  # fmt: skip


def _drizzled(field: Field, settings: DrizzleSettings, log_dir: Path) -> WeightSpread:
    product, boxes = field.image(settings, "astrodrizzle", log_dir), field.weight_boxes
    stack, sizes = lay_weight_boxes(
        boxes.centers, boxes.side_arcsec, product.wcs, product.final_scale_arcsec,
        product.wht.shape,
    )  # fmt: skip
    return weight_spread(cut_weight_tiles(cut(product.wht, stack), sizes))
