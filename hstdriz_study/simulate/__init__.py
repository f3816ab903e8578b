"""From a specification to simulated HST exposures on which DrizzlePac runs unchanged.

Exposures are made in seconds, offline, from numbers alone: published distortion
and photometric coefficients, the telescope's pupil and a seed.
"""

from hstdriz_study.simulate.bands import BANDS, DEFAULT_FILTERS
from hstdriz_study.simulate.generate import generate_filter, render_noiseless
from hstdriz_study.simulate.spec import SyntheticSpec

__all__ = ["BANDS", "DEFAULT_FILTERS", "SyntheticSpec", "generate_filter", "render_noiseless"]
