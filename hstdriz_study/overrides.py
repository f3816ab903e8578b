"""From a key and what it is to hold to an override that a person can paste behind the command."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# What Hydra reads without quotes as one text (its grammar, OverrideParser.g4), and a shell too.
_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_/.+-]*")
_NO_TEXT = ("null", "true", "false", "nan", "inf")
_OF_SHELL = re.compile(r"[\"$`\\!]")  # not what it is between double quotes
_MANY = 12


def override(key: str, value: str) -> str:
    """Return ``KEY=VALUE`` with the quotes that Hydra and a shell need.

    Examples
    --------
    >>> override("dataset.path", "/data/m31")
    'dataset.path=/data/m31'
    >>> print(override("dataset.path", "/data/M 31 (new)"))
    "dataset.path='/data/M 31 (new)'"
    """
    return _for_shell(f"{key}={quoted(value)}")


def excluding(names: Iterable[str]) -> str:
    """Return the override that leaves exposures out, also of those with odd names.

    Examples
    --------
    >>> excluding(["a_flt.fits", "b_flt.fits"])
    'dataset.exclude=[a_flt.fits,b_flt.fits]'
    >>> print(excluding(["a, 2_flt.fits"]))
    "dataset.exclude=['a, 2_flt.fits']"
    """
    given = list(names)
    if len(given) > _MANY:
        return "dataset.exclude=[...]"
    return _for_shell(f"dataset.exclude=[{','.join(map(quoted, given))}]")


def quoted(text: str) -> str:
    """Quote a text for Hydra where it would be read as something else."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NO_TEXT:
        return text
    # backslashes count before a quote and before ${, which begins an interpolation
    escaped = re.sub(r"(\\*)(?='|\Z)", r"\1\1", text).replace("'", "\\'")
    return "'" + re.sub(r"(\\*)\$\{", r"\1\1\\${", escaped) + "'"


def _for_shell(text: str) -> str:
    if not re.search(r"[^A-Za-z0-9_/.,+=\[\]:-]", text):
        return text
    return shlex.quote(text) if _OF_SHELL.search(text) else f'"{text}"'
