"""HST headers as the calibration pipeline leaves them, before ``updatewcs``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits

from hstdriz_study.simulate.distortion import idctab_name, window_shift

if TYPE_CHECKING:
    from astropy.wcs import WCS

    from hstdriz_study.optics.detector import Window
    from hstdriz_study.simulate.bands import Band

PA_V3_DEG = 82.0  # leaves ACS a few degrees off north, WFC3 far off: no grid is aligned by luck
_SECONDS_PER_DAY = 86400.0
_OVERHEAD_S = 60.0


@dataclass(frozen=True)
class LinearWCS:
    """CRVAL (degrees) and CD matrix (degrees per pixel) of one chip."""

    crval_deg: tuple[float, float]
    cd_deg: tuple[tuple[float, float], tuple[float, float]]

    @classmethod
    def of(cls, wcs: WCS, shift_deg: tuple[float, float] = (0.0, 0.0)) -> LinearWCS:
        """Take the linear part of a WCS, CRVAL moved by ``shift_deg``."""
        crval, cd = wcs.wcs.crval, wcs.wcs.cd
        return cls(
            (float(crval[0]) + shift_deg[0], float(crval[1]) + shift_deg[1]),
            ((float(cd[0, 0]), float(cd[0, 1])), (float(cd[1, 0]), float(cd[1, 1]))),
        )


@dataclass(frozen=True)
class ExposureHeader:
    """All that distinguishes the headers of one exposure.

    Attributes
    ----------
    rootname : str
        Nine characters, unique for each filter and exposure.
    index : int
        Number of the exposure in its series, from 0.
    windows : tuple of `~hstdriz_study.optics.detector.Window`
    target_deg : tuple of float
        Right ascension and declination of the target.
    postarg_arcsec : tuple of float
        POSTARG1 and POSTARG2.
    linear : tuple of `LinearWCS`
        One a chip.
    pa_v3_deg : float
        PA_V3: how the telescope is turned.
    """

    band: Band
    rootname: str
    index: int
    windows: tuple[Window, ...]
    target_deg: tuple[float, float]
    postarg_arcsec: tuple[float, float]
    linear: tuple[LinearWCS, ...]
    pa_v3_deg: float = PA_V3_DEG


@dataclass(frozen=True)
class ChipPixels:
    """Calibrated arrays of one chip: SCI and ERR in the header's BUNIT, and DQ."""

    sci: np.ndarray
    err: np.ndarray
    dq: np.ndarray


def flat_name(band: Band) -> str:
    """File name of the band's flat field."""
    return f"{band.name}_pfl.fits"


def full_frame(header: ExposureHeader) -> bool:
    """Whether the windows cover the chips."""
    return header.windows == header.band.detector.full_frame


def primary_hdu(header: ExposureHeader) -> fits.PrimaryHDU:
    """Primary header of an exposure."""
    band, detector = header.band, header.band.detector
    start = detector.expstart_mjd + header.index * (band.exptime_s + _OVERHEAD_S) / _SECONDS_PER_DAY
    reference = f"{detector.reference_variable}$"
    hdu = fits.PrimaryHDU()
    cards: dict[str, Any] = {
        "TELESCOP": "HST",
        "INSTRUME": detector.instrument,
        "DETECTOR": detector.channel,
        "ROOTNAME": header.rootname,
        "FILENAME": f"{header.rootname}_{detector.suffix}.fits",
        "FILETYPE": "SCI",
        "IMAGETYP": "EXT",
        "OBSTYPE": "IMAGING",
        "PRIMESI": detector.instrument,
        "TARGNAME": "SYNTHETIC",
        "EQUINOX": 2000.0,
        "RA_TARG": header.target_deg[0],
        "DEC_TARG": header.target_deg[1],
        "PROPOSID": 0,
        "LINENUM": "01.001",
        "DATE-OBS": detector.date_obs,
        "TIME-OBS": "07:12:00",
        "EXPSTART": start,
        "EXPEND": start + band.exptime_s / _SECONDS_PER_DAY,
        "EXPTIME": band.exptime_s,
        "EXPFLAG": "NORMAL",
        "PA_V3": header.pa_v3_deg,
        "POSTARG1": header.postarg_arcsec[0],
        "POSTARG2": header.postarg_arcsec[1],
        "SUBARRAY": not full_frame(header),
        "MTFLAG": " ",
        "APERTURE": detector.channel,
        "OBSMODE": "MULTIACCUM" if detector.counts_per_second else "ACCUM",
        "CCDAMP": detector.amplifiers,
        "CCDGAIN": detector.gain[0],
        "CRSPLIT": 1,
        "ASN_ID": "NONE",
        "ASN_TAB": "NONE",
        "ASN_MTYP": "",
        **band.wheel,
        "IDCTAB": reference + idctab_name(detector),
        "PFLTFILE": reference + flat_name(band),
        **dict.fromkeys(("NPOLFILE", "D2IMFILE", "DARKFILE", "MDRIZTAB", "DGEOFILE"), "N/A"),
    }
    for amplifier, gain, noise in zip("ABCD", detector.gain, detector.read_noise_e, strict=True):
        cards[f"ATODGN{amplifier}"] = gain
        cards[f"READNSE{amplifier}"] = noise
    if detector.counts_per_second:
        cards.update({"SAMP_SEQ": "SPARS50", "NSAMP": 14})
    cards.update(_photometry(band))
    hdu.header.update(cards)
    hdu.header.add_history("Simulated exposure; no photon of this file came from the sky")
    return hdu


def _photometry(band: Band) -> dict[str, Any]:
    detector = band.detector
    return {
        "PHOTMODE": f"{detector.instrument} {detector.channel} {band.element}",
        "PHOTFLAM": band.photflam,
        "PHOTZPT": -21.10,
        "PHOTPLAM": band.photplam_angstrom,
        "PHOTBW": band.photbw_angstrom,
    }


def extension_hdus(header: ExposureHeader, chip: int, pixels: ChipPixels) -> list[fits.ImageHDU]:
    """SCI, ERR and DQ (and SAMP and TIME of the IR channel) of one chip.

    Parameters
    ----------
    header : `ExposureHeader`
    chip : int
        Index of the chip, EXTVER - 1.
    pixels : `ChipPixels`
    """
    detector, exptime = header.band.detector, header.band.exptime_s
    arrays = {"SCI": pixels.sci, "ERR": pixels.err, "DQ": pixels.dq}
    if detector.counts_per_second:
        shape = pixels.sci.shape
        arrays["SAMP"] = np.full(shape, 14, dtype=np.int16)
        arrays["TIME"] = np.full(shape, exptime, dtype=np.float32)
    hdus = []
    for name, array in arrays.items():
        hdu = fits.ImageHDU(array, name=name, ver=chip + 1)
        hdu.header.update(_extension_cards(header, chip))
        if name in ("SCI", "ERR"):
            hdu.header["BUNIT"] = "ELECTRONS/S" if detector.counts_per_second else "ELECTRONS"
        if name == "SCI":
            hdu.header.update(_science_cards(header, chip, pixels))
        hdus.append(hdu)
    return hdus


def _extension_cards(header: ExposureHeader, chip: int) -> dict[str, Any]:
    """Cards that all extensions of a chip share."""
    detector, window = header.band.detector, header.windows[chip]
    absorbed = window_shift(detector, header.windows)[chip]
    linear = header.linear[chip]
    return {
        "EXPNAME": header.rootname,
        "INHERIT": True,
        "CCDCHIP": detector.chips[chip],
        "WCSAXES": 2,
        "CRPIX1": detector.reference_px[0] - window.x0,
        "CRPIX2": detector.reference_px[1] - window.y0,
        "CRVAL1": linear.crval_deg[0],
        "CRVAL2": linear.crval_deg[1],
        "CTYPE1": "RA---TAN",
        "CTYPE2": "DEC--TAN",
        "CD1_1": linear.cd_deg[0][0],
        "CD1_2": linear.cd_deg[0][1],
        "CD2_1": linear.cd_deg[1][0],
        "CD2_2": linear.cd_deg[1][1],
        "LTV1": float(absorbed[0] - window.x0),
        "LTV2": float(absorbed[1] - window.y0),
        "LTM1_1": 1.0,
        "LTM2_2": 1.0,
        "CENTERA1": window.x0 + window.nx // 2,
        "CENTERA2": window.y0 + window.ny // 2,
        "SIZAXIS1": window.nx,
        "SIZAXIS2": window.ny,
    }


def _science_cards(header: ExposureHeader, chip: int, pixels: ChipPixels) -> dict[str, Any]:
    detector, band = header.band.detector, header.band
    linear = header.linear[chip]
    orientation = np.degrees(np.arctan2(linear.cd_deg[0][1], linear.cd_deg[1][1]))
    return {
        "RADESYS": "FK5",
        "ORIENTAT": float(orientation),
        "RA_APER": header.target_deg[0],
        "DEC_APER": header.target_deg[1],
        "PA_APER": float(orientation),
        "VAFACTOR": 1.0,
        "NCOMBINE": 1,
        "BINAXIS1": 1,
        "BINAXIS2": 1,
        "SAMPTIME": band.exptime_s,
        "MEANDARK": detector.dark_e_per_s * band.exptime_s,
        "NGOODPIX": int(np.count_nonzero(pixels.dq == 0)),
        **_photometry(band),
    }


def build_exposure(header: ExposureHeader, chips: tuple[ChipPixels, ...]) -> fits.HDUList:
    """Put headers and pixels of all chips together."""
    hdus: list[Any] = [primary_hdu(header)]
    for chip, pixels in enumerate(chips):
        hdus.extend(extension_hdus(header, chip, pixels))
    hdus[0].header["NEXTEND"] = len(hdus) - 1
    return fits.HDUList(hdus)
