"""Noise correlation R: the formula against the published values, the measurement against both."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.measure import analytic_correlation
from hstdriz_study.measure.correlation import correlation_reach, measured_correlation
from hstdriz_study.measure.resample import bootstrap_metric, resample_counts
from hstdriz_study.validate.many import each
from hstdriz_study.validate.published import published
from hstdriz_study.validate.rows import Claims, Row
from hstdriz_study.validate.white_noise import blank_sky, even_offsets

if TYPE_CHECKING:
    from hstdriz_study.contracts import Metric
    from hstdriz_study.validate.context import CheckContext

FAMILY = "noise correlation R"
_PIXFRACS = (0.4, 0.6, 0.8, 1.0)
_SCALE_RATIOS = (0.5, 0.6, 0.8, 1.0)
_N_DITHERS_SIDE = 8
_N_BOXES = 196
_SIDE_PX = 28
_N_RESAMPLES = 200
_ROUNDING = 6e-4
# Even 64 dithers leave weights that differ from pixel to pixel, by 2 % where drops are small.
_UNEVEN = 0.01
_N_SIGMA = 3.0


def check(context: CheckContext) -> list[Row]:
    """Compare R with Fruchter & Hook over scale ratio x pixfrac."""
    table = published("correlated_noise")
    known = {(float(row["scale_ratio"]), float(row["pixfrac"])): float(row["R"]) for row in table}
    claims = Claims(FAMILY, table.meta["source"])
    grid = sorted({*known, *((ratio, frac) for ratio in _SCALE_RATIOS for frac in _PIXFRACS)})
    measure = partial(_measured, context.options.seed)
    found = dict(zip(grid, each(measure, grid, context.n_processes), strict=True))
    return [formula_row(claims, point, value) for point, value in known.items()] + [
        measured_row(claims, point, found[point], known.get(point)) for point in grid
    ]


def formula_row(claims: Claims, point: tuple[float, float], value: float) -> Row:
    """Compare the program's formula with a published value."""
    return claims.near(
        f"formula at {_words(point)}",
        analytic_correlation(point[1], point[0]),
        value,
        _ROUNDING,
        reason="published with three decimals",
    )


def measured_row(
    claims: Claims, point: tuple[float, float], found: Metric, value: float | None
) -> Row:
    """Compare R measured on drizzled white noise with the published or the formula's value."""
    expected = analytic_correlation(point[1], point[0]) if value is None else value
    return claims.near(
        f"measured at {_words(point)}" + (", published" if value is not None else ", closed form"),
        found.value,
        expected,
        _UNEVEN * expected + _N_SIGMA * found.err,
        reason=f"{_N_SIGMA:g} errors of {found.err:.3f}, and 1 % because the formula takes the "
        f"weights as even and {_N_DITHERS_SIDE**2} dithers are not quite",
    )


def _words(point: tuple[float, float]) -> str:
    return f"scale ratio {point[0]:g}, pixfrac {point[1]:g}"


def _measured(seed: int, point: tuple[float, float]) -> Metric:
    """Measure R on white noise drizzled with many even dithers."""
    ratio, pixfrac = point
    rng = np.random.default_rng([seed, round(1e4 * ratio), round(1e4 * pixfrac)])
    sky = blank_sky(
        even_offsets(_N_DITHERS_SIDE, rng), pixfrac=pixfrac, scale_ratio=ratio, side_px=_SIDE_PX,
        n_boxes=_N_BOXES, rng=rng,
    )  # fmt: skip
    boxes = np.array([patch.sci for patch in sky])
    counts = resample_counts(len(boxes), _N_RESAMPLES, seed)
    rows = np.concatenate([np.ones((1, len(boxes))), counts])
    values = measured_correlation(boxes, correlation_reach(pixfrac, ratio), rows)
    return bootstrap_metric(values[0], values[1:], len(boxes))
