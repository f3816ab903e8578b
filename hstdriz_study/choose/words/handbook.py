"""The sentences of the rule ``handbook``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.points import label, settings_of
from hstdriz_study.choose.rule_of_thumb import FurtherFromPick
from hstdriz_study.choose.words.rejections import why_not
from hstdriz_study.choose.words.told import Told

if TYPE_CHECKING:
    from hstdriz_study.choose.rule_of_thumb import HandbookPick
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.verdict import Verdict
    from hstdriz_study.contracts import PointRecord


def nearest_told(
    verdict: Verdict,
    settings: ChoiceSettings,  # noqa: ARG001  every rule's words have the same signature
    handbook: HandbookPick,
) -> Told:
    """Say why a point is what the rule of thumb would take."""
    chosen: PointRecord = verdict.evidence
    why = (
        f'1.22 lambda / D = {handbook.psf_arcsec:.4f}" at {handbook.wavelength_nm:g} nm, so two '
        f"pixels per PSF are {_target(handbook)}. Of the points that keep the weight map's limits "
        f"this has the nearest scale and, there, {_which_pixfrac(chosen, handbook)}."
    )
    return Told("nearest to the handbook's pick", (why, "The measured width played no part."))


@why_not.register(FurtherFromPick)
def _further(rejected: FurtherFromPick) -> str:
    target = _target(rejected.pick)
    return f"further than {label(rejected.chosen)} from the handbook's {target} and its pixfrac"


def _target(handbook: HandbookPick) -> str:
    return f'{handbook.final_scale_arcsec:.4g}"'


def _which_pixfrac(chosen: PointRecord, handbook: HandbookPick) -> str:
    point = settings_of(chosen)
    ratio = min(1.0, point.final_scale_arcsec / handbook.native_scale_arcsec)
    if point.final_pixfrac < ratio:
        return f"the largest pixfrac, for all are below the ratio of the scales, {ratio:.2f}"
    return "the smallest pixfrac not below the ratio of the scales"
