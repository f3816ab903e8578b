"""One scale for all filters, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.prices import Price, Unserved, Why
from hstdriz_study.choose.words.numbers import percent
from hstdriz_study.choose.words.verdicts import why_none

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hstdriz_study.choose.verdict import Refusal

NONE_SHARED = (
    "No final_scale is swept in every filter; give scales in arcsec, as study=common_scale does: "
    "native and psf/2 are another scale in each."
)
COARSEST = "Of the scales that are practically as cheap it is the coarsest."


def why_not_scale(unserved: Unserved) -> str:
    """Say why a scale is not the common one."""
    name, growth = unserved.filter, f"grows by {percent(unserved.growth)}"
    if unserved.refusal is not None:
        return f"{name} cannot choose there: {why_none(unserved.refusal)}"
    return {
        Why.NOT_SWEPT: f"{name} was not swept there",
        Why.NO_FWHM: f"the FWHM of {name} was not measured, so its price is not known",
        Why.COSTLIER: f"the FWHM of {name} {growth}",
        Why.FINER: f"the FWHM of {name} {growth}, practically equal, but the scale is finer",
    }[unserved.why]


def cannot_alone(name: str, refusal: Refusal) -> str:
    """Say that a filter cannot choose at any scale."""
    return f"{name} cannot choose by itself: {why_none(refusal)}"


def none_serves(rejected: Mapping[float, Unserved]) -> str:
    """Say that no scale serves all filters."""
    said = "; ".join(f'{scale:.4g}": {why_not_scale(why)}' for scale, why in rejected.items())
    return f"No scale serves all filters ({said})."


def paid(scale_arcsec: float, payer: Price) -> str:
    """Say what the filter pays that pays most."""
    growth = payer.fwhm_growth.value
    if growth > 0:
        return (
            f'At {scale_arcsec:.4g}" the filter that pays most is {payer.filter}: its FWHM is '
            f"{percent(growth)} larger than alone."
        )
    return f'At {scale_arcsec:.4g}" no filter has a larger FWHM than alone.'
