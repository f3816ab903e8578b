"""From the headers of one exposure to what they claim of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.dataset.keywords import Keywords
from hstdriz_study.dataset.opening import opened
from hstdriz_study.dataset.units import electrons_per_unit

if TYPE_CHECKING:
    from pathlib import Path

    from astropy.io import fits

# The linear part of a FITS WCS: on a chip the distortion moves a corner by 2 % of its side at most.
LINEAR = ("CRPIX1", "CRPIX2", "CRVAL1", "CRVAL2", "CD1_1", "CD1_2", "CD2_1", "CD2_2")


@dataclass(frozen=True)
class ChipClaims:
    """What the headers say of one chip.

    Attributes
    ----------
    extver : int
    ccdchip : int
        Which chip of the camera it is; 1 where there is one only.
    shape : tuple of int
        Rows and columns.
    linear : tuple of float
        Values of `LINEAR`.
    unit : str or None
        BUNIT.
    electrons_per_unit : float
        Electrons in one unit of the pixels.
    photflam, photplam : float or None
        erg / (s cm2 Angstrom) of one electron a second, and Angstrom; None also for what is not
        above 0.
    wcs_name : str
        WCSNAME; empty without one.
    n_good : int or None
        NGOODPIX.
    binning : tuple of int
        Pixels of the detector in one, along x and y.
    axes : tuple of str
        CTYPE1 and CTYPE2; empty without them.
    """

    extver: int
    ccdchip: int
    shape: tuple[int, int]
    linear: tuple[float, ...]
    unit: str | None
    electrons_per_unit: float
    photflam: float | None
    photplam: float | None
    wcs_name: str
    n_good: int | None
    binning: tuple[int, int]
    axes: tuple[str, str]

    @property
    def scale_arcsec(self) -> float:
        """Side of a square pixel of the same area."""
        cd1_1, cd1_2, cd2_1, cd2_2 = self.linear[4:]
        return float(3600 * abs(cd1_1 * cd2_2 - cd1_2 * cd2_1) ** 0.5)


@dataclass(frozen=True)
class Claims:
    """What the headers say of one exposure; texts in capitals, empty without the keyword.

    Attributes
    ----------
    name : str
        Of the file.
    detector, target, quality, exposure_flag, image_type, observation_type : str
        DETECTOR, TARGNAME, QUALITY, EXPFLAG, IMAGETYP, OBSTYPE.
    moving : bool
        MTFLAG.
    ramp_wavelength_angstrom : float
        LRFWAVE; 0 without a ramp filter.
    transfer_corrected : bool
        Whether losses in charge transfer were corrected (PCTECORR, else the file's suffix).
    idctab : str
    chips : tuple of `ChipClaims`
    """

    name: str
    detector: str
    target: str
    quality: str
    exposure_flag: str
    image_type: str
    observation_type: str
    moving: bool
    ramp_wavelength_angstrom: float
    transfer_corrected: bool
    idctab: str
    chips: tuple[ChipClaims, ...]


def read_claims(path: Path) -> Claims:
    """Read what the headers of a calibrated exposure say; the file is only read.

    Raises
    ------
    DatasetError
        Naming file, extension and keyword of a value that is missing or of another type.
    """
    with opened(path) as hdus:
        primary = Keywords(path, "primary header", hdus[0].header)
        chips = tuple(_chip(path, hdu, primary) for hdu in hdus if hdu.name == "SCI")
    return Claims(
        name=path.name,
        detector=primary.text("DETECTOR"),
        target=primary.text("TARGNAME"),
        quality=primary.text("QUALITY"),
        exposure_flag=primary.text("EXPFLAG"),
        image_type=primary.text("IMAGETYP"),
        observation_type=primary.text("OBSTYPE"),
        moving=primary.text("MTFLAG") in ("T", "TRUE", "1"),
        ramp_wavelength_angstrom=primary.number("LRFWAVE") or 0.0,
        transfer_corrected=_transfer_corrected(path, primary),
        idctab=primary.text("IDCTAB"),
        chips=chips,
    )


def _chip(path: Path, hdu: fits.ImageHDU, primary: Keywords) -> ChipClaims:
    own = Keywords(path, f"SCI,{hdu.ver}", hdu.header)
    return ChipClaims(
        extver=hdu.ver,
        ccdchip=int(own.number("CCDCHIP") or 1),
        shape=hdu.shape,
        linear=tuple(own.needed(name) for name in LINEAR),
        unit=own.text("BUNIT") or None,
        electrons_per_unit=electrons_per_unit(hdu.header),
        photflam=_positive("PHOTFLAM", own, primary),
        photplam=_positive("PHOTPLAM", own, primary),
        wcs_name=own.as_written("WCSNAME"),
        n_good=None if (good := own.number("NGOODPIX")) is None else int(good),
        binning=(int(own.number("BINAXIS1") or 1), int(own.number("BINAXIS2") or 1)),
        axes=(own.text("CTYPE1"), own.text("CTYPE2")),
    )


def _positive(name: str, *headers: Keywords) -> float | None:
    """Return the first value above 0; the pipeline writes 0 for photometry it does not know."""
    return next((value for one in headers if (value := one.number(name) or 0.0) > 0), None)


def _transfer_corrected(path: Path, primary: Keywords) -> bool:
    said = primary.text("PCTECORR")
    return said == "COMPLETE" if said else path.name.lower().endswith("_flc.fits")
