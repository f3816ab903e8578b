"""From a catalogue or an image of a user's to what TweakReg aligns exposures to."""

from __future__ import annotations

import shutil
import warnings
from typing import TYPE_CHECKING

import numpy as np
from astropy import units as u
from astropy.io import fits
from astropy.stats import sigma_clipped_stats
from astropy.table import Table
from astropy.wcs import WCS
from astropy.wcs.utils import proj_plane_pixel_scales

from hstdriz_study.drizzlepac_options import CATALOGUE_FILE, IMAGE_FILE, TweakRegReference
from hstdriz_study.errors import AlignmentError

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.prepare.settings import AlignTo

# Names of Gaia's, VizieR's, SExtractor's and astropy's tables, in small letters.
_RA = ("ra", "ra_deg", "raj2000", "ra_icrs", "alpha_j2000", "ramean", "_ra", "_raj2000")
_DEC = ("dec", "dec_deg", "dej2000", "de_icrs", "delta_j2000", "decmean", "_de", "_dej2000")
_FITS = b"SIMPLE"
_ARCSEC_PER_DEG = 3600


def read_reference(chosen: AlignTo, directory: Path | None = None) -> TweakRegReference:
    """Read what is aligned to; put it where TweakReg finds it.

    Parameters
    ----------
    chosen : `~hstdriz_study.prepare.settings.AlignTo`
    directory : `~pathlib.Path`, optional
        Receives `CATALOGUE_FILE`, right ascension and declination in degrees, or `IMAGE_FILE`; by
        default nothing is written.

    Raises
    ------
    AlignmentError
        Naming the file and what is wrong with it.
    """
    path = chosen.path
    if not path.is_file():
        raise AlignmentError(f"prepare.align_to={path}: there is no such file or filter")
    if _is_image(path):
        found = _image(chosen)
        if directory is not None:
            shutil.copyfile(path, directory / IMAGE_FILE)
        return found
    sky = _catalogue(path)
    if directory is not None:
        np.savetxt(directory / CATALOGUE_FILE, sky, fmt="%.10f")
    return TweakRegReference(CATALOGUE_FILE, chosen.expand_refcat, None, {})


def _is_image(path: Path) -> bool:
    with path.open("rb") as stream:
        if stream.read(len(_FITS)) != _FITS:
            return False
    with fits.open(path) as hdus:
        return bool(_images(hdus))


def _images(hdus: fits.HDUList) -> list[fits.ImageHDU]:
    """Return the SCI extensions, or the first image."""
    plain = [hdu for hdu in hdus if hdu.is_image and hdu.header["NAXIS"] == 2]  # noqa: PLR2004
    return [hdu for hdu in plain if hdu.name == "SCI"] or plain[:1]


def _image(chosen: AlignTo) -> TweakRegReference:
    """Measure the sky of an image, which TweakReg takes from a mode that is 0 without a sky."""
    with fits.open(chosen.path) as hdus, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        images = _images(hdus)
        wcs = WCS(images[0].header, hdus)
        pixels = np.concatenate([np.ravel(hdu.data) for hdu in images]).astype(float)
    seen = pixels[np.isfinite(pixels) & (pixels != 0)]  # 0: no exposure is there
    if not wcs.has_celestial or not seen.size:
        lacks = "pixels" if wcs.has_celestial else "celestial WCS"
        raise AlignmentError(f"prepare.align_to={chosen.path}: the image has no {lacks}")
    scale = float(np.mean(proj_plane_pixel_scales(wcs.celestial))) * _ARCSEC_PER_DEG
    imagefind = {
        "computesig": False,
        "skysigma": round(float(sigma_clipped_stats(seen)[2]), 6),
        "threshold": chosen.threshold,
        "conv_width": round(chosen.psf_fwhm_arcsec / scale, 3),
    }
    return TweakRegReference(IMAGE_FILE, chosen.expand_refcat, scale, imagefind)


def _catalogue(path: Path) -> np.ndarray:
    """Return right ascension and declination in degrees, shape (N, 2)."""
    try:
        table = Table.read(path)
    except Exception:  # noqa: BLE001 - readers raise what they like; the next one may know it
        table = _plain_text(path)
    columns = {name.lower(): table[name] for name in table.colnames}
    ra, dec = (next((columns[n] for n in names if n in columns), None) for names in (_RA, _DEC))
    if ra is None or dec is None:
        raise AlignmentError(
            f"prepare.align_to={path}: is no image, and as a catalogue has no columns ra and dec; "
            f"it has {', '.join(table.colnames[:8]) or 'none'}"
        )
    sky = np.column_stack([_degrees(column, path) for column in (ra, dec)])
    sky = sky[np.isfinite(sky).all(axis=1)]
    if not len(sky) or (abs(sky[:, 1]) > 90).any() or (abs(sky[:, 0]) > 360).any():  # noqa: PLR2004
        raise AlignmentError(
            f"prepare.align_to={path}: its columns ra and dec hold no positions in degrees"
        )
    return sky


def _plain_text(path: Path) -> Table:
    """Read a text whose first two columns are right ascension and declination, as TweakReg does."""
    try:
        table = Table.read(path, format="ascii")
    except Exception as error:
        raise AlignmentError(
            f"prepare.align_to={path}: neither an image nor a table that astropy reads"
        ) from error
    if table.colnames[:2] == ["col1", "col2"]:
        table.rename_columns(["col1", "col2"], ["ra", "dec"])
    return table


def _degrees(column: Table.Column, path: Path) -> np.ndarray:
    values = np.ma.filled(np.ma.asarray(column), np.nan)
    try:
        return u.Quantity(values, getattr(column, "unit", None) or u.deg).to_value(u.deg)
    except (TypeError, ValueError, u.UnitConversionError):
        raise AlignmentError(
            f"prepare.align_to={path}: column {column.name} is not in degrees"
        ) from None
