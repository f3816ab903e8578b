"""The rule of thumb: two pixels per PSF of 1.22 lambda / D, and the limits on the weight map.

Source: the DrizzlePac Handbook (Gonzaga et al. 2012; chapters on choosing
final_scale and final_pixfrac), which asks for 2 to 2.5 pixels per PSF, a
pixfrac slightly above the ratio of the scales, and RMS/median of the weight
map below 0.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.handbook import HandbookPick, nearest_point
from hstdriz_study.choose.limits import LIMITS_OF_RULE
from hstdriz_study.choose.points import label, settings_of
from hstdriz_study.choose.screen import screen
from hstdriz_study.choose.verdict import Rejected, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.config import ChooseConfig
    from hstdriz_study.contracts import PointRecord


def nearest_to_handbook(
    records: Sequence[PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> Verdict:
    """Choose the point nearest to the handbook's pick that keeps the weight map's limits.

    The measured width plays no part, so this rule works without any star.
    """
    screening = screen(records, config, needed=(), keys=LIMITS_OF_RULE["handbook"])
    chosen = nearest_point(screening.admissible, handbook)
    if chosen is None:
        return screening.refusal
    others = [record for record in screening.admissible if record is not chosen]
    target = f'{handbook.final_scale_arcsec:.4g}"'
    further = Rejected(
        "further", f"further than {label(chosen)} from the handbook's {target} and its pixfrac"
    )
    why = (
        f'1.22 lambda / D = {handbook.psf_arcsec:.4f}" at {handbook.wavelength_nm:g} nm, so two '
        f"pixels per PSF are {target}. Of the points that keep the weight map's limits this has "
        f"the nearest scale and, there, {_which_pixfrac(chosen, handbook)}."
    )
    return Verdict(
        chosen,
        reasons=(why, "The measured width played no part."),
        short_reason="nearest to the handbook's pick",
        rejected=screening.rejected | dict.fromkeys((record.key for record in others), further),
        runner_up=nearest_point(others, handbook),
    )


def _which_pixfrac(chosen: PointRecord, handbook: HandbookPick) -> str:
    point = settings_of(chosen)
    ratio = min(1.0, point.final_scale_arcsec / handbook.native_scale_arcsec)
    if point.final_pixfrac < ratio:
        return f"the largest pixfrac, for all are below the ratio of the scales, {ratio:.2f}"
    return "the smallest pixfrac not below the ratio of the scales"
