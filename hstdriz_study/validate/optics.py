"""Width and encircled energy of the simulated detectors against the handbooks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.optics.resolution import handbook_psf_arcsec
from hstdriz_study.validate.many import each
from hstdriz_study.validate.published import published
from hstdriz_study.validate.rows import Claims
from hstdriz_study.validate.star_image import delivered_star

if TYPE_CHECKING:
    from astropy.table import Table

    from hstdriz_study.simulate.bands import Band
    from hstdriz_study.validate.context import CheckContext
    from hstdriz_study.validate.rows import Row
    from hstdriz_study.validate.star_image import StarImage

FAMILY = "simulated optics"
_FWHM_ROUNDING_ARCSEC = 0.0005
_PSF_ROUNDING_ARCSEC = 0.0005
# Encircled energy: below this radius the published apertures hold a handful of whole pixels.
_MIN_RADIUS_PX = 2.0
_SMALL_TOLERANCE = 0.06
_NM_PER_UM = 1e3


def check(context: CheckContext) -> list[Row]:
    """Compare the stars of each simulated filter, as the detector samples them."""
    names = context.options.filters
    bands = [context.of_filter(name).band for name in names]
    return [row for rows in each(_rows, bands, context.n_processes) for row in rows]


def _rows(band: Band) -> list[Row]:
    star = delivered_star(band, (), half_px=band.detector.psf_half_px)
    return [
        *fwhm_rows(band, star, published("psf_fwhm_wfc3")),
        *energy_rows(band, star, published("encircled_energy")),
        *rule_rows(band.name, published("handbook_psf")),
    ]


def fwhm_rows(band: Band, star: StarImage, table: Table) -> list[Row]:
    """Compare the width with the handbook's, which is before the pixel blurs it."""
    known = table[table["camera"] == band.detector.name]
    if len(known) == 0:
        return []
    nm = band.pivot_um * _NM_PER_UM
    before_pixel = float(np.interp(nm, known["wavelength"], known["fwhm"]))
    pixel = math.sqrt(math.prod(band.detector.pixel_arcsec))
    row = Claims(FAMILY, table.meta["source"]).within(
        f"{band.name}: FWHM of a star on the detector, pixel included",
        star.fwhm_arcsec(),
        before_pixel,
        (before_pixel - _FWHM_ROUNDING_ARCSEC, math.hypot(before_pixel, pixel)),
        reason=f"expected is the handbook's FWHM before pixelation at {nm:.0f} nm; the pixel "
        f'({pixel:.3f}") can only widen it, and by less than its own side in quadrature',
        unit="arcsec",
    )
    return [row]


def energy_rows(band: Band, star: StarImage, table: Table) -> list[Row]:
    """Compare encircled energies; those of the table are of images, the pixel included."""
    if band.name not in table.colnames:
        return []
    claims = Claims(FAMILY, table.meta["source"])
    pixel = math.sqrt(math.prod(band.detector.pixel_arcsec))
    rows = []
    for radius, energy in zip(table["radius"], table[band.name], strict=True):
        wide = radius >= _MIN_RADIUS_PX * pixel
        reason = (
            "a perfect pupil with one focus and halo for a camera; radii of two pixels or more"
            if wide
            else f"the aperture is {radius / pixel:.1f} pixels: the energy inside depends on how "
            "the pixels at its edge were counted"
        )
        tolerance = table.meta["tolerance"][band.detector.name] if wide else _SMALL_TOLERANCE
        claim = f'{band.name}: encircled energy inside {radius:.2f}", pixel included'
        measured = star.energy_inside(float(radius))
        rows.append(claims.near(claim, measured, float(energy), tolerance, reason=reason))
    return rows


def rule_rows(name: str, table: Table) -> list[Row]:
    """Compare 1.22 lambda / D with the handbook's table."""
    claims = Claims(FAMILY, table.meta["source"])
    return [
        claims.near(
            f"{name}: 1.22 lambda / D at {row['wavelength']:g} nm",
            handbook_psf_arcsec(float(row["wavelength"])),
            float(row["psf"]),
            _PSF_ROUNDING_ARCSEC,
            reason="published with three decimals",
            unit="arcsec",
        )
        for row in table[table["filter"] == name]
    ]
