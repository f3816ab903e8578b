"""From an exposure to the WCS solutions that it holds, and to the one of a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from astropy.io import fits

if TYPE_CHECKING:
    from pathlib import Path

UPDATEWCS, ACTIVE = "updatewcs", "active"
"""Values of ``prepare.wcs`` that are no names: made anew by stwcs, or the one in use in files."""

_HEADERLET = "HDRLET"
_IN_HEADERLET = " (headerlet)"


@dataclass(frozen=True)
class Solution:
    """Where an exposure has a WCS solution.

    Attributes
    ----------
    kind : str
        ``active``: the one in use; ``headerlet``: in an extension; ``file``: a headerlet beside the
        exposure; ``alternate``: in keywords with a letter.
    where : int or str
        EXTVER of the headerlet, its path, or the letter.
    """

    kind: Literal["active", "headerlet", "file", "alternate"]
    where: int | str = ""


def active_solution(exposure: Path) -> str:
    """Return WCSNAME of the first chip; empty without one."""
    return _name(fits.getheader(exposure, "SCI", 1), "WCSNAME")


def solutions_in(exposure: Path) -> list[str]:
    """Return the names of the WCS solutions in a file, each once; the one in use comes first.

    Parameters
    ----------
    exposure : `~pathlib.Path`
        Its first SCI extension has the names ``WCSNAME`` and, of alternates (FITS WCS paper I),
        ``WCSNAMEa``; headerlets in the file are named by WCSNAME and HDRNAME.
    """
    with fits.open(exposure) as hdus:
        header = hdus["SCI", 1].header
        named = [_name(header, "WCSNAME"), *(_name(header, key) for key in _alternates(header))]
        named += [_headerlet(hdu.header) for hdu in hdus if hdu.name == _HEADERLET]
    return list(dict.fromkeys(name for name in named if name))


def whole_solutions_in(exposure: Path) -> list[str]:
    """Return those of `solutions_in` that can be restored whole, which `find_solution` finds."""
    return [
        name
        for name in solutions_in(exposure)
        if name.endswith(_IN_HEADERLET) or find_solution(exposure, name)
    ]


def find_solution(exposure: Path, name: str) -> Solution | None:
    """Find the WCS solution of a name; None where there is none that can be restored whole.

    Parameters
    ----------
    exposure : `~pathlib.Path`
    name : str
        WCSNAME of a solution, or HDRNAME of a headerlet. Of several headerlets the last one
        attached is taken. An alternate has no distortion of its own, so that only one counts whose
        name begins with the same distortion table (``IDC_...``) as that of the one in use.
    """
    with fits.open(exposure) as hdus:
        header = hdus["SCI", 1].header
        active = _name(header, "WCSNAME")
        if active == name:
            return Solution("active")
        attached = [hdu.ver for hdu in hdus if hdu.name == _HEADERLET and _is(hdu.header, name)]
        letters = [key[-1] for key in _alternates(header) if _name(header, key) == name]
        rootname = hdus[0].header.get("ROOTNAME")
    if attached:
        return Solution("headerlet", max(attached))
    beside = [path for path in headerlet_files(exposure, rootname) if _is(_primary(path), name)]
    if beside:
        return Solution("file", str(beside[-1]))
    tables = {one.partition("-")[0] for one in (name, active)}
    same_distortion = name.startswith("IDC_") and len(tables) == 1
    return Solution("alternate", letters[0]) if letters and same_distortion else None


def headerlet_files(exposure: Path, rootname: str) -> list[Path]:
    """Return the headerlets (``*hlet*.fits``) beside an exposure that are of it, by DESTIM."""
    found = sorted(exposure.parent.glob("*hlet*.fits"))
    return [path for path in found if _primary(path).get("DESTIM") == rootname]


def _primary(path: Path) -> fits.Header:
    return fits.getheader(path, 0)


def _is(headerlet: fits.Header, name: str) -> bool:
    return name in (_name(headerlet, "WCSNAME"), _name(headerlet, "HDRNAME"))


def _alternates(header: fits.Header) -> list[str]:
    return sorted(header["WCSNAME?"])


def _name(header: fits.Header, keyword: str) -> str:
    return str(header.get(keyword, "")).strip()


def _headerlet(header: fits.Header) -> str:
    names = dict.fromkeys(_name(header, keyword) for keyword in ("WCSNAME", "HDRNAME"))
    told = ", HDRNAME ".join(name for name in names if name)
    return f"{told}{_IN_HEADERLET}" if told else ""
