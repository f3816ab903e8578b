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

from hstdriz_study.choose.limits import opposite_limit
from hstdriz_study.choose.points import DEPTH, FWHM, metric_of
from hstdriz_study.choose.ranking import SHALLOWER, SHARPEST, Ranking, decide_by
from hstdriz_study.choose.screen import screen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.handbook import HandbookPick
    from hstdriz_study.choose.verdict import Verdict
    from hstdriz_study.config import ChooseConfig
    from hstdriz_study.contracts import PointRecord


def deepest_point_sources(
    records: Sequence[PointRecord],
    config: ChooseConfig,
    handbook: HandbookPick,  # noqa: ARG001  every rule has the same signature
) -> Verdict:
    """Choose the admissible point with the faintest 5-sigma limit.

    Points within ``depth_tolerance_mag`` of it (or ``paired_sigma`` paired
    sigma) are practically equal; of those, the sharpest.

    Raises
    ------
    ChoiceError
        If ``max_fwhm_growth`` is not set.
    """
    limit = opposite_limit(config, "deepest")
    screening = screen(records, config, needed=(FWHM, DEPTH))
    if not screening.admissible:
        return screening.refusal
    scores = {record.key: metric_of(record, DEPTH) for record in screening.admissible}
    ranking = Ranking(scores, SHALLOWER, config.depth_tolerance_mag, config.paired_sigma, SHARPEST)
    aim = (
        f"The faintest point sources with {limit} and at least "
        f"{config.min_pixels_per_fwhm:g} pixels per FWHM."
    )
    return decide_by(ranking, screening, aim)
