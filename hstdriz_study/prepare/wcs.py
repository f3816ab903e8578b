"""From copies of exposures to ones with the WCS that ``prepare.wcs`` asks for."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.apart import apart_each
from hstdriz_study.dataset.solutions import (
    ACTIVE,
    UPDATEWCS,
    active_solution,
    find_solution,
)
from hstdriz_study.drizzlepac_options import updatewcs_options
from hstdriz_study.errors import DatasetError
from hstdriz_study.prepare.mending import forget_wcs, mend_wcs, take_solution
from hstdriz_study.workers import cores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.dataset.solutions import Solution
    from hstdriz_study.prepare.settings import PrepareSettings


def set_wcs(names: Sequence[str], inputs: Sequence[Path], settings: PrepareSettings) -> None:
    """Give copies the WCS that is asked for, put right; in place, in processes of their own.

    Parameters
    ----------
    names : sequence of str
        Of the copies, in the working directory.
    inputs : sequence of `~pathlib.Path`
        The user's files that they are copies of; headerlets may lie beside them.
    settings : `~hstdriz_study.prepare.settings.PrepareSettings`

    Raises
    ------
    DatasetError
        If stwcs cannot work with them.
    """
    taken = zip(names, solutions_taken(inputs, settings), strict=True)
    apart_each(
        partial(_set_one, settings), list(taken), cores(), settings.unfinished, doing="setting WCS"
    )


def _set_one(settings: PrepareSettings, copy: tuple[str, Solution | None]) -> None:
    name, solution = copy
    if settings.updatewcs:
        run_updatewcs([name])
    if solution is not None:
        _take(Path(name), solution, settings.wcs)
    mend_wcs(Path(name))


def solutions_taken(
    inputs: Sequence[Path], settings: PrepareSettings
) -> tuple[Solution | None, ...]:
    """Return for each exposure the solution that is put in place of the one in use, if any."""
    if settings.wcs in (UPDATEWCS, ACTIVE):
        return (None,) * len(inputs)
    found = (find_solution(path, settings.wcs) for path in inputs)
    return tuple(None if one is None or one.kind == "active" else one for one in found)


def _take(copy: Path, solution: Solution, name: str) -> None:
    try:
        take_solution(copy, solution.kind, solution.where)
    except Exception as error:
        raise DatasetError(
            f"{copy.name}: stwcs cannot restore the WCS solution prepare.wcs={name} "
            f"({type(error).__name__}: {error}); name another one, or set prepare.wcs=active"
        ) from error


def run_updatewcs(names: Sequence[str]) -> None:
    """Apply the distortion model to the headers of files in the working directory, in place.

    Raises
    ------
    DatasetError
        If stwcs cannot work with them.
    """
    from stwcs.updatewcs import updatewcs

    try:
        for name in names:
            forget_wcs(Path(name))
        updatewcs(list(names), **updatewcs_options())
    except Exception as error:
        raise DatasetError(
            f"updatewcs failed on {', '.join(names)}: {type(error).__name__}: {error}"
        ) from error


def replaced_solutions(settings: PrepareSettings, exposures: Sequence[Path]) -> tuple[str, ...]:
    """Tell which fitted WCS solutions (to Gaia, say) of the exposures updatewcs has replaced.

    MAST has put them into its files since 2019; updatewcs replaces them by
    the pointing of the guide stars.
    """
    replaced = sorted(name for name in set(map(active_solution, exposures)) if "FIT" in name)
    if not settings.updatewcs or not replaced:
        return ()
    warning = (
        f"updatewcs has replaced the fitted WCS that the files carry ({', '.join(replaced)}); "
        f"keep it with prepare.wcs=active, name it with prepare.wcs={replaced[0]}, or align with "
        "prepare=tweakreg"
    )
    return (warning,)
