"""The pixfrac at which the curve of RMS/median against pixfrac changes its slope.

At a small pixfrac the weight map is uneven and grows smoother fast as drops
grow; beyond some pixfrac little more is gained. How the break is found stands in
`hstdriz_study.choose.curve`.

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
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.choose.curve import Broken, NoBreak, OffCurve, curves_of
from hstdriz_study.choose.limits import HOLE_LIMIT
from hstdriz_study.choose.margin import Criterion
from hstdriz_study.choose.points import RMS_OVER_MEDIAN, BySettings, settings_of
from hstdriz_study.choose.ranking import SMOOTHEST, Ranking, decide_by
from hstdriz_study.choose.rule import Rule
from hstdriz_study.choose.words.aims import break_told
from hstdriz_study.contracts import derived

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.curve import Curve
    from hstdriz_study.choose.rule_of_thumb import HandbookPick
    from hstdriz_study.choose.screen import Screening
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.verdict import Rejected, Verdict
    from hstdriz_study.contracts import Metric, PointRecord

EQUAL_PIXFRAC = 1e-6  # rounding: a break half-way between two pixfracs is a tie
FURTHER = Criterion("distance of pixfrac from the break", "further")


def _decide(screening: Screening, settings: ChoiceSettings, handbook: HandbookPick) -> Verdict:
    """Choose the pixfrac nearest to the break, at the scale nearest to the handbook's.

    Pixfracs that the error of the break cannot tell apart (``paired_sigma``)
    are practically equal; of those, the largest.
    """
    broken = [c for c in curves_of(screening.records) if c.pixfrac_of_break is not None]
    usable = [
        (curve, on_curve)
        for curve in broken
        if (on_curve := _among(screening.admissible, curve.records))
    ]
    if not usable:
        return screening.refuse(NoBreak())
    curve, on_curve = min(
        usable,
        key=lambda item: (
            abs(math.log(item[0].scale_arcsec / handbook.final_scale_arcsec)),
            -item[0].scale_arcsec,
            BySettings(item[1][0]),
        ),
    )
    found = curve.measured_break
    ranking = Ranking(
        _distances(on_curve, found), FURTHER, EQUAL_PIXFRAC, settings.paired_sigma, SMOOTHEST
    )
    verdict = decide_by(ranking, replace(screening, admissible=on_curve))
    others = tuple(other for other in broken if other is not curve)
    return replace(
        verdict,
        evidence=Broken(verdict.evidence, curve, found, others),
        sharpest=None,
        rejected={**verdict.rejected, **_off_curve(screening.admissible, on_curve, curve)},
    )


def _among(
    records: Sequence[PointRecord], others: Sequence[PointRecord]
) -> tuple[PointRecord, ...]:
    keys = {record.key for record in others}
    return tuple(record for record in records if record.key in keys)


def _distances(on_curve: Sequence[PointRecord], found: Metric) -> dict[str, Metric]:
    def distance_from(pixfrac: float) -> Metric:
        return derived(lambda parts: np.abs(parts[0] - pixfrac), [found])

    return {r.key: distance_from(settings_of(r).final_pixfrac) for r in on_curve}


def _off_curve(
    admissible: Sequence[PointRecord], on_curve: Sequence[PointRecord], curve: Curve
) -> dict[str, Rejected]:
    off = {record.key for record in admissible} - {record.key for record in on_curve}
    return dict.fromkeys(off, OffCurve(curve))


CURVE_BREAK = Rule(
    name="curve_break",
    takes=(
        "the pixfrac where RMS/median against pixfrac changes its slope, at the scale nearest to "
        "the handbook's"
    ),
    source=(
        "STScI's notebook 'Optimizing the Image Sampling'; Avila et al. 2015, ACS ISR 2015-01; the "
        "fit is this project's"
    ),
    held_back_by=("the break itself; holes ≤ 1e-4. Needs five pixfracs at one scale, and no star"),
    decide=_decide,
    words=break_told,
    needs=(RMS_OVER_MEDIAN,),
    limits=(HOLE_LIMIT,),
    scale_first=True,
)
