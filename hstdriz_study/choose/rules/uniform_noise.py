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

from hstdriz_study.choose.limits import demand_growth_limit
from hstdriz_study.choose.margin import LESS_UNIFORM
from hstdriz_study.choose.points import FWHM, RMS_OVER_MEDIAN
from hstdriz_study.choose.ranking import SHARPEST, Ranking, decide_by
from hstdriz_study.choose.rule import Rule
from hstdriz_study.choose.twins import judged
from hstdriz_study.choose.words.aims import flattest_weights
from hstdriz_study.choose.words.ranking import told_by

if TYPE_CHECKING:
    from hstdriz_study.choose.rule_of_thumb import HandbookPick
    from hstdriz_study.choose.screen import Screening
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.verdict import Verdict


def _decide(
    screening: Screening,
    settings: ChoiceSettings,
    handbook: HandbookPick,  # noqa: ARG001  every rule has the same signature
) -> Verdict:
    """Choose the admissible point with the smallest RMS/median of the weight map.

    Points within the fraction ``rms_tolerance`` of it (or ``paired_sigma``
    paired sigma) are practically equal; of those, the sharpest.
    """
    scores = {
        record.key: judged(record, screening.records, RMS_OVER_MEDIAN)
        for record in screening.admissible
    }
    flattest = min(score.value for score in scores.values())
    tolerance = settings.rms_tolerance * flattest
    ranking = Ranking(scores, LESS_UNIFORM, tolerance, settings.paired_sigma, SHARPEST)
    return decide_by(ranking, screening)


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
)
