"""The deepest image of point sources that does not widen the PSF beyond a limit.

Depth in a fixed aperture rises as drops grow, because larger drops lose less
of each exposure's information to uneven weights, while the PSF widens. Without
a limit on the FWHM the rule would run to the corner of the grid, and without
the limit on pixels per FWHM to undersampled images.

Source: the depth is the usual 5-sigma limit of empty apertures; the limits are
this project's and, for the sampling, the DrizzlePac Handbook's (at least two
pixels per FWHM).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.dominance import thrift
from hstdriz_study.choose.limits import demand_growth_limit
from hstdriz_study.choose.margin import SHALLOWER
from hstdriz_study.choose.points import DEPTH, FWHM, RMS_OVER_MEDIAN, metric_of, preference
from hstdriz_study.choose.ranking import Ranking, decide_by, sharpest_first
from hstdriz_study.choose.rule import Rule
from hstdriz_study.choose.words.aims import faintest_sources
from hstdriz_study.choose.words.ranking import told_by

if TYPE_CHECKING:
    from hstdriz_study.choose.points import Order
    from hstdriz_study.choose.rule_of_thumb import HandbookPick
    from hstdriz_study.choose.screen import Screening
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.verdict import Verdict
    from hstdriz_study.contracts import PointRecord


def _decide(
    screening: Screening,
    settings: ChoiceSettings,
    handbook: HandbookPick,  # noqa: ARG001  every rule has the same signature
) -> Verdict:
    """Choose the admissible point with the faintest 5-sigma limit that no other beats.

    Points within ``depth_tolerance_mag`` of it (or ``paired_sigma`` paired
    sigma) are practically equal; of those, the sharpest.
    """
    ranking = _by_depth(screening, settings, thrift(screening.records))
    return decide_by(ranking, screening.without_dominated())


def _by_depth(screening: Screening, settings: ChoiceSettings, order: Order) -> Ranking:
    scores = {record.key: metric_of(record, DEPTH) for record in screening.admissible}
    tolerance, n_sigma = settings.depth_tolerance_mag, settings.paired_sigma
    return Ranking(scores, SHALLOWER, tolerance, n_sigma, sharpest_first(order), screening.sigma)


def _earlier(screening: Screening, settings: ChoiceSettings) -> PointRecord:
    """Return what the rule of version 0.0 took: also a point that another beats."""
    return _by_depth(screening, settings, preference).winner(screening.admissible)


DEEPEST = Rule(
    name="deepest",
    takes="the faintest 5-sigma depth; of practically equal points the sharpest",
    source="the usual 5-sigma limit of empty apertures",
    held_back_by="FWHM at most 10 % above the sharpest; at least 2 pixels per FWHM",
    decide=_decide,
    words=told_by(faintest_sources),
    needs=(FWHM, DEPTH),
    ranks_by=(FWHM, DEPTH),
    own={"max_fwhm_growth": 0.1},
    check=demand_growth_limit,
    looks_at=(RMS_OVER_MEDIAN,),
    earlier=_earlier,
)
