"""From a PSF that was drizzled through the settings of a point to a FITS file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

from hstdriz_study.whole_files import written_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.contracts import PreparedFilter
    from hstdriz_study.field.drizzled_psf import DrizzledPsf
    from hstdriz_study.study.products.cards import Card


def write_psf(
    drizzled: DrizzledPsf,
    guess_arcsec: float,
    prepared: PreparedFilter,
    of_point: Sequence[Card],
    path: Path,
) -> None:
    """Write the stamp, its spread over the positions, and these.

    Parameters
    ----------
    drizzled : `~hstdriz_study.field.drizzled_psf.DrizzledPsf`
    guess_arcsec : float
        About the FWHM.
    prepared : `~hstdriz_study.contracts.PreparedFilter`
    of_point : sequence of tuple
        Keyword, value and comment of what the settings are.
    path : `~pathlib.Path`
    """
    stamp = drizzled.stamp
    header = fits.Header()
    header.extend(of_point)
    for key, value, comment in (
        ("BUNIT", "", "none, the sum inside PSFNORM is 1"),
        ("ORIENTAT", drizzled.grid.orientation_deg, "[deg] position angle of the y axis"),
        ("PSFNORM", stamp.radius_arcsec, "[arcsec] unit sum inside, 0 outside this radius"),
        ("PSFLIGHT", drizzled.model.energy_inside(stamp.radius_arcsec),
         "part of all light inside PSFNORM (model)"),
        ("PSFFWHM", stamp.fwhm_arcsec(guess_arcsec), "[arcsec] half-maximum width as delivered"),
        ("PSFEE50", stamp.energy_radius_arcsec(0.5), "[arcsec] holds 50 % of the unit sum"),
        ("PSFEE80", stamp.energy_radius_arcsec(0.8), "[arcsec] holds 80 % of the unit sum"),
        ("PSFSTARS", stamp.n_stars, "positions that were averaged"),
        ("NEXPOSUR", len(prepared.exposures), "exposures drizzled"),
        ("PREPARED", prepared.key, "key of the prepared exposures"),
    ):  # fmt: skip
        header[key] = (value, comment)
    header["COMMENT"] = f"PSF: {drizzled.model.description}."
    header["COMMENT"] = (
        "Drizzled with the exposures' own WCS, flags and weights onto the product's grid; the star "
        "is at the centre of the middle pixel. Extension SPREAD: standard deviation over the "
        "positions of extension STARS, which fall on different phases of the detector pixels."
    )
    hdus = fits.HDUList(
        [
            fits.PrimaryHDU(stamp.values.astype(np.float32), header),
            fits.ImageHDU(stamp.spread.astype(np.float32), name="SPREAD"),
            fits.BinTableHDU(drizzled.stars["id", "ra", "dec"], name="STARS"),
        ]
    )
    with written_whole(path) as stream:
        hdus.writeto(stream)
