"""The default rule: practically as sharp and as deep as the best, then smooth for its size.

FWHM falls with final_scale and with final_pixfrac all the way, so the sharpest
point within the limits is always a point at a limit. The rule therefore asks
which points are *practically equal* to the sharpest and takes of those the
one that pays least for it: the smallest product of RMS/median and number of
pixels. docs/choosing.md argues for the product. No point is taken that another
admissible one beats in everything (`~hstdriz_study.choose.dominance`).

Source: this project's; the limits are those of the DrizzlePac Handbook
(RMS/median of the weight map below 0.2, at least two pixels per FWHM).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.contest import hold_contest, why_not
from hstdriz_study.choose.dominance import thrift
from hstdriz_study.choose.points import DEPTH, FWHM, RMS_OVER_MEDIAN, preference
from hstdriz_study.choose.rule import Rule
from hstdriz_study.choose.verdict import Verdict
from hstdriz_study.choose.words.contest import contest_told

if TYPE_CHECKING:
    from hstdriz_study.choose.rule_of_thumb import HandbookPick
    from hstdriz_study.choose.screen import Screening
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.contracts import PointRecord


def _decide(
    screening: Screening,
    settings: ChoiceSettings,
    handbook: HandbookPick,  # noqa: ARG001  every rule has the same signature
) -> Verdict:
    """Choose among the admissible points that are practically the sharpest.

    1. Admissible: every limit is kept and every value it needs is finite.
    2. Not beaten: no other admissible point is as good in FWHM, RMS/median, depth
       and number of pixels, and better in one.
    3. Practically as sharp: FWHM within ``fwhm_tolerance`` of the sharpest
       such point, or within ``paired_sigma`` paired sigma if larger.
    4. Practically as deep: of those, depth within ``depth_tolerance_mag`` (or
       the same number of paired sigma) of the deepest. A point without a
       depth is kept: depth may only reject a point that is shown to be
       shallower.
    5. The smallest product of RMS/median and number of pixels.
    """
    front = screening.without_dominated()
    contest = hold_contest(front, settings, thrift(screening.records))
    others = why_not(contest, front.dominated)
    return Verdict(
        chosen=contest.chosen,
        evidence=contest,
        sharpest=contest.sharpest,
        fwhm_tolerance_arcsec=contest.fwhm_tolerance(contest.chosen),
        depth_tolerance_mag=contest.depth_tolerance(contest.chosen),
        rejected=screening.rejected | others,
    )


def _earlier(screening: Screening, settings: ChoiceSettings) -> PointRecord:
    """Return what the rule of version 0.0 took: the largest pixfrac, then the coarsest scale."""
    return hold_contest(screening, settings, preference).chosen


DEFAULT = Rule(
    name="default",
    takes=(
        "of the points practically as sharp as the sharpest and as deep as the deepest of those, "
        "the one with the smallest product of RMS/median and number of pixels"
    ),
    source="this project; limits of the DrizzlePac Handbook",
    held_back_by="RMS/median ≤ 0.2, holes ≤ 1e-4, at least 2 pixels per FWHM",
    decide=_decide,
    words=contest_told,
    needs=(FWHM,),
    looks_at=(DEPTH, RMS_OVER_MEDIAN),
    ranks_by=(FWHM, DEPTH),
    earlier=_earlier,
)
