"""What was probably meant by a word that is not known."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


def did_you_mean(word: str, known: Collection[str]) -> str:
    """Return ``did you mean NAME?`` for the nearest, empty where none is near."""
    names = {name.lower(): name for name in known}
    near = get_close_matches(word.lower(), names, n=1)
    return f"did you mean {names[near[0]]}?" if near and names[near[0]] != word else ""


def nearest_key(key: str, known: Collection[str]) -> str:
    """Return the like for a dotted key; one whose room was left out or is another counts too."""
    known = [one for one in known if one != key]
    alike = [one for one in known if ("." in one) == ("." in key)]
    if told := did_you_mean(key, alike) or did_you_mean(key, known):
        return told
    last = {one.rpartition(".")[2]: one for one in known}
    near = get_close_matches(key.rpartition(".")[2], last, n=1, cutoff=0.75)
    return f"did you mean {last[near[0]]}?" if near else ""
