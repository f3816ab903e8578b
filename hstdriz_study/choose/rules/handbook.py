"""The rule of thumb: two pixels per PSF of 1.22 lambda / D, and the limits on the weight map.

Source: the DrizzlePac Handbook (Gonzaga et al. 2012; chapters on choosing
final_scale and final_pixfrac), which asks for 2 to 2.5 pixels per PSF, a
pixfrac slightly above the ratio of the scales, and RMS/median of the weight
map below 0.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.limits import WEIGHT_LIMITS
from hstdriz_study.choose.rule import Rule
from hstdriz_study.choose.rule_of_thumb import FurtherFromPick, HandbookPick, by_nearness
from hstdriz_study.choose.verdict import Verdict
from hstdriz_study.choose.words.aims import nearest_told

if TYPE_CHECKING:
    from hstdriz_study.choose.screen import Screening
    from hstdriz_study.choose.settings import ChoiceSettings


def _decide(
    screening: Screening,
    settings: ChoiceSettings,  # noqa: ARG001  every rule has the same signature
    handbook: HandbookPick,
) -> Verdict:
    """Choose the point nearest to the handbook's pick that keeps the weight map's limits.

    The measured width plays no part, so this rule works without any star.
    """
    chosen, *others = by_nearness(screening.admissible, handbook)
    further = FurtherFromPick(chosen, handbook)
    return Verdict(
        chosen,
        evidence=chosen,
        rejected=screening.rejected | dict.fromkeys((record.key for record in others), further),
    )


HANDBOOK = Rule(
    name="handbook",
    takes=(
        "the swept point nearest to 2 pixels per 1.22 λ/D, pixfrac just above the ratio of scales"
    ),
    source="DrizzlePac Handbook (Gonzaga et al. 2012)",
    held_back_by="the same; the measured width plays no part",
    decide=_decide,
    words=nearest_told,
    needs=(),
    limits=WEIGHT_LIMITS,
)
