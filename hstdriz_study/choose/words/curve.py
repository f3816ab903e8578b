"""The sentences of the rule ``curve_break``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.curve import Broken, OffCurve
from hstdriz_study.choose.words.numbers import with_error
from hstdriz_study.choose.words.ranking import ranking_reasons
from hstdriz_study.choose.words.rejections import why_not
from hstdriz_study.choose.words.told import Told

if TYPE_CHECKING:
    from hstdriz_study.choose.rule_of_thumb import HandbookPick
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.verdict import Verdict


def break_told(
    verdict: Verdict,
    settings: ChoiceSettings,  # noqa: ARG001  every rule's words have the same signature
    handbook: HandbookPick,
) -> Told:
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
    start = (
        f"At the other scales the break is at {', '.join(said)}"
        if said
        else "No other scale has a break"
    )
    return f"{start}. The measured width played no part."
