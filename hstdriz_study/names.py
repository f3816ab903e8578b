"""What may stand in a file name: names are parts of file names, never paths."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MAX_LENGTH = 64  # two of them and AstroDrizzle's suffixes stay below the 255 of file systems
ALLOWED_NAME = (
    f"1 to {_MAX_LENGTH} letters a-z or A-Z, digits and . _ - +, the first of them neither a dot "
    "nor a dash"
)
_NAME = re.compile(rf"[A-Za-z0-9_+][A-Za-z0-9._+-]{{0,{_MAX_LENGTH - 1}}}")
# Where AstroDrizzle ends the name of a product that it is given as ``output``: buildNewRootname in
# stsci.tools' fileutil.py, process_input in drizzlepac's processInput.py.
_ENDS_OUTPUT = ("_drz", "_drc", ".fits", ".c0h", ".hhh")
ALLOWED_OUTPUT = f"without {', '.join(_ENDS_OUTPUT)}, at which AstroDrizzle cuts a product's name"
_SHOWN = 100  # letters of a wrong value


def is_name(text: str) -> bool:
    """Tell whether a text can be a part of a file name."""
    return _NAME.fullmatch(text) is not None


def is_kept_in_output(text: str) -> bool:
    """Tell whether a text in AstroDrizzle's ``output`` is in the name of the product."""
    return not any(mark in text.lower() for mark in _ENDS_OUTPUT)


def shown(value: object) -> str:
    """Return a value for the one line of an error: quoted where it could not be seen."""
    text = str(value)
    if not text.isprintable() or text.strip() != text or not text:
        text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def listed(names: Sequence[str], most: int = 3) -> str:
    """Name a few of many and count the others."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def free_path(path: Path) -> Path:
    """Return a path at which nothing is yet: the one given, or ``NAME-2.SUFFIX`` and so on."""
    others = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(2))
    taken = path.exists() or path.is_symlink()
    return next(one for one in others if not one.exists()) if taken else path


def printable(text: object) -> str:
    """Return a text with a mark in place of what is no letter of any writing.

    Control characters, which a database may refuse, and the bytes of a file name that is not
    UTF-8, which no file of text can hold. Ends of lines stay.
    """
    return "".join(
        letter if letter.isprintable() or letter in _KEPT else _MARK for letter in str(text)
    )


_KEPT = "\n\t"
_MARK = "\N{REPLACEMENT CHARACTER}"
