"""From a user's list of stars to their positions."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.table import Table

from hstdriz_study.contracts.sky import StarList
from hstdriz_study.dataset.region_files import is_included, read_regions
from hstdriz_study.errors import ConfigError, first_line

if TYPE_CHECKING:
    from astropy.table import Column

_FORMATS = {".ecsv": "ascii.ecsv", ".csv": "ascii.csv", ".fits": "fits", ".fit": "fits"}
_REGIONS = (".reg", ".ds9", ".crtf")
# Names of columns, without capitals and what is neither letter nor digit; the first that is there.
_RA = ("ra", "radeg", "raicrs", "raj2000", "alphaj2000")
_DEC = ("dec", "decdeg", "deicrs", "decicrs", "dej2000", "decj2000", "deltaj2000")


def read_star_list(text: str, key: str) -> StarList:
    """Read the positions of stars.

    Parameters
    ----------
    text : str
        Path of a table (ECSV, CSV or FITS) with columns of right ascension and declination (ICRS;
        degrees, unless they have units or are sexagesimal text), or of ds9 or CRTF regions, whose
        centres are the stars.
    key : str
        That holds it, for messages.

    Raises
    ------
    ConfigError
        If it cannot be read, or holds no star.
    """
    name, path = f"{key}={text}", Path(text)
    if not path.is_file():
        raise ConfigError(
            f"{name}: no such file; name one that is there, or leave {key} out: stars are then "
            "found in the image"
        )
    suffix = path.suffix.lower()
    if suffix in _REGIONS:
        places = _centres(text, key)
    elif suffix in _FORMATS:
        places = _columns(path, _FORMATS[suffix], name)
    else:
        known = ", ".join((*_FORMATS, *_REGIONS))
        raise ConfigError(f"{name}: not known by its ending; save the list as one of {known}")
    if not places.size:
        raise ConfigError(f"{name}: holds no star; give it a row for each")
    return StarList(name, np.column_stack([places.ra.deg, places.dec.deg]))


def _centres(text: str, key: str) -> SkyCoord:
    found = [
        region.center.icrs
        for region in read_regions(text, key)
        if is_included(region) and hasattr(region, "center")
    ]
    return SkyCoord([one.ra.deg for one in found] * u.deg, [one.dec.deg for one in found] * u.deg)


def _columns(path: Path, kind: str, name: str) -> SkyCoord:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            table = Table.read(path, format=kind)
        except Exception as error:  # of many kinds
            raise ConfigError(
                f"{name}: is not read as {kind} ({first_line(error)}); save the list anew"
            ) from error
    ra, dec = (_column(table, names, name) for names in (_RA, _DEC))
    if len(table) == 0:
        return SkyCoord([] * u.deg, [] * u.deg)
    is_text = ra.dtype.kind in "SU"
    try:
        places = SkyCoord(_angles(ra, u.hourangle if is_text else u.deg), _angles(dec, u.deg))
    except (ValueError, TypeError, u.UnitsError) as error:
        raise ConfigError(
            f"{name}: columns {ra.name} and {dec.name} are no positions ({first_line(error)}); "
            "give degrees, or text like 10:47:04.1 and +17:16:25"
        ) from error
    bad = np.flatnonzero(~np.isfinite(places.ra.deg) | ~np.isfinite(places.dec.deg))
    if len(bad):
        raise ConfigError(f"{name}: row {bad[0] + 1} has no position; take it out")
    return places


def _angles(column: Column, unit: u.Unit) -> Any:
    if column.dtype.kind in "SU":
        return _parsed(np.ma.filled(column, ""), unit)
    values = np.ma.filled(np.ma.asarray(column).astype(float), np.nan)
    return u.Quantity(values, column.unit or unit)


def _parsed(values: np.ndarray, unit: u.Unit) -> Any:
    from astropy.coordinates import Angle

    return Angle(values.astype(str), unit)


def _column(table: Table, names: tuple[str, ...], name: str) -> Column:
    plain = {re.sub(r"[^a-z0-9]", "", one.lower()): one for one in reversed(table.colnames)}
    for wanted in names:
        if wanted in plain:
            return table[plain[wanted]]
    raise ConfigError(
        f"{name}: no column named {names[0]} among {', '.join(table.colnames)}; name the columns "
        "of positions ra and dec"
    )
