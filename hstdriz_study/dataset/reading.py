"""From the headers of one flt/flc file to an `~hstdriz_study.contracts.Exposure`."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from astropy.io import fits

from hstdriz_study.contracts import Exposure
from hstdriz_study.dataset.keywords import Keywords
from hstdriz_study.errors import DatasetError

if TYPE_CHECKING:
    from pathlib import Path


def read_exposure(path: Path) -> Exposure:
    """Describe one calibrated exposure from its headers.

    Parameters
    ----------
    path : `~pathlib.Path`
        An ``_flt.fits`` or ``_flc.fits`` file. It is only read.

    Returns
    -------
    Exposure

    Raises
    ------
    DatasetError
        If it is no file, is not FITS, is truncated, is not from HST, or has
        no science data or exposure time.
    """
    _check_is_file(path)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            with fits.open(path, memmap=True, lazy_load_hdus=False) as hdus:
                exposure = _describe(path, hdus)
    except (OSError, EOFError) as error:
        raise _incomplete(path, str(error)) from None
    except KeyError as error:
        raise DatasetError(
            f"{path}: {str(error.args[0]).rstrip('.')}, so it is not a calibrated HST exposure; "
            f"drop it with dataset.exclude=[{path.name}]"
        ) from None
    # astropy only warns when a file is shorter than its headers say
    for warning in caught:
        if "truncated" in str(warning.message):
            raise _incomplete(path, str(warning.message))
    return exposure


def _check_is_file(path: Path) -> None:
    """Refuse what cannot be opened as a file; who opens a pipe waits for ever."""
    if path.is_file():
        return
    kinds = (
        ("a directory", path.is_dir()),
        ("a pipe, a socket or a device", path.exists()),
        ("a link to nothing", path.is_symlink()),
        ("gone", True),
    )
    kind = next(words for words, so in kinds if so)
    raise DatasetError(
        f"{path}: is {kind}, not a file; put the exposure there or drop it with "
        f"dataset.exclude=[{path.name}]"
    )


def _incomplete(path: Path, why: str) -> DatasetError:
    return DatasetError(
        f"{path}: not a complete FITS file ({why.rstrip('.')}); download it again or drop it with "
        f"dataset.exclude=[{path.name}]"
    )


def _describe(path: Path, hdus: fits.HDUList) -> Exposure:
    primary = hdus[0].header
    if primary.get("TELESCOP") != "HST":
        raise DatasetError(
            f"{path}: TELESCOP is {primary.get('TELESCOP')!r}, not 'HST'; drop it with "
            f"dataset.exclude=[{path.name}]"
        )
    if str(primary.get("INSTRUME", "")).strip().upper() == "WFPC2":
        raise DatasetError(
            f"{path}: is of WFPC2, whose exposures cannot be studied: their four chips weigh "
            "differently; make their product with AstroDrizzle itself, or leave it out with "
            f"dataset.exclude=[{path.name}]"
        )
    science = [hdu for hdu in hdus if hdu.name == "SCI"]
    if not science or any(hdu.header["NAXIS"] == 0 for hdu in science):
        raise DatasetError(
            f"{path}: no SCI data; download it again or drop it with dataset.exclude=[{path.name}]"
        )
    keywords = Keywords(path, "primary header", primary)
    exptime_s = keywords.needed("EXPTIME")
    if not exptime_s > 0:
        raise DatasetError(
            f"{path}: EXPTIME is {exptime_s:g}; drop it with dataset.exclude=[{path.name}]"
        )
    return Exposure(
        path=path.absolute(),  # a link keeps its name
        rootname=str(primary["ROOTNAME"]).strip().lower(),
        instrument=str(primary["INSTRUME"]).strip().upper(),
        detector=str(primary["DETECTOR"]).strip().upper(),
        filter=_filter_name(primary),
        exptime_s=exptime_s,
        expstart_mjd=keywords.needed("EXPSTART"),
    )


def _filter_name(primary: fits.Header) -> str:
    """Return the filter; ACS has two wheels, of which one is clear, SBC one of its own."""
    if "FILTER" in primary:
        return str(primary["FILTER"]).strip().upper()
    if not {"FILTER1", "FILTER2"}.issubset(primary):
        raise KeyError("primary header: neither FILTER nor FILTER1 and FILTER2 are there")
    wheels = [str(primary[key]).strip().upper() for key in ("FILTER1", "FILTER2")]
    in_light = [name for name in wheels if not name.startswith("CLEAR") and name != "N/A"]
    return "+".join(in_light) or "CLEAR"
