"""What an image is for: each goal is a rule with its limits, ``goal=NAME`` on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Goal:
    """A use of the image, and the keys of ``choose`` that serve it.

    Attributes
    ----------
    why : str
        What this use needs most, and what it must not lose.
    settings : mapping of str to value
        Rule and limits, as in the configuration.
    """

    why: str
    settings: Mapping[str, Any]


GOALS: dict[str, Goal] = {
    "default": Goal(
        "as sharp and as deep as the data allow, then smooth and small",
        {"rule": "default", "max_fwhm_growth": None, "min_pixels_per_fwhm": 2.0},
    ),
    "point_sources": Goal(
        "the faintest stars; sharpness may give way by a tenth, sampling may not",
        {"rule": "deepest", "max_fwhm_growth": 0.1, "min_pixels_per_fwhm": 2.0},
    ),
    # DrizzlePac Handbook: 2 to 2.5 pixels per PSF; shapes want the upper end, because coarse
    # pixels alias the PSF (Rhodes et al. 2007, ApJS 172, 203).
    "lensing": Goal(
        "uniform weights and well-sampled shapes; the PSF may hardly widen",
        {"rule": "uniform_noise", "max_fwhm_growth": 0.05, "min_pixels_per_fwhm": 2.5},
    ),
    "morphology": Goal(
        "structure near the resolution and faint outskirts alike: the balance of both",
        {"rule": "pareto_knee", "max_fwhm_growth": 0.1, "min_pixels_per_fwhm": 2.0},
    ),
    "photometry": Goal(
        "uniform noise inside apertures and along isophotes; sharpness may give way by a tenth",
        {"rule": "uniform_noise", "max_fwhm_growth": 0.1, "min_pixels_per_fwhm": 2.0},
    ),
}


def goal_settings(name: str) -> dict[str, Any]:
    """Return the keys of ``choose`` that a goal sets, its own name among them."""
    return {"goal": name, **GOALS[name].settings}
