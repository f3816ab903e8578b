"""What was typed and Hydra cannot read: which argument, and how it is to be typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hstdriz_study.names import shown
from hstdriz_study.overrides import override

if TYPE_CHECKING:
    from hydra.errors import OverrideParseException

_KEY = re.compile(r"(\+\+|\+|~)?[A-Za-z_][\w/]*([.@:]\w+)*")
_NO_OVERRIDE = "not GROUP=NAME or KEY=VALUE; a command comes first"
_AMBIGUOUS = re.compile(r"Ambiguous value for argument '([^=]+)=(.*)'")


def unread(error: OverrideParseException) -> str:
    """Return the sentence for an argument that Hydra's grammar does not know."""
    typed = str(error.override)
    key, equals, value = typed.partition("=")
    if not equals:
        return f"{shown(typed)}: {_NO_OVERRIDE}"
    if not _KEY.fullmatch(key):
        return f"{shown(typed)}: {shown(key)} is no key; type KEY=VALUE, as filter=f160w"
    if error.__cause__ is not None:  # of range(), choice() and the like
        reason = str(error).splitlines()[1].partition(": ")[2] or str(error.__cause__)
        return f"{shown(typed)}: {reason}; list the values instead, {key}=VALUE,VALUE"
    return f"{shown(typed)}: {_cure(key, value)}"


def _cure(key: str, value: str) -> str:
    if value.endswith(","):
        return f"a value is missing behind the comma; type {key}=VALUE,VALUE"
    if value[:1] in ("'", '"', "[", "{"):
        return (
            "a quote or bracket in it is not closed, or stands where none can; type "
            f"{key}=[VALUE,VALUE] for a list, \"{key}='VALUE'\" for a text"
        )
    return f"a value with a sign that Hydra cannot read needs quotes: {override(key, value)}"


def several(text: str) -> str | None:
    """Return the sentence for several values where one is taken; None for another text."""
    found = _AMBIGUOUS.fullmatch(text)
    if found is None:
        return None
    key, value = found.groups()
    return (
        f"{key}={value}: give one value here, or a list [VALUE,VALUE]; one value with a comma "
        f"needs quotes: {override(key, value)}"
    )
