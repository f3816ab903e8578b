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

from hstdriz_study.choose.limits import judged, opposite_limit
from hstdriz_study.choose.points import FWHM, RMS_OVER_MEDIAN
from hstdriz_study.choose.ranking import LESS_UNIFORM, SHARPEST, Ranking, decide_by
from hstdriz_study.choose.screen import screen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.handbook import HandbookPick
    from hstdriz_study.choose.verdict import Verdict
    from hstdriz_study.config import ChooseConfig
    from hstdriz_study.contracts import PointRecord


def flattest_weights(
    records: Sequence[PointRecord],
    config: ChooseConfig,
    handbook: HandbookPick,  # noqa: ARG001  every rule has the same signature
) -> Verdict:
    """Choose the admissible point with the smallest RMS/median of the weight map.

    Points within the fraction ``rms_tolerance`` of it (or ``paired_sigma``
    paired sigma) are practically equal; of those, the sharpest.

    Raises
    ------
    ChoiceError
        If ``max_fwhm_growth`` is not set.
    """
    limit = opposite_limit(config, "uniform_noise")
    screening = screen(records, config, needed=(FWHM, RMS_OVER_MEDIAN))
    if not screening.admissible:
        return screening.refusal
    scores = {r.key: judged(r, records, RMS_OVER_MEDIAN) for r in screening.admissible}
    flattest = min(score.value for score in scores.values())
    ranking = Ranking(
        scores, LESS_UNIFORM, config.rms_tolerance * flattest, config.paired_sigma, SHARPEST
    )
    return decide_by(ranking, screening, f"The flattest weight map with {limit}.")
