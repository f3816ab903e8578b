"""Whether the exposures of a filter have the WCS solution that would be used, and one alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.contracts import Finding, FindingKind
from hstdriz_study.dataset.headers.together import grouped, values_told
from hstdriz_study.dataset.solutions import (
    ACTIVE,
    UPDATEWCS,
    find_solution,
    solutions_in,
    whole_solutions_in,
)
from hstdriz_study.errors import DatasetError
from hstdriz_study.names import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from hstdriz_study.dataset.headers.claims import Claims

_N_NAMED = 12


def wrong_solutions(
    paths: Sequence[Path], claims: Sequence[Claims], label: str, wcs: str
) -> Iterator[Finding]:
    """Give what is wrong with the WCS solutions of exposures that are combined.

    Parameters
    ----------
    paths : sequence of `~pathlib.Path`
    claims : sequence of `Claims`
        Of the same files.
    label : str
        What they are exposures of, for the message.
    wcs : str
        ``updatewcs``, ``active`` or the name of a solution.

    Raises
    ------
    DatasetError
        If no exposure has the solution of that name.
    """
    by_name = grouped((chip.wcs_name or "none", one.name) for one in claims for chip in one.chips)
    if wcs not in (UPDATEWCS, ACTIVE):
        yield from _lacking(paths, label, wcs)
    elif len(by_name) > 1:
        told = values_told(by_name)
        yield _replaced(told) if wcs == UPDATEWCS else _mixed(told)


def _mixed(told: str) -> Finding:
    return Finding(
        FindingKind.WCS,
        f"prepare.wcs=active would use several WCS solutions, WCSNAME {told}, which can be tenths "
        "of an arcsecond apart; name one that all have with prepare.wcs=NAME (hstdriz-study check "
        "lists them), take prepare.wcs=updatewcs with prepare=tweakreg, or leave one kind out with "
        "dataset.exclude=[...]",
    )


def _replaced(told: str) -> Finding:
    return Finding(
        FindingKind.WCS,
        f"the files carry several WCS solutions, WCSNAME {told}; prepare.wcs=updatewcs makes all "
        "of them anew",
        stops=False,
    )


def _lacking(paths: Sequence[Path], label: str, wcs: str) -> Iterator[Finding]:
    without = [path for path in paths if find_solution(path, wcs) is None]
    if len(without) == len(paths):
        held = list(dict.fromkeys(name for path in paths for name in whole_solutions_in(path)))
        cure = f"name one of {_named(held)}, or set" if held else "none of theirs has a name; set"
        raise DatasetError(
            f"{label}: prepare.wcs={wcs} is the name of no WCS solution that an exposure has "
            f"whole, nor of a headerlet beside one; {cure} prepare.wcs=updatewcs or active"
        )
    if without:
        of_each = "; ".join(f"{path.name} has {_named(solutions_in(path))}" for path in without[:3])
        names = [path.name for path in without]
        yield Finding(
            FindingKind.WCS,
            f"prepare.wcs={wcs} is no WCS solution of {listed(names)}, which would keep the one in "
            f"use ({of_each}); name one that all have, or leave them out with "
            f"dataset.exclude=[{','.join(names)}]",
        )


def _named(names: Sequence[str]) -> str:
    return ", ".join(names[:_N_NAMED]) or "none"
