"""From raw exposures to prepared ones: everything that does not depend on the output grid."""

from hstdriz_study.prepare.dithers import dither_table
from hstdriz_study.prepare.flags import near_saturated, star_core_flagged_fraction
from hstdriz_study.prepare.prepare import bad_flag, prepare_filter
from hstdriz_study.prepare.settings import AlignTo, PrepareSettings
from hstdriz_study.prepare.wcs import replaced_solutions

__all__ = [
    "AlignTo",
    "PrepareSettings",
    "bad_flag",
    "dither_table",
    "near_saturated",
    "prepare_filter",
    "replaced_solutions",
    "star_core_flagged_fraction",
]
