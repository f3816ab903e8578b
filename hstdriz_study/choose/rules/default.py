"""The default rule: practically as sharp and as deep as the best, then coarse and smooth.

FWHM falls with final_scale and with final_pixfrac all the way, so the sharpest
point within the limits is always a point at a limit. The rule therefore asks
which points are *practically equal* to the sharpest and takes of those the
one that pays least for it: the largest drop (smoothest weights), then the
coarsest grid (smallest files, least correlated noise).

Source: this project's; the limits are those of the DrizzlePac Handbook
(RMS/median of the weight map below 0.2, at least two pixels per FWHM).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.contest import hold_contest, why_not
from hstdriz_study.choose.margin import SHALLOWER, WIDER, Margin, margin_between
from hstdriz_study.choose.points import DEPTH, FWHM, metric_of
from hstdriz_study.choose.rule import Rule
from hstdriz_study.choose.verdict import Verdict, Worse
from hstdriz_study.choose.words.contest import contest_told

if TYPE_CHECKING:
    from hstdriz_study.choose.rule_of_thumb import HandbookPick
    from hstdriz_study.choose.screen import Screening
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.verdict import Rejected
    from hstdriz_study.contracts import PointRecord


def _decide(
    screening: Screening,
    settings: ChoiceSettings,
    handbook: HandbookPick,  # noqa: ARG001  every rule has the same signature
) -> Verdict:
    """Choose among the admissible points that are practically the sharpest.

    1. Admissible: every limit is kept and every value it needs is finite.
    2. Practically as sharp: FWHM within ``fwhm_tolerance`` of the sharpest
       admissible point, or within ``paired_sigma`` paired sigma if larger.
    3. Practically as deep: of those, depth within ``depth_tolerance_mag`` (or
       the same number of paired sigma) of the deepest. A point without a
       depth is kept: depth may only reject a point that is shown to be
       shallower.
    4. The largest pixfrac, then the coarsest scale.
    """
    contest = hold_contest(screening.admissible, settings, screening.sigma)
    others = why_not(contest)
    rest = [record for record in screening.admissible if record is not contest.chosen]
    second = hold_contest(rest, settings, screening.sigma).chosen if rest else None
    return Verdict(
        chosen=contest.chosen,
        evidence=contest,
        sharpest=contest.sharpest,
        fwhm_tolerance_arcsec=contest.fwhm_tolerance(contest.chosen),
        depth_tolerance_mag=contest.depth_tolerance(contest.chosen),
        rejected=screening.rejected | others,
        runner_up=second,
        margin=None if second is None else _margin(contest.chosen, second, others[second.key]),
    )


def _margin(chosen: PointRecord, second: PointRecord, rejected: Rejected) -> Margin:
    """Compare in what the runner-up was rejected for; in FWHM when a tie-break decided."""
    criterion = rejected.criterion if isinstance(rejected, Worse) else WIDER
    metric = DEPTH if criterion is SHALLOWER else FWHM
    return margin_between(metric_of(chosen, metric), metric_of(second, metric), criterion)


DEFAULT = Rule(
    name="default",
    takes=(
        "of the points practically as sharp as the sharpest and as deep as the deepest of those, "
        "the largest pixfrac, then the coarsest scale"
    ),
    source="this project; limits of the DrizzlePac Handbook",
    held_back_by="RMS/median ≤ 0.2, holes ≤ 1e-4, at least 2 pixels per FWHM",
    decide=_decide,
    words=contest_told,
    needs=(FWHM,),
    looks_at=(DEPTH,),
    ranks_by=(FWHM, DEPTH),
)
