"""What each rule aims at and says of its own, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.curve import Broken, OffCurve
from hstdriz_study.choose.points import label, settings_of
from hstdriz_study.choose.rule_of_thumb import FurtherFromPick
from hstdriz_study.choose.words.faults import growth_said
from hstdriz_study.choose.words.numbers import with_error
from hstdriz_study.choose.words.ranking import ranking_reasons
from hstdriz_study.choose.words.rejections import why_not
from hstdriz_study.choose.words.told import Told

if TYPE_CHECKING:
    from hstdriz_study.choose.ranking import Ranked
    from hstdriz_study.choose.rule_of_thumb import HandbookPick
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.verdict import Verdict
    from hstdriz_study.contracts import PointRecord


def flattest_weights(_: Ranked, settings: ChoiceSettings) -> str:
    """Say what `uniform_noise` aims at."""
    return f"The flattest weight map with {growth_said(settings)}."


def faintest_sources(_: Ranked, settings: ChoiceSettings) -> str:
    """Say what `deepest` aims at."""
    return (
        f"The faintest point sources with {growth_said(settings)} and at least "
        f"{settings.min_pixels_per_fwhm:g} pixels per FWHM."
    )


def knee(ranked: Ranked, _: ChoiceSettings) -> str:
    """Say what `pareto_knee` aims at."""
    return (
        "The knee of the trade-off of FWHM, depth and RMS/median: of the "
        f"{ranked.n_candidates} points no other beats in all three, the nearest to the "
        "best of each."
    )


def smallest_score(_: Ranked, settings: ChoiceSettings) -> str:
    """Say what `weighted` aims at."""
    weights = settings.weights_above_zero.items()
    said = ", ".join(f"{weight:g} on {metric}" for metric, weight in weights)
    return f"The smallest score under the weights {said}, each in its spread."


def nearest_told(verdict: Verdict, _: ChoiceSettings, handbook: HandbookPick) -> Told:
    """Say why a point is what the rule of thumb would take."""
    chosen: PointRecord = verdict.evidence
    why = (
        f'1.22 lambda / D = {handbook.psf_arcsec:.4f}" at {handbook.wavelength_nm:g} nm, so two '
        f'pixels per PSF are {handbook.final_scale_arcsec:.4g}". Of the points that keep the '
        "weight map's limits this has the nearest scale and, there, "
        f"{_which_pixfrac(chosen, handbook)}."
    )
    return Told("nearest to the handbook's pick", (why, "The measured width played no part."))


@why_not.register(FurtherFromPick)
def _further(rejected: FurtherFromPick) -> str:
    target = f'{rejected.pick.final_scale_arcsec:.4g}"'
    return f"further than {label(rejected.chosen)} from the handbook's {target} and its pixfrac"


def _which_pixfrac(chosen: PointRecord, handbook: HandbookPick) -> str:
    point = settings_of(chosen)
    ratio = min(1.0, point.final_scale_arcsec / handbook.native_scale_arcsec)
    if point.final_pixfrac < ratio:
        return f"the largest pixfrac, for all are below the ratio of the scales, {ratio:.2f}"
    return "the smallest pixfrac not below the ratio of the scales"


def break_told(verdict: Verdict, _: ChoiceSettings, handbook: HandbookPick) -> Told:
    """Say where the curve changes its slope."""
    found: Broken = verdict.evidence
    slope = f"RMS/median changes its slope at pixfrac {with_error(found.pixfrac)}"
    aim = (
        f'At {found.curve.scale_arcsec:.4g}", of the scales with a break the nearest to the '
        f"handbook's {handbook.final_scale_arcsec:.4g}\", {slope}."
    )
    return Told(slope, (*ranking_reasons(found.ranked, aim), _elsewhere(found)))


@why_not.register(OffCurve)
def _off_curve(rejected: OffCurve) -> str:
    return (
        f'not on the curve at {rejected.curve.scale_arcsec:.4g}", the swept scale nearest to the '
        "handbook's with a break"
    )


def _elsewhere(found: Broken) -> str:
    said = [
        f'{other.pixfrac_of_break:.2f} at {other.scale_arcsec:.4g}"' for other in found.elsewhere
    ]
    where = f"At the other scales the break is at {', '.join(said)}"
    return f"{where if said else 'No other scale has a break'}. The measured width played no part."
