"""RMS/median of the weight map against pixfrac, and the pixfrac where its slope changes.

The break is the position of the kink of the continuous two-segment line that fits the
curve best (least squares, position free between the second and the last but one swept
pixfrac). It counts only where the curve falls before it and at most half as steeply
after it. Its error is the scatter of the same fit to the bootstrap replicates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.choose.points import (
    RMS_OVER_MEDIAN,
    finished,
    metric_of,
    settings_of,
    value,
)
from hstdriz_study.choose.verdict import Refusal, Rejected, Stage
from hstdriz_study.contracts import derived

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.ranking import Ranked
    from hstdriz_study.contracts import Metric, PointRecord

MIN_PIXFRACS = 5  # one more than the fit has parameters
PIXFRAC_STEP = 0.01  # a tenth of a usual sweep's
MAX_SLOPE_RATIO = 0.5
N_LINE = 3  # parameters of a two-segment line with a given kink


@dataclass(frozen=True)
class Curve:
    """RMS/median against pixfrac at one scale with one kernel."""

    scale_arcsec: float
    pixfracs: tuple[float, ...]
    records: tuple[PointRecord, ...]

    @cached_property
    def pixfrac_of_break(self) -> float | None:
        """The pixfrac of the break; None where there is none."""
        if len(self.records) < MIN_PIXFRACS:
            return None
        curve = np.array([value(record, RMS_OVER_MEDIAN) for record in self.records])
        kink = float(_kinks(self.pixfracs, curve))
        before, after = _slopes(self.pixfracs, curve, kink)
        return kink if before < 0 and abs(after) <= MAX_SLOPE_RATIO * abs(before) else None

    @property
    def measured_break(self) -> Metric:
        """The pixfrac of the break with its error and its replicates."""
        return derived(
            lambda parts: _kinks(self.pixfracs, np.stack(parts, axis=-1)),
            [metric_of(record, RMS_OVER_MEDIAN) for record in self.records],
        )


@dataclass(frozen=True)
class Broken:
    """Where the curve breaks at the scale that was taken, and at the others.

    Attributes
    ----------
    ranked : Ranked
        The points of the curve by their distance from the break.
    curve : Curve
    pixfrac : `~hstdriz_study.contracts.Metric`
        Of the break.
    elsewhere : tuple of Curve
        Those that break too.
    """

    ranked: Ranked
    curve: Curve
    pixfrac: Metric
    elsewhere: tuple[Curve, ...]


@dataclass(frozen=True)
class NoBreak(Refusal):
    """The curve has no break at any scale."""


@dataclass(frozen=True)
class OffCurve(Rejected):
    """It is not on the curve at the scale that was taken."""

    stage = Stage.FURTHER
    curve: Curve


def curves_of(records: Sequence[PointRecord]) -> list[Curve]:
    """Return the curves of the measured points with EXP weights, one a scale and kernel."""
    groups: dict[tuple[float, str, str], dict[float, PointRecord]] = {}
    for record in finished(records):
        point = settings_of(record)
        if point.final_wht_type == "EXP" and math.isfinite(value(record, RMS_OVER_MEDIAN)):
            rotation = str(record.settings.final_rot)
            group = groups.setdefault((point.final_scale_arcsec, point.final_kernel, rotation), {})
            group[point.final_pixfrac] = record
    return [
        Curve(key[0], tuple(sorted(group)), tuple(group[pixfrac] for pixfrac in sorted(group)))
        for key, group in sorted(groups.items(), key=lambda item: item[0])
        if all(math.isfinite(number) for number in (key[0], *group))
    ]


def _kinks(pixfracs: tuple[float, ...], curves: np.ndarray) -> np.ndarray:
    """Return the kink of the best two-segment line of each curve, for (..., n) values."""
    positions, bases = _hinges(pixfracs)
    # The line that explains most of a curve leaves least of it.
    explained = (curves @ bases).reshape(*curves.shape[:-1], len(positions), N_LINE)
    return positions[np.argmax(np.sum(explained**2, axis=-1), axis=-1)]


@lru_cache(maxsize=64)
def _hinges(pixfracs: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return positions of a kink, (T,), and bases of the lines with a kink there, (n, 3 T)."""
    x = np.array(pixfracs)
    number = max(2, round((x[-2] - x[1]) / PIXFRAC_STEP) + 1)
    positions = np.linspace(x[1], x[-2], number)
    return positions, np.hstack([np.linalg.qr(_design(x, kink))[0] for kink in positions])


def _design(x: np.ndarray, kink: float) -> np.ndarray:
    return np.column_stack([np.ones_like(x), x, np.maximum(x - kink, 0.0)])


def _slopes(pixfracs: Sequence[float], curve: np.ndarray, kink: float) -> tuple[float, float]:
    """Return the slopes before and after the kink of the best two-segment line."""
    fitted, *_ = np.linalg.lstsq(_design(np.array(pixfracs), kink), curve, rcond=None)
    return float(fitted[1]), float(fitted[1] + fitted[2])
