"""From aligned exposures to ones whose cosmic rays are flagged (DQ bit 4096), and the check of it.

AstroDrizzle writes the flags only in its final step, so one is run, as cheap
as it can be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits

from hstdriz_study.errors import DrizzleError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.config import StudyConfig

COSMIC_RAY_BIT = 4096
# Half side, in native pixels, of the star core inside which a flag costs photometry.
CORE_HALF_SIDE_PX = 1

# No display, nothing kept beside the product, and no multiprocessing of its own: that is slower
# here and dies inside workers.
COMMON_OPTIONS: dict[str, Any] = {
    "build": True,
    "clean": True,
    "preserve": False,
    "num_cores": 1,
}


def cosmic_ray_options(config: StudyConfig) -> dict[str, Any]:
    """Return AstroDrizzle's keywords for steps 1 to 6, static mask to cosmic rays."""
    rays = config.filter.cosmic_rays
    return {
        "resetbits": COSMIC_RAY_BIT,
        "static": True,
        "skysub": True,
        "skymethod": config.prepare.skymethod,
        "driz_separate": True,
        "driz_sep_bits": config.prepare.driz_sep_bits,
        "median": True,
        "combine_type": rays.combine_type,
        "blot": True,
        "driz_cr": True,
        "driz_cr_snr": rays.driz_cr_snr,
        "driz_cr_scale": rays.driz_cr_scale,
    }


def flag_cosmic_rays(names: Sequence[str], config: StudyConfig, directory: Path) -> None:
    """Measure the sky and flag cosmic rays in the files, in place.

    Raises
    ------
    DrizzleError
        If AstroDrizzle fails.
    """
    from drizzlepac.astrodrizzle import AstroDrizzle

    cheap_final = {"final_wcs": True, "final_kernel": "point", "final_scale": 1.0, "context": False}
    options = COMMON_OPTIONS | cosmic_ray_options(config) | cheap_final
    try:
        AstroDrizzle(list(names), output="prepare", **options)
    except Exception as error:
        raise DrizzleError(
            f"filter={config.filter.name}: AstroDrizzle failed while flagging cosmic rays "
            f"({type(error).__name__}: {error})"
        ) from error
    products = list(directory.glob("prepare_dr?.fits"))
    if not products:
        raise DrizzleError(
            f"filter={config.filter.name}: AstroDrizzle made no product while flagging cosmic "
            "rays; its log says why"
        )
    for product in products:
        product.unlink()


def star_core_flagged_fraction(
    exposures: Sequence[Path], ra_deg: np.ndarray, dec_deg: np.ndarray
) -> float:
    """Measure which part of the star-core pixels is flagged as cosmic rays.

    Cosmic rays hit a few pixels in ten thousand; a larger part among star
    cores means that ``driz_cr`` takes the stars themselves for cosmic rays,
    which widens the PSF and loses flux.

    Parameters
    ----------
    exposures : sequence of `~pathlib.Path`
        Prepared exposures.
    ra_deg, dec_deg : 1D `~numpy.ndarray`
        Positions of the stars, degrees.

    Returns
    -------
    float
        Flagged fraction of the 3 x 3 native pixels around every star in every
        exposure; nan without stars.
    """
    from stwcs.wcsutil import HSTWCS

    flagged = total = 0
    for path in exposures:
        with fits.open(path) as hdus:
            for dq in (hdu for hdu in hdus if hdu.name == "DQ"):
                wcs = HSTWCS(hdus, ("SCI", dq.ver))
                x, y = wcs.all_world2pix(ra_deg, dec_deg, 0, quiet=True)
                mask = (dq.data & COSMIC_RAY_BIT) > 0
                flagged_here, total_here = _count_in_cores(mask, x, y)
                flagged += flagged_here
                total += total_here
    return flagged / total if total else float("nan")


def _count_in_cores(mask: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[int, int]:
    step = np.arange(-CORE_HALF_SIDE_PX, CORE_HALF_SIDE_PX + 1)
    columns = np.rint(x).astype(int)[:, None, None] + step[None, None, :]
    rows = np.rint(y).astype(int)[:, None, None] + step[None, :, None]
    rows, columns = np.broadcast_arrays(rows, columns)
    inside = (rows >= 0) & (rows < mask.shape[0]) & (columns >= 0) & (columns < mask.shape[1])
    return int(mask[rows[inside], columns[inside]].sum()), int(inside.sum())
