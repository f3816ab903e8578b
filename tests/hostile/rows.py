"""A row of the table of hostile input: what is broken, and what must be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Spoil = Callable[[Path], object]


@dataclass(frozen=True)
class BrokenInput:
    """A set of exposures, one or all of which cannot be used.

    Attributes
    ----------
    kind, what : str
        Which kind of fault it is, and the fault itself, in the words of the table.
    said : str
        What the sentence says of it.
    spoil : callable
        Breaks the copies of four sound exposures that it is given.
    names_file : bool
        Whether the second exposure is named.
    """

    kind: str
    what: str
    said: str
    spoil: Callable[[Sequence[Path]], object]
    names_file: bool = True


def second(kind: str, what: str, said: str, spoil: Spoil) -> BrokenInput:
    """Break the second exposure alone."""
    return BrokenInput(kind, what, said, lambda paths: spoil(paths[1]))


def all_four(kind: str, what: str, said: str, spoil: Spoil) -> BrokenInput:
    """Break all four alike, and name none."""
    return BrokenInput(
        kind, what, said, lambda paths: [spoil(path) for path in paths], names_file=False
    )


def of_set(kind: str, what: str, said: str, spoil: Callable[[Sequence[Path]], object],
         *, names_file: bool = True) -> BrokenInput:  # fmt: skip
    """Break the set as a whole."""
    return BrokenInput(kind, what, said, spoil, names_file)


@dataclass(frozen=True)
class BrokenSetting:
    """What is typed, and cannot be meant.

    Attributes
    ----------
    kind, typed : str
        Which kind of mistake it is, and the arguments, separated by spaces outside of quotes.
    said : str
        What the sentence says of it.
    """

    kind: str
    typed: str
    said: str
