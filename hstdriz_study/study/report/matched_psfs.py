"""From the numbers of matched PSFs to a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hstdriz_study.choose.words.numbers import percent
from hstdriz_study.study.directory.formats import Kind, read_stored
from hstdriz_study.text_table import NONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hstdriz_study.study.directory.layout import StudyDirectory

MATCHING_HEADS = (
    "filter",
    "pixfrac",
    'PSF FWHM (")',
    'matched (")',
    "growth",
    "residual",
    "pixel noise",
    "aperture noise",
    "light in aperture",
    "depth lost (mag)",
)


def matching_told(study_dir: StudyDirectory) -> dict[str, Any] | None:
    """Return what the page says of matching the PSFs of all filters; None when it was not done."""
    path = study_dir.psf_matching
    if not path.is_file():
        return None
    content = read_stored(path, Kind.MATCHING)
    return {
        "scale": content["final_scale_arcsec"],
        "broadest": content["broadest"],
        "heads": MATCHING_HEADS,
        "rows": [_row(one) for one in content["filters"]],
        "others": ", ".join(content["on_other_pixels"]),
    }


def _row(one: Mapping[str, Any]) -> tuple[str, ...]:
    start = (one["filter"], f"{one['final_pixfrac']:g}", f"{one['fwhm_arcsec']:.4f}")
    if "kernel" not in one:
        return (*start, *[NONE] * (len(MATCHING_HEADS) - len(start)))
    return (
        *start,
        f"{one['matched_fwhm_arcsec']:.4f}",
        percent(one["fwhm_growth"]),
        percent(one["residual"]),
        f"{one['pixel_noise']:.2f}",
        f"{one['aperture_noise']:.2f}",
        f"{one['aperture_light']:.2f}",
        f"{one['depth_lost_mag']:+.2f}",
    )
