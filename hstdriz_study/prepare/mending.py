"""From a copy of an exposure to one whose WCS is the one asked for, and right.

stwcs 1.7.7 and astropy since 6.1 get some things wrong; docs/wcs.md has the size of each error, and
``findings/`` a script:

- lookup tables of a subarray are moved against the subarray, not with it;
- of binned frames the values of lookup tables stay in unbinned pixels, and SIP terms are scaled by
  the binning once whatever their order;
- HST's lookup tables have no CRPIX, and their first node belongs to the first pixel; astropy reads
  them as the FITS convention has it, one cell less a pixel off;
- what a fit to a catalogue has written beside its WCS stays when the WCS is replaced.

The product script holds the text of the functions below: they need nothing but stwcs,
astropy.io.fits and pathlib.Path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from astropy.io import fits

if TYPE_CHECKING:
    from pathlib import Path


def mend_wcs(path: Path) -> None:
    """Put right the WCS of a copy, in the file itself; what has been put right stays as it is."""
    with fits.open(path, mode="update", memmap=False) as hdus:
        for science in [hdu for hdu in hdus if hdu.name == "SCI"]:
            header = science.header
            if "WCSMEND" in header:
                continue
            # stwcs reads the binning of WFPC2 from MODE
            binning = 2 if hdus[0].header.get("MODE") == "AREA" else header.get("BINAXIS1", 1)
            mend_binned_sip(header, binning)
            for keyword, name in (("DP", "WCSDVARR"), ("D2IM", "D2IMARR")):
                for axis in (1, 2):
                    version = header.get(f"{keyword}{axis}.EXTVER")
                    if version is not None and (name, int(version)) in hdus:
                        mend_table(hdus[name, int(version)], header, axis)
            header["WCSMEND"] = (True, "lookup tables and binned SIP put right")


def mend_binned_sip(header: fits.Header, binning: int) -> None:
    """Scale the SIP terms of a binned frame by binning**(order - 1), not all by binning."""
    for keyword in [*header["A_?_?"], *header["B_?_?"]]:
        order = int(keyword[2]) + int(keyword[4])
        header[keyword] *= float(binning) ** max(order - 2, 0)


def mend_table(table: fits.ImageHDU, science: fits.Header, axis: int) -> None:
    """Say in a lookup table, as the FITS convention has it, where its first node lies.

    A pixel of the exposure is LTM * pixel of the whole unbinned chip + LTV; where stwcs has
    subtracted LTV, CRVAL of the whole chip, which is near 0, is far from it. HST's tables, which
    give no CRPIX, begin with the first pixel of the chip. stwcs has scaled the distance of nodes by
    the binning, but not the values.
    """
    for i in (1, 2):
        scale, shift = science.get(f"LTM{i}_{i}", 1.0), science.get(f"LTV{i}", 0.0)
        given, node = table.header.get(f"CRVAL{i}", 0.0), table.header.get(f"CRPIX{i}", 0.0)
        at = min(given + shift, (given - shift) / scale, key=abs)
        step = table.header.get(f"CDELT{i}", 1.0) / scale
        first = at + 1.0 if node == 0 else at + (1.0 - node) * step
        table.header[f"CRPIX{i}"], table.header[f"CRVAL{i}"] = 1.0, scale * first + shift
    table.data = table.data * table.data.dtype.type(science.get(f"LTM{axis}_{axis}", 1.0))


def forget_wcs(path: Path) -> None:
    """Take out of a copy what was written beside its WCS, which is about to be replaced.

    updatewcs and headerlets leave what a fit to a catalogue has written of itself.
    """
    with fits.open(path, mode="update", memmap=False) as hdus:
        for science in [hdu for hdu in hdus if hdu.name == "SCI"]:
            for keyword in (
                *("HDRNAME", "FITGEOM", "NMATCHES", "RMS_RA", "RMS_DEC", "CRDER1", "CRDER2"),
                *("WCSMEND", "NPOLEXT", "D2IMEXT"),  # with the latter, stwcs keeps old tables
            ):
                science.header.remove(keyword, ignore_missing=True)


def take_solution(path: Path, kind: str, where: int | str) -> None:
    """Make another WCS that belongs to a copy the one that is used.

    Parameters
    ----------
    path : `~pathlib.Path`
    kind, where : str, int
        ``headerlet`` and EXTVER, ``file`` and its path, or ``alternate`` and its letter.
    """
    from stwcs.wcsutil import altwcs, headerlet

    forget_wcs(path)
    if kind == "headerlet":
        headerlet.restore_from_headerlet(
            str(path), hdrext=("HDRLET", where), archive=False, force=True
        )
    elif kind == "file":
        headerlet.apply_headerlet_as_primary(str(path), str(where), attach=False, archive=False)
    else:
        with fits.open(path) as hdus:
            chips = [("SCI", hdu.ver) for hdu in hdus if hdu.name == "SCI"]
        altwcs.restoreWCS(str(path), ext=chips, wcskey=str(where))


def needs_mending(path: Path) -> bool:
    """Tell whether `mend_wcs` changes more of an exposure than to mark it."""
    with fits.open(path) as hdus:
        tables = any(hdu.name in ("WCSDVARR", "D2IMARR") for hdu in hdus)
        binned = any(hdu.header.get("BINAXIS1", 1) != 1 for hdu in hdus if hdu.name == "SCI")
        return tables or binned or hdus[0].header.get("MODE") == "AREA"
