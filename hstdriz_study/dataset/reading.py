"""From the headers of one flt/flc file to an `~hstdriz_study.contracts.Exposure`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.contracts import WFPC2, Exposure
from hstdriz_study.dataset.keywords import Keywords
from hstdriz_study.dataset.opening import check_cards, drop, opened
from hstdriz_study.errors import DatasetError
from hstdriz_study.names import shown

if TYPE_CHECKING:
    from pathlib import Path

    from astropy.io import fits


def read_exposure(path: Path) -> Exposure:
    """Describe one calibrated exposure from its headers.

    Parameters
    ----------
    path : `~pathlib.Path`
        An ``_flt.fits`` or ``_flc.fits`` file, or the pixels of WFPC2. It is only read.

    Returns
    -------
    Exposure

    Raises
    ------
    DatasetError
        If it is no file, is not FITS, is truncated, is not from HST, or has
        no science data or exposure time.
    """
    with opened(path) as hdus:
        check_cards(path, hdus)
        return _describe(path, hdus)


def _describe(path: Path, hdus: fits.HDUList) -> Exposure:
    keywords = Keywords(path, "primary header", hdus[0].header)
    telescope = keywords.text("TELESCOP")
    if telescope != "HST":
        raise DatasetError(
            f"{path}: TELESCOP is {shown(telescope) if telescope else 'missing'}, not HST; "
            f"{drop(path)}"
        )
    instrument = keywords.word("INSTRUME")
    # of old files of WFPC2 the primary array holds all chips
    science = [hdu for hdu in hdus if hdu.name == "SCI"] or hdus[: instrument == WFPC2]
    if not science or any(hdu.header.get("NAXIS", 0) == 0 for hdu in science):
        raise DatasetError(f"{path}: no SCI data; download it again or {drop(path)}")
    if "ROOTNAME" not in keywords.header:
        raise keywords.not_hst("ROOTNAME is not there")
    exptime_s = keywords.needed("EXPTIME")
    if not exptime_s > 0:
        raise DatasetError(f"{path}: EXPTIME is {exptime_s:g}; {drop(path)}")
    return Exposure(
        path=path.absolute(),  # a link keeps its name
        rootname=keywords.text("ROOTNAME").lower(),
        instrument=instrument,
        # its files hold the chips of both cameras
        detector="PC+WF" if instrument == WFPC2 else keywords.word("DETECTOR"),
        filter=_filter_name(keywords),
        exptime_s=exptime_s,
        expstart_mjd=keywords.needed("EXPSTART"),
    )


def _filter_name(keywords: Keywords) -> str:
    """Return the filter; ACS has two wheels, of which one is clear, SBC one of its own."""
    if "FILTER" in keywords.header:
        return keywords.word("FILTER")
    if keywords.text("INSTRUME") == WFPC2:
        if "FILTNAM1" not in keywords.header:
            raise keywords.not_hst("FILTNAM1 is not there")
        # an empty name for a wheel that is clear
        names = [keywords.text(key) for key in ("FILTNAM1", "FILTNAM2")]
        return "+".join(filter(None, names)) or "CLEAR"
    if not {"FILTER1", "FILTER2"}.issubset(keywords.header):
        raise keywords.not_hst("neither FILTER nor FILTER1 and FILTER2 are there")
    wheels = [keywords.word(key) for key in ("FILTER1", "FILTER2")]
    in_light = [name for name in wheels if not name.startswith("CLEAR") and name != "N/A"]
    return "+".join(in_light) or "CLEAR"
