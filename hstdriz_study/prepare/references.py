"""From the headers of the exposures to the calibration files they name."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from astropy.io import fits

from hstdriz_study.contracts import WFPC2
from hstdriz_study.errors import ReferenceFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

DISTORTION_KEYWORDS = ("IDCTAB", "NPOLFILE", "D2IMFILE", "OFFTAB")
_ABSENT = ("", "N/A", "NONE")
_OF_DETECTOR = ("INSTRUME", "DETECTOR")
_ANY = {"", "ANY", "N/A"}


def reference_files(
    exposures: Sequence[Path],
    directories: Mapping[str, Path],
    keywords: Sequence[str] = DISTORTION_KEYWORDS,
) -> list[Path]:
    """Find the calibration files that the exposures name.

    Parameters
    ----------
    exposures : sequence of `~pathlib.Path`
    directories : mapping of str to `~pathlib.Path`
        Directory for a variable such as ``jref``; others come from the
        environment.
    keywords : sequence of str
        Primary-header keywords to look at; ``N/A`` means no file.

    Returns
    -------
    list of `~pathlib.Path`
        Sorted, each once.

    Raises
    ------
    ReferenceFileError
        Naming the exposure, keyword, variable and directory, or the detector that a file is of.
    """
    found: set[Path] = set()
    if "OFFTAB" in keywords:
        _check_chips_placed(exposures)
    for exposure, keyword, value in named_references(exposures, keywords):
        path = _locate(exposure, keyword, value, directories)
        _check_detector(exposure, keyword, path)
        found.add(path)
    return sorted(found)


def _check_chips_placed(exposures: Sequence[Path]) -> None:
    """Refuse exposures of WFPC2 without the places of their chips, which stwcs divides by."""
    for exposure in exposures:
        header = fits.getheader(exposure, 0)
        offtab = str(header.get("OFFTAB", "")).strip()
        if header.get("INSTRUME") == WFPC2 and offtab.upper() in _ABSENT:
            raise ReferenceFileError(
                f"{exposure.name}: OFFTAB is {offtab or 'missing'}, without which the places of "
                "WFPC2's chips are not known; download it again or take the WCS of the files with "
                "prepare.wcs=active"
            )


def named_references(
    exposures: Iterable[Path], keywords: Iterable[str] = DISTORTION_KEYWORDS
) -> Iterator[tuple[Path, str, str]]:
    """Give exposure, keyword and value of each calibration file that the exposures name."""
    wanted = tuple(keywords)
    for exposure in exposures:
        header = fits.getheader(exposure, 0)
        for keyword in wanted:
            value = str(header.get(keyword, "")).strip()
            if value.upper() not in _ABSENT:
                yield exposure, keyword, value


def _check_detector(exposure: Path, keyword: str, path: Path) -> None:
    """Refuse a calibration file of another detector, which stwcs takes without a word."""
    header = fits.getheader(exposure, 0)
    own = tuple(_word(header, name) for name in _OF_DETECTOR)
    differ = [
        (name, mine, other)
        for name, mine, other in zip(_OF_DETECTOR, own, _detector_of_file(path), strict=True)
        if not {mine, other} & _ANY and mine != other
    ]
    if differ:
        said = " and ".join(f"{name} {other}, not {mine}" for name, mine, other in differ)
        raise ReferenceFileError(
            f"{exposure.name}: {keyword}={path.name} is of {said}; stwcs would give the exposure "
            "the distortion and pixel scale of the other detector; calibrate it again or correct "
            f"{keyword}"
        )


@cache
def _detector_of_file(path: Path) -> tuple[str, ...]:
    """Return what the file's header says; empty words where it says nothing, or cannot be read."""
    try:
        header = fits.getheader(path, 0)
    except OSError:
        return ("",) * len(_OF_DETECTOR)
    return tuple(_word(header, name) for name in _OF_DETECTOR)


def _word(header: fits.Header, keyword: str) -> str:
    return str(header.get(keyword, "")).strip().upper()


def _locate(exposure: Path, keyword: str, value: str, directories: Mapping[str, Path]) -> Path:
    variable, separator, name = value.partition("$")
    if not separator:
        path = Path(value)
        if path.is_file():
            return path.resolve()
        raise ReferenceFileError(
            f"{exposure.name} needs {keyword}={value}, and there is no such file"
        )
    directory = directories.get(variable) or os.environ.get(variable)
    if not directory:
        raise ReferenceFileError(
            f"{exposure.name} needs {keyword}={value}, but the variable {variable} is not set; "
            f"set filter.{variable}=DIR to the directory that holds {name}"
        )
    path = Path(directory).expanduser() / name
    if not path.is_file():
        raise ReferenceFileError(
            f"{exposure.name} needs {keyword}={value}, but {name} is not in {variable}="
            f"{directory}; fetch it from the CRDS archive or set filter.{variable}=DIR"
        )
    return path.resolve()


def reference_environment(directories: Mapping[str, Path]) -> dict[str, str]:
    """Return the variables as DrizzlePac wants them: with a trailing slash."""
    return {name: f"{Path(path).expanduser()}{os.sep}" for name, path in directories.items()}
