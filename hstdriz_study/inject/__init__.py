"""From prepared exposures to copies of them with artificial stars.

The copies are prepared exposures again, so that every engine drizzles them as it does the
user's own: same WCS, flags, sky and weights.
"""

from hstdriz_study.inject.brightness import Brightness, brightness
from hstdriz_study.inject.copies import copy_of_stars_alone, copy_with_stars
from hstdriz_study.inject.model import PsfModel, psf_model

__all__ = [
    "Brightness",
    "PsfModel",
    "brightness",
    "copy_of_stars_alone",
    "copy_with_stars",
    "psf_model",
]
