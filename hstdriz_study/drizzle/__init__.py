"""From prepared exposures and settings to drizzled pixels, by one of two engines.

``drizzle`` is AstroDrizzle itself; `drizzle_frame` and `BoxInputs` are the fast engine on a
whole frame and on boxes of it.
"""

from hstdriz_study.drizzle.astrodrizzle import drizzle
from hstdriz_study.drizzle.boxes import BoxInputs
from hstdriz_study.drizzle.frame import drizzle_frame
from hstdriz_study.drizzle.grid import grid_wcs, output_grid
from hstdriz_study.drizzle.input_weights import Weighting, exposure_weighting, weighting

__all__ = [
    "BoxInputs",
    "Weighting",
    "drizzle",
    "drizzle_frame",
    "exposure_weighting",
    "grid_wcs",
    "output_grid",
    "weighting",
]
