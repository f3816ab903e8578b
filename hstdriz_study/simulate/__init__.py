"""From a specification to simulated HST exposures on which DrizzlePac runs unchanged.

Exposures are made in seconds, offline, from numbers alone: published distortion
and photometric coefficients, the telescope's pupil and a seed.
"""

from typing import TYPE_CHECKING

from lazy_loader import attach

from hstdriz_study.simulate.bands import BANDS, Band, band_of
from hstdriz_study.simulate.spec import SyntheticSpec

if TYPE_CHECKING:
    from hstdriz_study.simulate.generate import generate_filter, render_noiseless
else:
    __getattr__, *_ = attach(
        __name__, submod_attrs={"generate": ["generate_filter", "render_noiseless"]}
    )

__all__ = [
    "BANDS",
    "Band",
    "SyntheticSpec",
    "band_of",
    "generate_filter",
    "render_noiseless",
]
