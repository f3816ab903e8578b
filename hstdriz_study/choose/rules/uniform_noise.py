"""The flattest weight map that does not widen the PSF beyond a limit.

For weak lensing and surface photometry, where noise that changes from pixel to
pixel biases shapes and isophotes. Weights grow flatter with pixfrac and with
scale all the way, so that without a limit on the FWHM the rule would always
take the corner of the grid.

Source: the criterion is the DrizzlePac Handbook's RMS/median of the weight map
(Gonzaga et al. 2012), taken as the aim and not as a limit. For weak lensing
with ACS, Rhodes et al. (2007, ApJS 172, 203) found a drop of 0.8 input pixels
on an output grid finer than the detector's (0.03 arcsec) to alias the PSF
least. The limit on FWHM growth is this project's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.dominance import thrift
from hstdriz_study.choose.limits import demand_growth_limit
from hstdriz_study.choose.margin import LESS_UNIFORM
from hstdriz_study.choose.points import DEPTH, FWHM, RMS_OVER_MEDIAN, preference
from hstdriz_study.choose.ranking import Ranking, decide_by, sharpest_first
from hstdriz_study.choose.rule import Rule
from hstdriz_study.choose.twins import judged
from hstdriz_study.choose.words.aims import flattest_weights
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
    """Choose the admissible point with the smallest RMS/median that no other beats.

    Points within the fraction ``rms_tolerance`` of it (or ``paired_sigma``
    paired sigma) are practically equal; of those, the sharpest.
    """
    ranking = _by_evenness(screening, settings, thrift(screening.records))
    return decide_by(ranking, screening.without_dominated())


def _by_evenness(screening: Screening, settings: ChoiceSettings, order: Order) -> Ranking:
    scores = {
        record.key: judged(record, screening.records, RMS_OVER_MEDIAN)
        for record in screening.admissible
    }
    tolerance = settings.rms_tolerance * min(score.value for score in scores.values())
    n_sigma, tie_break = settings.paired_sigma, sharpest_first(order)
    return Ranking(scores, LESS_UNIFORM, tolerance, n_sigma, tie_break, screening.sigma)


def _earlier(screening: Screening, settings: ChoiceSettings) -> PointRecord:
    """Return what the rule of version 0.0 took: also a point that another beats."""
    return _by_evenness(screening, settings, preference).winner(screening.admissible)


UNIFORM_NOISE = Rule(
    name="uniform_noise",
    takes="the smallest RMS/median; of practically equal points the sharpest",
    source=(
        "the Handbook's RMS/median as the aim and not as a limit; Rhodes et al. 2007 for lensing"
    ),
    held_back_by="FWHM at most 10 % above the sharpest (`max_fwhm_growth`)",
    decide=_decide,
    words=told_by(flattest_weights),
    needs=(FWHM, RMS_OVER_MEDIAN),
    ranks_by=(RMS_OVER_MEDIAN, FWHM),
    own={"max_fwhm_growth": 0.1},
    check=demand_growth_limit,
    looks_at=(DEPTH,),
    earlier=_earlier,
)
