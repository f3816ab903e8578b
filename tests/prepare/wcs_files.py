"""Exposures without pixels and their distortion tables, in the layout of WFC3/UVIS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from stwcs.wcsutil import HSTWCS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PIXEL_ARCSEC = 0.04
CHIPS = (2, 1)  # in order of EXTVER
_ORDER, _SPACING = 4, 64.0
_REFERENCE_PX = (2048.0, 1026.0)
_V2V3_ARCSEC = {2: (-27.5, -33.3), 1: (30.6, 25.2)}


@dataclass(frozen=True)
class Part:
    """The part of the chips that an exposure has, from a first pixel on; unbinned pixels."""

    x0: int = 0
    y0: int = 0
    nx: int = 4096
    ny: int = 2051
    binning: int = 1
    chips: tuple[int, ...] = CHIPS


def write_references(directory: Path) -> None:
    """Write an IDCTAB, an NPOLFILE and a D2IMFILE."""
    fits.HDUList([_primary(NORDER=_ORDER, PARITY=-1), _distortion()]).writeto(
        directory / "u_idc.fits"
    )
    draw = np.random.default_rng(3)
    for name in ("npl", "d2i"):
        tables = [
            fits.ImageHDU(_smooth(draw), fits.Header(_table_cards(chip)), name=axis, ver=version)
            for version, chip in enumerate(CHIPS, start=1)
            for axis in ("DX", "DY")
        ]
        fits.HDUList([_primary(), *tables]).writeto(directory / f"u_{name}.fits")


def _table_cards(chip: int) -> dict[str, float]:
    return {"CDELT1": _SPACING, "CDELT2": _SPACING, "CCDCHIP": chip}


def _primary(**more: object) -> fits.PrimaryHDU:
    hdu = fits.PrimaryHDU()
    hdu.header.update({"INSTRUME": "WFC3", "DETECTOR": "UVIS"} | more)
    return hdu


def _smooth(draw: np.random.Generator) -> np.ndarray:
    """Draw values at nodes, in pixels, that change by up to 0.1 from node to node."""
    return draw.uniform(-0.05, 0.05, (33, 65)).astype(np.float32)


def _distortion() -> fits.BinTableHDU:
    """Make distortion of all orders: at a corner 70 pixels of order 2, 4 and 1.5 of the others."""
    draw = np.random.default_rng(11)
    size = {2: 1.5e-5, 3: 4e-10, 4: 8e-14}
    columns: dict[str, list[object]] = {
        "DETCHIP": [1, 2], "DIRECTION": ["FORWARD"] * 2, "FILTER": ["F555W"] * 2,
        "XSIZE": [4096] * 2, "YSIZE": [2051] * 2,
        "XREF": [_REFERENCE_PX[0]] * 2, "YREF": [_REFERENCE_PX[1]] * 2,
        "V2REF": [_V2V3_ARCSEC[chip][0] for chip in (1, 2)],
        "V3REF": [_V2V3_ARCSEC[chip][1] for chip in (1, 2)],
        "SCALE": [PIXEL_ARCSEC] * 2, "THETA": [45.0] * 2,
        "CX10": [1e-4] * 2, "CX11": [0.0397, 0.0398],
        "CY10": [0.0395, 0.0398], "CY11": [0.0024] * 2,
    }  # fmt: skip
    for order, scale in size.items():
        for power in range(order + 1):
            for axis in "XY":
                values = PIXEL_ARCSEC * scale * draw.uniform(-1, 1, 2)
                columns[f"C{axis}{order}{power}"] = list(values)
    kinds = {"i": "J", "f": "D", "U": "8A"}
    arrays = {name: np.array(values) for name, values in columns.items()}
    return fits.BinTableHDU.from_columns(
        [fits.Column(name, kinds[array.dtype.kind], array=array) for name, array in arrays.items()]
    )


def write_exposure(path: Path, part: Part, pointing: Mapping[int, tuple[float, float]]) -> Path:
    """Write an exposure without pixels worth the name, before updatewcs.

    Parameters
    ----------
    path : `~pathlib.Path`
    part : `Part`
    pointing : mapping of int to tuple of float
        Right ascension and declination of each chip's reference pixel.
    """
    primary = _primary(
        TELESCOP="HST", ROOTNAME="i00000010", EXPTIME=100.0, EXPSTART=55000.0, EXPEND=55001.0,
        PA_V3=82.0, FILTER="F555W", ASN_MTYP="", RA_TARG=150.0, DEC_TARG=2.0,
        IDCTAB="iref$u_idc.fits", NPOLFILE="iref$u_npl.fits", D2IMFILE="iref$u_d2i.fits",
    )  # fmt: skip
    primary.header["DATE-OBS"] = "2010-07-01"
    hdus = fits.HDUList([primary])
    for version, chip in enumerate(part.chips, start=1):
        # stwcs leaves out tables that are not smaller than the image
        science = fits.ImageHDU(np.zeros((80, 80), np.uint8), name="SCI", ver=version)
        science.header.update(_science_cards(part, chip, pointing[chip]))
        hdus.append(science)
    hdus.writeto(path, overwrite=True)
    return path


def _science_cards(part: Part, chip: int, crval: tuple[float, float]) -> dict[str, object]:
    ltm, side = 1 / part.binning, PIXEL_ARCSEC * part.binning / 3600
    ltv = [0.5 - 0.5 * ltm - first * ltm for first in (part.x0, part.y0)]
    crpix = [ltm * at + shift for at, shift in zip(_REFERENCE_PX, ltv, strict=True)]
    return {
        "CCDCHIP": chip, "CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "RADESYS": "ICRS",
        "CRVAL1": crval[0], "CRVAL2": crval[1], "CRPIX1": crpix[0], "CRPIX2": crpix[1],
        "CD1_1": -side, "CD1_2": 0.0, "CD2_1": 0.0, "CD2_2": side, "ORIENTAT": 0.0,
        "LTV1": ltv[0], "LTV2": ltv[1], "LTM1_1": ltm, "LTM2_2": ltm,
        "BINAXIS1": part.binning, "BINAXIS2": part.binning, "VAFACTOR": 1.0,
        "EXPNAME": "i00000010", "MEANDARK": 1.0, "NGOODPIX": 1,
    }  # fmt: skip


def sky_deg(path: Path, chip: int, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return right ascension and declination of pixels of the whole unbinned chip, shape (2, N)."""
    with fits.open(path) as hdus:
        (science,) = (u for u in hdus if u.name == "SCI" and u.header["CCDCHIP"] == chip)
        head = science.header
        own = x * head["LTM1_1"] + head["LTV1"], y * head["LTM2_2"] + head["LTV2"]
        return np.array(HSTWCS(hdus, ("SCI", science.ver)).all_pix2world(*own, 1))
