"""Whether a file has the arrays of a calibrated exposure, whole and as they were written."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from astropy.io import fits

from hstdriz_study.contracts import Finding, FindingKind
from hstdriz_study.dataset.keywords import Keywords
from hstdriz_study.dataset.opening import drop, opened
from hstdriz_study.errors import DatasetError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ARRAYS = ("SCI", "ERR", "DQ")
FLAG_BITS = 16
DIFFERS = 0  # of astropy's verify_datasum
MIN_SIDE = 16  # the smallest subarray of a star is larger on every detector


def check_structure(path: Path) -> None:
    """Refuse a file that lacks an array of a chip, or has one of another shape.

    Raises
    ------
    DatasetError
        Naming file, extension and what is wrong with it.
    """
    with opened(path) as hdus:
        there = Counter((hdu.name, hdu.ver) for hdu in hdus if hdu.name in ARRAYS)
        for (name, version), count in there.items():
            if count > 1:
                raise _refused(path, f"{name},{version} is there {count} times")
        for hdu in (one for one in hdus if one.name == "SCI"):
            for name in ARRAYS:
                _check_array(path, hdus, name, hdu)


def _check_array(path: Path, hdus: fits.HDUList, name: str, science: fits.ImageHDU) -> None:
    version = science.ver
    if (name, version) not in hdus:
        raise _refused(path, f"{name},{version} is not there, beside SCI,{version}")
    array = hdus[name, version]
    if not isinstance(array, (fits.ImageHDU, fits.CompImageHDU)):
        raise _refused(path, f"{name},{version} is no image")
    header, shape = array.header, array.shape
    if header.get("NAXIS", 0) == 0:
        constant = f", only PIXVALUE={header['PIXVALUE']}" if "PIXVALUE" in header else ""
        raise _refused(path, f"{name},{version} has no pixels (NAXIS 0){constant}")
    if len(shape) != 2:  # noqa: PLR2004 - rows and columns
        raise _refused(path, f"{name},{version} is no image: its axes are {shape}")
    if min(shape) < MIN_SIDE:
        raise _refused(path, f"{name},{version} has {_size(shape)} pixels, too few for a star")
    if shape != science.shape:
        sizes = _size(shape), _size(science.shape)
        raise _refused(path, f"{name},{version} has {sizes[0]} pixels, SCI,{version} {sizes[1]}")
    _check_numbers(path, array, whole=name == "DQ")


def _check_numbers(path: Path, array: fits.ImageHDU, *, whole: bool) -> None:
    """Refuse flags that are no whole numbers, and scaling by no number."""
    label, header = _label(array), array.header
    # HST's flags go up to 16384
    if whole and header.get("BITPIX", -1) < FLAG_BITS:
        raise _refused(path, f"{label} holds no flags: BITPIX is {header.get('BITPIX')}")
    keywords = Keywords(path, label, header)
    scale = keywords.number("BSCALE")
    if scale == 0 or (whole and scale not in (None, 1)):
        raise _refused(path, f"{label}: BSCALE is {scale:g}")
    for name in ("BZERO", "BLANK"):
        keywords.number(name)


def _size(shape: tuple[int, ...]) -> str:
    return " x ".join(str(side) for side in reversed(shape))


def changed_since(path: Path) -> Iterator[Finding]:
    """Tell the extensions whose content is not what DATASUM says, where it is given."""
    with opened(path) as hdus:
        # of an image that fpack packed, it is that of the unpacked one
        plain = [hdu for hdu in hdus if not isinstance(hdu, fits.CompImageHDU)]
        given = [hdu for hdu in plain if "DATASUM" in hdu.header]
        broken = [_label(hdu) for hdu in given if hdu.verify_datasum() == DIFFERS]
    if broken:
        yield Finding(
            FindingKind.CHECKSUM,
            f"{path.name}: the pixels of {', '.join(broken)} are not those that DATASUM was made "
            f"of: they were damaged or edited; download it again or {drop(path)}",
        )


def _label(hdu: fits.ImageHDU) -> str:
    return f"{hdu.name},{hdu.ver}"


def _refused(path: Path, what: str) -> DatasetError:
    return DatasetError(f"{path}: {what}; download it again or {drop(path)}")
