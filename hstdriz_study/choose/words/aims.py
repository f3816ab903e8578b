"""What each rule that ranks aims at, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.words.faults import growth_said

if TYPE_CHECKING:
    from hstdriz_study.choose.ranking import Ranked
    from hstdriz_study.choose.settings import ChoiceSettings


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
        f"{len(ranked.ranking.scores)} points no other beats in all three, the nearest to the "
        "best of each."
    )


def smallest_score(_: Ranked, settings: ChoiceSettings) -> str:
    """Say what `weighted` aims at."""
    said = ", ".join(
        f"{weight:g} on {metric}" for metric, weight in settings.weights_above_zero.items()
    )
    return f"The smallest score under the weights {said}, each in its spread."
