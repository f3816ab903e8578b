"""Whether pixels and flags of a WFPC2 exposure are whole, and belong together."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.dataset.headers.claims import LINEAR
from hstdriz_study.dataset.keywords import Keywords
from hstdriz_study.dataset.opening import drop
from hstdriz_study.dataset.wfpc2_chips import of_kind, read_extensions
from hstdriz_study.errors import DatasetError
from hstdriz_study.names import shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from astropy.io import fits

_CHIPS = (1, 2, 3, 4)
_IMAGE_AXES = 2


def check_pair(
    pixels: Path, flags: Path, copies: tuple[Path, Path], wanted: Sequence[int]
) -> tuple[int, ...]:
    """Return which of the wanted chips an exposure holds.

    Parameters
    ----------
    pixels, flags : `~pathlib.Path`
        The user's files, for messages; one and the same if it holds both.
    copies : tuple of `~pathlib.Path`
        Unpacked.
    wanted : sequence of int
        Chips of a camera.

    Raises
    ------
    DatasetError
        If it holds none of them, or one cannot be used.
    """
    with read_extensions(copies[0]) as hdus, read_extensions(copies[1]) as flagged:
        _check_headers(Keywords(pixels, "primary header", hdus[0].header))
        _check_root(pixels, flags, hdus[0].header, flagged[0].header)
        science = _numbered(pixels, of_kind(hdus, ("SCI",)))
        quality = _numbered(flags, of_kind(flagged, ("DQ", "SDQ", "SCI")))
        there = tuple(chip for chip in wanted if chip in science)
        if not there:
            listed = ", ".join(map(str, wanted))
            raise DatasetError(f"{pixels}: holds none of the chips {listed}; {drop(pixels)}")
        for chip in there:
            _check_chip(pixels, flags, science[chip], quality.get(chip), chip)
    return there


def _check_headers(primary: Keywords) -> None:
    primary.needed("ATODGAIN")
    primary.word("DATE-OBS")  # by which the places of the chips are interpolated


def _check_root(pixels: Path, flags: Path, own: fits.Header, other: fits.Header) -> None:
    """Refuse flags of another exposure."""
    roots = [str(header.get("ROOTNAME", "")).strip().lower() for header in (own, other)]
    if all(roots) and roots[0] != roots[1]:
        raise DatasetError(
            f"{flags}: ROOTNAME is {roots[1]}, so these are the flags of another exposure than "
            f"{pixels.name}, {roots[0]}; download them again or {drop(pixels)}"
        )


def _numbered(path: Path, hdus: Sequence[fits.ImageHDU]) -> dict[int, fits.ImageHDU]:
    """Return the extensions by the number of their chip."""
    found = [(hdu.header.get("DETECTOR"), hdu) for hdu in hdus]
    for chip, hdu in found:
        if isinstance(chip, bool) or chip not in _CHIPS:
            said = "missing" if chip is None else shown(chip)
            raise _refused(path, f"{hdu.name},{hdu.ver}: DETECTOR is {said}, no chip from 1 to 4")
    for chip, count in Counter(int(chip) for chip, _ in found).items():
        if count > 1:
            raise _refused(path, f"holds chip {chip} {count} times, by DETECTOR")
    return {int(chip): hdu for chip, hdu in found}


def _check_chip(
    pixels: Path, flags: Path, science: fits.ImageHDU, quality: fits.ImageHDU | None, chip: int
) -> None:
    label = Keywords(pixels, f"SCI,{science.ver}", science.header)
    for name in LINEAR:
        label.needed(name)
    if len(science.shape) != _IMAGE_AXES:
        raise _refused(pixels, f"SCI,{science.ver} is no image: its axes are {science.shape}")
    if quality is None or quality.shape != science.shape:
        raise _refused(flags, f"has no flags of chip {chip} of the size of its pixels", pixels)
    if not np.issubdtype(quality.data.dtype, np.integer):
        raise _refused(flags, f"holds no flags of chip {chip}: they are no whole numbers", pixels)


def _refused(path: Path, what: str, left_out: Path | None = None) -> DatasetError:
    return DatasetError(f"{path}: {what}; download it again or {drop(left_out or path)}")
