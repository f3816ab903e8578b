"""Of a value that OmegaConf refuses: which key holds it, and what it must be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hstdriz_study.names import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

FULL_KEY = "full_key:"
# What OmegaConf says of a value of another type than the schema's.
_MUST = {
    "is not Optional": "have a value",
    "is incompatible with type hint 'float'": "be numbers with a decimal point",
    "converted to Float": "be a number",
    "converted to Integer": "be a whole number",
    "not a valid bool": "be true or false",
    "NoneType is not a subclass of str": "hold values, not null",
    "is not a subclass of": "be given by its keys: KEY.NAME=VALUE",
    "is not a ListConfig": "be a list: KEY=[VALUE,VALUE]",
    "to string": "be a text",
    "Cannot merge DictConfig": "be given by its keys: KEY={NAME:VALUE}",
    "does not support deletion": "have a value: give it another one instead of taking it out",
}
# What it says of a value that stands for another.
_STANDS_FOR = (
    (
        re.compile(r".*Environment variable '([^']+)' not found.*"),
        "the environment variable {0} is not set; set it, or write a value",
    ),
    (
        re.compile(r"Interpolation key '([^']+)' not found"),
        "${{{0}}} names no key; write the name of one, or a value",
    ),
    (re.compile(r"Recursive interpolation detected"), "its value refers to itself; write a value"),
    (
        re.compile(r"Unsupported interpolation type (\S+)"),
        "${{{0}:...}} is not known; write a value",
    ),
    (re.compile(r".*has missing mandatory value: \S+"), "must have a value, not ???"),
    (
        re.compile(r"(?:no viable|mismatched|token recog|extraneous).*? '(.+)'"),
        "{0} is no interpolation, or not closed; mend it",
    ),
    (re.compile(r"Incompatible key type '(\w+)'"), "a key is no word ({0}); write one"),
)
_OF_ANOTHER_KIND = re.compile(
    r"Merge error: \w+ is not a subclass of (\w+)Conf(?:ig)?\. value: (.*)"
)


def must(text: str) -> str:
    """Say what a value must be of which OmegaConf says a text, empty where that is not known."""
    return next((words for said, words in _MUST.items() if said in text), "")


def full_key(lines: Sequence[str]) -> str:
    """Return the key that OmegaConf names in the lines of an error, empty without one."""
    found = (line.removeprefix(FULL_KEY).strip() for line in lines if line.startswith(FULL_KEY))
    return next(found, "")


def unfit(lines: Sequence[str]) -> str:
    """Return the sentence of a value, given the lines of an error; empty for other errors."""
    key = full_key(lines)
    if found := _OF_ANOTHER_KIND.fullmatch(lines[0]):
        part, value = found.groups()
        name = key or part.lower()
        return (
            f"{name}: must be given by its keys, not as {shown(value)}; one of a group is chosen "
            f"under defaults, - override /{name}: NAME"
        )
    for pattern, cure in _STANDS_FOR:
        if found := pattern.fullmatch(lines[0]):
            return f"{key}: {cure.format(*found.groups())}" if key else cure.format(*found.groups())
    words = must(lines[0])
    if not words:
        return ""
    if not key:
        return "it must hold keys and values, KEY: VALUE, as studies/quickstart.yaml does"
    value = re.match(r"Value '(.*)' (of type|is not)", lines[0])
    return f"{key}{f'={shown(value[1])}' if value else ''}: must {words}"
