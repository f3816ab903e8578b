"""From exposures of WFPC2, whose flags lie in files of their own, to files as of later cameras.

The archive has them as c0m and c1m, and had them as c0f and c1f (all chips in one array); `flt`
files of DrizzlePac's hold both. Of the four chips those of one camera are taken, for the pixels of
the Planetary Camera are half as large as the others' on the sky, and weigh and resolve otherwise.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import warnings
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

from hstdriz_study.cache import file_checksum
from hstdriz_study.contracts import Finding, FindingKind
from hstdriz_study.dataset.copies import copy_name, unpack
from hstdriz_study.dataset.opening import drop, opened
from hstdriz_study.errors import DatasetError
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.keys import Code, cached_stage, stage_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hstdriz_study.contracts import Exposure
    from hstdriz_study.dataset.settings import DatasetSettings

CAMERAS = {"PC": (1,), "WF": (2, 3, 4)}
"""Chips, DETECTOR of their headers, of each camera."""

SHADED_AT_MOST = 0.1  # of the pixels of a column or row that is lit
_SOURCES = "sources.json"
_PIXELS = re.compile(r"_c0([fm]\.fits(?:\.(?:gz|fz))?)$", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """The files of one exposure, and what is taken of them.

    Attributes
    ----------
    pixels, flags : str
    chips : tuple of int
    with_rows : bool
        Whether the file that DGEOFILE names, with the height of rows, is there.
    """

    pixels: str
    flags: str
    chips: tuple[int, ...]
    with_rows: bool


def chips_apart(
    settings: DatasetSettings, exposures: Sequence[Exposure]
) -> tuple[tuple[Exposure, ...], tuple[Finding, ...]]:
    """Return exposures of WFPC2 as ``flt`` files of one camera, made on first use.

    Parameters
    ----------
    settings : `~hstdriz_study.dataset.settings.DatasetSettings`
        Whose ``wanted.detector`` is ``PC`` or ``WF``.
    exposures : sequence of `~hstdriz_study.contracts.Exposure`

    Returns
    -------
    exposures : tuple of `~hstdriz_study.contracts.Exposure`
    findings : tuple of `~hstdriz_study.contracts.Finding`
        What is told of them.

    Raises
    ------
    DatasetError
        If the flags of one are not there, or it has no chip of the camera.
    """
    camera, cache_dir = settings.wanted.detector, settings.cache_dir
    missing = _missing_tables([one.path for one in exposures], settings.reference_dirs)
    sources = [
        Source(str(path), str(flags_of(path)), CAMERAS[camera], path not in missing)
        for path in (one.path for one in exposures)
    ]
    files = [Path(path) for one in sources for path in (one.pixels, one.flags)]
    stage = stage_key(
        [_GATHERING],
        cache_dir,
        inputs={"exposures": [[path.name, file_checksum(path)] for path in files]},
        options={"sources": [asdict(one) for one in sources]},
    )

    def build(directory: Path) -> None:
        for one in sources:
            _gather(directory, one)
        by_name = {flt_name(Path(one.pixels)): asdict(one) for one in sources}
        write_json(directory / _SOURCES, by_name)

    needed = ("drizzlepac.wfpc2Data", "stsci.tools.convertwaiveredfits")
    parent = cache_dir / "wfpc2"
    entry = cached_stage(parent, settings.wanted.name, stage, build, imports=needed)
    gathered = tuple(
        replace(one, path=entry / flt_name(one.path), detector=camera) for one in exposures
    )
    return gathered, _told(missing)


def source_of(exposure: Path) -> Source | None:
    """Return the files of the user's of which an exposure was gathered; None if it was not."""
    kept = exposure.parent / _SOURCES
    if not kept.is_file():
        return None
    stored = read_json(kept)[exposure.name]
    return Source(**stored | {"chips": tuple(stored["chips"])})


def _missing_tables(paths: Iterable[Path], reference_dirs: Mapping[str, Path]) -> dict[Path, str]:
    """Return which exposures name a DGEOFILE that is not there, and its name."""
    missing = {}
    for path in paths:
        with opened(path) as hdus:
            named = str(hdus[0].header.get("DGEOFILE", "")).strip()
        variable, separator, name = named.partition("$")
        directory = reference_dirs.get(variable) or os.environ.get(variable)
        if separator and not (directory and (Path(directory).expanduser() / name).is_file()):
            missing[path] = named
    return missing


def _told(missing: Mapping[Path, str]) -> tuple[Finding, ...]:
    if not missing:
        return ()
    path, named = next(iter(missing.items()))
    more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
    told = (
        f"{path.name}{more}: DGEOFILE={named} is not there, so positions are those without it: "
        "near every 34th row, which is narrower, up to 0.03 pixels off (Anderson & King 1999, "
        "PASP 111, 1095); fetch it from the CRDS archive into filter.uref=DIR"
    )
    return (Finding(FindingKind.WCS, told, stops=False),)


def flags_of(pixels: Path) -> Path:
    """Return the file that holds the flags of an exposure of WFPC2.

    Raises
    ------
    DatasetError
        If it is not beside the exposure.
    """
    named = _PIXELS.search(pixels.name)
    if named is None:  # an flt
        return pixels
    stem = pixels.name[: named.start()]
    letter = named[1][0]
    names = [f"{stem}_c1{end}" for end in (named[1], f"{letter}.fits", f"{letter}.fits.gz")]
    found = next((path for one in names if (path := pixels.with_name(one)).is_file()), None)
    if found is None:
        raise DatasetError(
            f"{pixels}: its flags, {names[0]}, are not beside it; download them too or "
            f"{drop(pixels)}"
        )
    return found


def flt_name(pixels: Path) -> str:
    """Return the name of the file that holds pixels and flags of an exposure."""
    return re.sub(r"_(?:c0[fm]|flt)\.fits$", "_flt.fits", copy_name(pixels), flags=re.IGNORECASE)


def _gather(directory: Path, source: Source) -> None:
    copies = directory / "pixels.fits", directory / "flags.fits"
    originals = Path(source.pixels), Path(source.flags)
    for copy, original in zip(copies, originals, strict=True):
        with opened(original):  # whatever is wrong with it, a sentence
            shutil.copyfile(original, copy)
        unpack(copy)
    try:
        gather(
            *copies, source.chips, directory / flt_name(originals[0]), with_rows=source.with_rows
        )
    except (KeyError, ValueError) as error:
        raise DatasetError(f"{originals[0]}: {error.args[0]}; {drop(originals[0])}") from None
    for copy in copies:
        copy.unlink()


# The product script holds the text of the functions below: they need nothing but numpy,
# astropy.io.fits, drizzlepac, stsci.tools and pathlib.Path.


def gather(
    pixels: Path, flags: Path, chips: tuple[int, ...], made: Path, *, with_rows: bool
) -> None:
    """Write some chips of an exposure of WFPC2 with their flags and errors into one file.

    Pixels stay in the numbers (DN) of the file. Errors are those of photons and read noise.
    Saturation of the converter (flag 8) has the flag of saturation of later cameras (256) too.
    Where the edge of the pyramid mirror shades a chip (flag 2) is noted.

    Parameters
    ----------
    pixels, flags : `~pathlib.Path`
        Unpacked files; one and the same if it holds both.
    chips : tuple of int
    made : `~pathlib.Path`
    with_rows : bool
        Whether DGEOFILE, with the height of rows, is there to be used.

    Raises
    ------
    KeyError
        If ATODGAIN is not there.
    ValueError
        If no such chip is there, one lacks its flags, or ATODGAIN is not 7 or 15.
    """
    science, flagged = chips_of(pixels, ("SCI",)), chips_of(flags, ("DQ", "SDQ", "SCI"))
    there = [chip for chip in chips if chip in science]
    if not there:
        raise ValueError(f"holds none of the chips {', '.join(map(str, chips))}")
    for chip in there:
        if chip not in flagged or flagged[chip][0].shape != science[chip][0].shape:
            raise ValueError(f"has no flags of chip {chip} of the size of its pixels")
    with fits.open(pixels) as hdus:
        primary = hdus[0].header.copy()
    for keyword in ("NAXIS1", "NAXIS2", "NAXIS3"):
        primary.remove(keyword, ignore_missing=True)
    if not with_rows:
        primary["DGEOFILE"] = "N/A"
    wheel = [str(primary.get(name, "")).strip() for name in ("FILTNAM1", "FILTNAM2")]
    primary["FILTER"] = ("+".join(filter(None, wheel)), "of FILTNAM1 and FILTNAM2")
    primary["DETECTOR"] = ("PC" if there == [1] else "WF", "which chips this file holds")
    primary["FILENAME"], primary["NEXTEND"] = made.name, 3 * len(there)
    of_chips = [
        chip_arrays(*science[chip], flagged[chip][0], primary["ATODGAIN"]) for chip in there
    ]
    # in this order: DrizzlePac 3.11 looks for the flags of the n-th extension in DQ,n
    out = fits.HDUList(
        [fits.PrimaryHDU(header=primary), *itertools.chain(*zip(*of_chips, strict=True))]
    )
    for version, hdu in enumerate(out[1:]):
        hdu.ver = version % len(there) + 1
    out.writeto(made, output_verify="silentfix")


def chip_arrays(
    data: np.ndarray, header: fits.Header, flags: np.ndarray, step: float
) -> tuple[fits.ImageHDU, fits.ImageHDU, fits.ImageHDU]:
    """Return pixels, errors and flags of one chip; ``step`` is ATODGAIN."""
    from drizzlepac.wfpc2Data import WFPC2_GAINS

    chip = header["DETECTOR"]
    if step not in WFPC2_GAINS[chip]:
        raise ValueError(f"ATODGAIN is {step}, not 7 or 15")
    gain, noise = WFPC2_GAINS[chip][step]
    header["BUNIT"], header["CCDCHIP"] = "COUNTS", chip
    header["EPERDN"] = (gain, "electrons in one unit of the pixels")
    for axis, keyword in ((0, "LITX"), (1, "LITY")):
        header[keyword] = (first_lit(flags & 2 > 0, axis), "first lit pixel, from 0")
    error = np.sqrt(np.clip(data * gain, 0, None) + noise**2) / gain
    bad = np.where(flags & 8 > 0, flags | 256, flags)
    return (
        fits.ImageHDU(data.astype(np.float32), header, name="SCI"),
        fits.ImageHDU(error.astype(np.float32), header, name="ERR"),
        fits.ImageHDU(bad.astype(np.int16), header, name="DQ"),
    )


def chips_of(path: Path, names: tuple[str, ...]) -> dict[int, tuple[np.ndarray, fits.Header]]:
    """Return array and header of each chip by its number, of the first name that is there."""
    from stsci.tools.convertwaiveredfits import convertwaiveredfits

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of how the columns of old tables are to be displayed
        with fits.open(path) as hdus:
            in_one_array = hdus[0].header["NAXIS"] > 0
        hdus = convertwaiveredfits(str(path)) if in_one_array else fits.open(path)
    with hdus:
        name = next((one for one in names if one in hdus), None)
        return {
            int(hdu.header["DETECTOR"]): (np.asarray(hdu.data), hdu.header.copy())
            for hdu in hdus
            if name and hdu.name == name
        }


def first_lit(shaded: np.ndarray, axis: int) -> int:
    """Return the first column (axis 0) or row (1) of which the pyramid shades less than a tenth.

    The shadow of the other side, which is across, is left out of account.
    """
    half = shaded.shape[0] // 2
    part = shaded[half:] if axis == 0 else shaded[:, half:]
    lit = part.mean(axis=axis) < SHADED_AT_MOST
    return int(np.argmax(lit)) if lit.any() else 0


_GATHERING = Code(
    "gathering chips",
    roots=(_gather,),
    libraries=("astropy", "drizzlepac", "numpy", "stsci.tools"),
)
