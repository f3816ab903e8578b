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

from hstdriz_study.choose.margin import Margin, margin_between
from hstdriz_study.choose.points import DEPTH, FWHM, label, metric_of
from hstdriz_study.choose.ranking import SHALLOWER, WIDER
from hstdriz_study.choose.rules.contest import hold_contest
from hstdriz_study.choose.rules.reasons import in_short, why_chosen, why_not
from hstdriz_study.choose.screen import screen
from hstdriz_study.choose.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.handbook import HandbookPick
    from hstdriz_study.config import ChooseConfig
    from hstdriz_study.contracts import PointRecord


def practically_sharpest(
    records: Sequence[PointRecord],
    config: ChooseConfig,
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
    screening = screen(records, config)
    if not screening.admissible:
        return screening.refusal
    contest = hold_contest(screening.admissible, config)
    why_not_others = why_not(contest)
    rest = [record for record in screening.admissible if record is not contest.chosen]
    second = hold_contest(rest, config).chosen if rest else None
    return Verdict(
        chosen=contest.chosen,
        reasons=why_chosen(contest),
        short_reason=in_short(contest),
        sharpest=contest.sharpest,
        fwhm_tolerance_arcsec=contest.fwhm_tolerance(contest.chosen),
        depth_tolerance_mag=contest.depth_tolerance(contest.chosen),
        rejected=screening.rejected | why_not_others,
        runner_up=second,
        margin=None
        if second is None
        else _margin(contest.chosen, second, why_not_others[second.key].stage),
    )


def _margin(chosen: PointRecord, second: PointRecord, stage: str) -> Margin:
    """Compare in what the runner-up was rejected for; in FWHM when a tie-break decided."""
    metric = DEPTH if stage == SHALLOWER.worse else FWHM
    criterion = SHALLOWER if stage == SHALLOWER.worse else WIDER
    return margin_between(
        metric_of(chosen, metric), metric_of(second, metric), criterion, label(second)
    )
