"""From an exposure to the names of the WCS solutions that it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astropy.io import fits

if TYPE_CHECKING:
    from pathlib import Path

_HEADERLET = "HDRLET"


def solutions_in(exposure: Path) -> list[str]:
    """Return the names of the WCS solutions in a file, each once; the one in use comes first.

    Parameters
    ----------
    exposure : `~pathlib.Path`
        Its first SCI extension has the names ``WCSNAME`` and, of alternates (FITS WCS paper I),
        ``WCSNAMEa``; headerlets in the file are named by HDRNAME or else by WCSNAME.
    """
    with fits.open(exposure) as hdus:
        header = hdus["SCI", 1].header
        active, *others = "WCSNAME", *sorted(header["WCSNAME?"])
        named = [header.get(active), *(header[keyword] for keyword in others)]
        named += [_headerlet(hdu.header) for hdu in hdus if hdu.name == _HEADERLET]
    return list(dict.fromkeys(str(name).strip() for name in named if name))


def _headerlet(header: fits.Header) -> str | None:
    name = header.get("HDRNAME") or header.get("WCSNAME")
    return f"{name} (headerlet)" if name else None
