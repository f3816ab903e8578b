"""Errors whose message is one sentence a user can act on."""

from __future__ import annotations

import errno
import os
import re

SENTENCE_LENGTH = 300


class StudyError(Exception):
    """Something the user can mend: what is wrong, in which file or key, what to do.

    Anything else that escapes is a defect of the program and keeps its
    traceback.
    """


class ConfigError(StudyError):
    """A key of the configuration holds a value outside its range."""


class DatasetError(StudyError):
    """The exposures cannot be used."""


class ReferenceFileError(StudyError):
    """A calibration file named in a header cannot be found."""


class AlignmentError(StudyError):
    """TweakReg gave a shift that cannot be trusted."""


class DrizzleError(StudyError):
    """AstroDrizzle failed, or was asked for something it cannot do."""


class TrackingError(StudyError):
    """The tracking store cannot be reached or written."""


class MetricUnavailableError(StudyError):
    """A metric cannot be measured on these data; the others still can."""


class LostProcessError(StudyError):
    """A process ended before its work was done: compiled code crashed, or memory ran out."""


class ChoiceError(StudyError):
    """A rule cannot choose from these points."""


def first_line(error: BaseException) -> str:
    """Return what a foreign library says of an error, short enough for a sentence."""
    lines = str(error).strip().splitlines()
    text = lines[0] if lines else type(error).__name__
    return text if len(text) <= SENTENCE_LENGTH else f"{text[:SENTENCE_LENGTH]}…"


def trouble_of_the_disk(error: BaseException) -> str | None:
    """Say what a disk has refused and what to do; None of any other error."""
    if not isinstance(error, OSError):
        return None
    number = _number(error)
    file = refused_file(error)
    where = f"{file}: " if file else ""
    if number in _FULL:
        return f"{where}no space left on the disk; make room"
    if number in _UNUSABLE:
        return f"{where}the disk cannot be used ({os.strerror(number)}); see to it"
    return None


def refused_file(error: OSError) -> str | None:
    """Return the file that could not be written: of a copy the new one, not what is copied."""
    # filename2 is the place of a copy, a link or a renamed file
    return error.filename2 or error.filename


def _number(error: OSError) -> int:
    """Return an error's number; astropy and `shutil.copytree` have it in their words alone."""
    if "Not enough space on disk" in str(error):  # astropy's
        return errno.ENOSPC
    told = re.search(r"\[Errno (\d+)\]", str(error))
    return error.errno or (int(told[1]) if told else 0)


_FULL = (errno.ENOSPC, errno.EDQUOT)
_UNUSABLE = (errno.EIO, errno.EROFS, errno.ESTALE, errno.ENXIO, errno.EFBIG)
