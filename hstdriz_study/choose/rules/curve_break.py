"""The pixfrac at which the curve of RMS/median against pixfrac changes its slope.

At a small pixfrac the weight map is uneven and grows smoother fast as drops
grow; beyond some pixfrac little more is gained. The break is the position of
the kink of the continuous two-segment line that fits the curve best (least
squares, position free between the second and the last but one swept pixfrac).
It counts only where the curve falls before it and at most half as steeply
after it. Its error is the scatter of the same fit to the bootstrap replicates.

The scale is the swept one nearest to two pixels per PSF of 1.22 lambda / D: as
in the source, the scale comes first and the pixfrac after it. No star is
needed.

Source: STScI's notebook 'Optimizing the Image Sampling' (hst_notebooks,
DrizzlePac) and its base, Avila et al. (2015, ACS ISR 2015-01), which judge the
curve by eye; the fit is this project's. The limit on RMS/median, for which it stands in,
does not apply.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.choose.limits import LIMITS_OF_RULE
from hstdriz_study.choose.margin import Criterion, derived
from hstdriz_study.choose.points import (
    RMS_OVER_MEDIAN,
    finished,
    metric_of,
    settings_of,
    value,
)
from hstdriz_study.choose.ranking import SMOOTHEST, Ranking, decide_by
from hstdriz_study.choose.screen import screen
from hstdriz_study.choose.verdict import Rejected, Verdict
from hstdriz_study.choose.wording import with_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.handbook import HandbookPick
    from hstdriz_study.config import ChooseConfig
    from hstdriz_study.contracts import Metric, PointRecord

MIN_PIXFRACS = 5  # one more than the fit has parameters
PIXFRAC_STEP = 0.01  # a tenth of a usual sweep's
MAX_SLOPE_RATIO = 0.5
EQUAL_PIXFRAC = 1e-6  # rounding: a break half-way between two pixfracs is a tie
N_LINE = 3  # parameters of a two-segment line with a given kink
FURTHER = Criterion("distance of pixfrac from the break", "further")


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


def break_of_curve(
    records: Sequence[PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> Verdict:
    """Choose the pixfrac nearest to the break, at the scale nearest to the handbook's.

    Pixfracs that the error of the break cannot tell apart (``paired_sigma``)
    are practically equal; of those, the largest.
    """
    screening = screen(
        records, config, needed=(RMS_OVER_MEDIAN,), keys=LIMITS_OF_RULE["curve_break"]
    )
    if not screening.admissible:
        return screening.refusal
    broken = [curve for curve in _curves(records) if curve.pixfrac_of_break is not None]
    usable = [
        (curve, on_curve)
        for curve in broken
        if (on_curve := _among(screening.admissible, curve.records))
    ]
    if not usable:
        return screening.refuse(
            "The curve of RMS/median against pixfrac has no break at any scale: it needs at least "
            f"{MIN_PIXFRACS} pixfracs with EXP weights at one scale, a fall, and at most half the "
            "slope after it; sweep more pixfracs, from 0.1 to 1.",
            "no break in the curve",
        )
    curve, candidates = min(
        usable,
        key=lambda item: (
            abs(math.log(item[0].scale_arcsec / handbook.final_scale_arcsec)),
            -item[0].scale_arcsec,
            item[1][0].key,
        ),
    )
    found = curve.measured_break
    ranking = Ranking(
        _distances(candidates, found), FURTHER, EQUAL_PIXFRAC, config.paired_sigma, SMOOTHEST
    )
    aim = (
        f"At {curve.scale_arcsec:.4g}\", of the scales with a break the nearest to the handbook's "
        f'{handbook.final_scale_arcsec:.4g}", RMS/median changes its slope at pixfrac '
        f"{with_error(found)}."
    )
    verdict = decide_by(ranking, replace(screening, admissible=candidates), aim)
    return replace(
        verdict,
        sharpest=None,
        reasons=(*verdict.reasons, _elsewhere(broken, curve)),
        short_reason=f"RMS/median changes its slope at pixfrac {with_error(found)}",
        rejected=verdict.rejected | _off_curve(screening.admissible, candidates, curve),
    )


def _among(
    records: Sequence[PointRecord], others: Sequence[PointRecord]
) -> tuple[PointRecord, ...]:
    keys = {record.key for record in others}
    return tuple(record for record in records if record.key in keys)


def _curves(records: Sequence[PointRecord]) -> list[Curve]:
    groups: dict[tuple[float, str, str], dict[float, PointRecord]] = {}
    for record in finished(records):
        point = settings_of(record)
        if point.final_wht_type == "EXP" and math.isfinite(value(record, RMS_OVER_MEDIAN)):
            rotation = str(record.settings.get("final_rot"))
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


def _distances(candidates: Sequence[PointRecord], found: Metric) -> dict[str, Metric]:
    def distance_from(pixfrac: float) -> Metric:
        return derived(lambda parts: np.abs(parts[0] - pixfrac), [found])

    return {r.key: distance_from(settings_of(r).final_pixfrac) for r in candidates}


def _elsewhere(broken: Sequence[Curve], curve: Curve) -> str:
    said = [
        f'{other.pixfrac_of_break:.2f} at {other.scale_arcsec:.4g}"'
        for other in broken
        if other is not curve
    ]
    start = (
        "At the other scales the break is at " + ", ".join(said)
        if said
        else ("No other scale has a break")
    )
    return f"{start}. The measured width played no part."


def _off_curve(
    admissible: Sequence[PointRecord], candidates: Sequence[PointRecord], curve: Curve
) -> dict[str, Rejected]:
    reason = (
        f'not on the curve at {curve.scale_arcsec:.4g}", the swept scale nearest to the '
        "handbook's with a break"
    )
    off = {record.key for record in admissible} - {record.key for record in candidates}
    return dict.fromkeys(off, Rejected("further", reason))
