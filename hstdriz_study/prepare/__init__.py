"""From raw exposures to prepared ones: everything that does not depend on the output grid."""

from hstdriz_study.prepare.alignment import (
    fitted_solutions,
    tweakreg_options,
    updatewcs_options,
)
from hstdriz_study.prepare.cosmic_rays import cosmic_ray_options
from hstdriz_study.prepare.dithers import dither_table
from hstdriz_study.prepare.flags import near_saturated, star_core_flagged_fraction
from hstdriz_study.prepare.prepare import bad_flag, prepare_filter

__all__ = [
    "bad_flag",
    "cosmic_ray_options",
    "dither_table",
    "fitted_solutions",
    "near_saturated",
    "prepare_filter",
    "star_core_flagged_fraction",
    "tweakreg_options",
    "updatewcs_options",
]
