"""From a user's directory to the exposures of one filter, or a sentence why not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hstdriz_study.conf_files import shipped_filters
from hstdriz_study.contracts import MIN_EXPOSURES, WFPC2
from hstdriz_study.dataset.copies import check_copy_names, copy_name
from hstdriz_study.dataset.left_out import (
    exposure_files,
    other_content,
    overlooked,
    root_of,
    uncorrected,
)
from hstdriz_study.dataset.misspelt import check_spelling
from hstdriz_study.dataset.reading import read_exposure
from hstdriz_study.dataset.twice import check_each_once
from hstdriz_study.errors import DatasetError
from hstdriz_study.names import listed, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from hstdriz_study.contracts import Exposure
    from hstdriz_study.dataset.settings import WantedFilter


def describe_directory(directory: Path, exclude: Iterable[str] = ()) -> list[Exposure]:
    """Describe every exposure of a directory and the folders below, ordered by exposure start.

    Where both exist for one exposure the flc is taken (corrected for charge
    transfer), the flt is left out.

    Parameters
    ----------
    directory : `~pathlib.Path`
    exclude : iterable of str
        Rootnames or file names to leave out.

    Raises
    ------
    DatasetError
        If there is no such directory or nothing in it, or a file is unusable.
    """
    if directory.is_file():
        raise DatasetError(
            f"dataset.path={directory}: is a file; give the directory of the exposures, and leave "
            "others out with dataset.exclude"
        )
    if not directory.is_dir():
        raise DatasetError(f"dataset.path={directory}: no such directory")
    left_out = {name.lower() for name in exclude}
    paths = exposure_files(directory, left_out)
    if not paths:
        held = overlooked(directory, left_out)
        raise DatasetError(
            f"dataset.path={directory}: holds no *_flt.fits or *_flc.fits file (of WFPC2: "
            "*_c0m.fits or *_c0f.fits)"
            + (" that dataset.exclude leaves over" if left_out else "")
            + (f"; it holds {held}" if held else "")
        )
    corrected = {name for path in paths if "_flc." in (name := copy_name(path))}
    kept = [
        path
        for path in paths
        if (name := copy_name(path)) in corrected or name.replace("_flt.", "_flc.") not in corrected
    ]
    return sorted(map(read_exposure, kept), key=lambda one: (one.expstart_mjd, one.path))


def left_out_warnings(
    directory: Path, exclude: Iterable[str], chosen: Sequence[Exposure], crossed: Sequence[Exposure]
) -> tuple[str, ...]:
    """Say which exposures of a directory are left out though nobody asked for it.

    Parameters
    ----------
    directory : `~pathlib.Path`
    exclude : iterable of str
        Rootnames or file names that are left out on purpose.
    chosen : sequence of `~hstdriz_study.contracts.Exposure`
        Those of one filter that are taken.
    crossed : sequence of `~hstdriz_study.contracts.Exposure`
        Those through that filter and another.
    """
    left_out = {name.lower() for name in exclude}
    taken = {root_of(path.name) for path in exposure_files(directory, left_out)}
    held = overlooked(directory, taken | left_out)
    told = (
        held and f"dataset.path={directory}: left out: {held}; or name them in dataset.exclude",
        other_content(directory, left_out),
        uncorrected(chosen, left_out),
        _told_crossed(directory, crossed) if crossed else None,
    )
    return tuple(filter(None, told))


def _told_crossed(directory: Path, crossed: Sequence[Exposure]) -> str:
    filters = ", ".join(sorted({one.filter for one in crossed}))
    names = listed([shown(one.path.name) for one in crossed])
    return (
        f"dataset.path={directory}: left out: {names}, taken through crossed filters ({filters}), "
        "not through one alone; or name them in dataset.exclude"
    )


def crossed_with(exposures: Iterable[Exposure], wanted: WantedFilter) -> tuple[Exposure, ...]:
    """Return the exposures that were taken through a filter and another at once."""
    return tuple(
        one
        for one in exposures
        if one.filter != wanted.filter
        and wanted.filter in one.filter.split("+")
        and _is_of_detector(one, wanted.instrument, wanted.detector)
    )


def select_exposures(
    exposures: Sequence[Exposure], wanted: WantedFilter, where: Path
) -> tuple[Exposure, ...]:
    """Keep the exposures of one filter and check that they can be combined.

    Raises
    ------
    DatasetError
        If there are fewer than two, one is there under two names, or one is of no detector or
        filter of the telescope.
    """
    check_spelling(exposures, wanted)
    label = f"{wanted.instrument}/{wanted.detector} {wanted.filter}"
    chosen = tuple(
        one for one in exposures if _is_of(one, wanted.instrument, wanted.detector, wanted.filter)
    )
    if not chosen:
        found = Counter(_label(exposure) for exposure in exposures)
        listing = ", ".join(f"{name} ({count})" for name, count in sorted(found.items()))
        raise DatasetError(
            f"filter={wanted.name}: no {label} exposures in {where}; it holds {listing}"
            f"{_told_fitting(exposures)}"
        )
    check_each_once(chosen, f"filter={wanted.name}", where)
    check_copy_names(exposure.path for exposure in chosen)
    if len(chosen) < MIN_EXPOSURES:
        raise DatasetError(
            f"filter={wanted.name}: only one exposure in {where} ({chosen[0].path.name}); "
            "drizzling a dither needs two or more"
        )
    return chosen


def _told_fitting(exposures: Sequence[Exposure]) -> str:
    """Name the shipped filters that exposures are of; empty without any."""
    fitting = [
        f"filter={name}"
        for name, said in shipped_filters().items()
        if any(
            _is_of(one, said["instrument"], said["detector"], said["filter"]) for one in exposures
        )
    ]
    return f"; take {' or '.join(fitting)}" if fitting else ""


def _is_of(exposure: Exposure, instrument: str, detector: str, name: str) -> bool:
    return exposure.filter == name and _is_of_detector(exposure, instrument, detector)


def _is_of_detector(exposure: Exposure, instrument: str, detector: str) -> bool:
    # a file of WFPC2 holds the chips of both of its cameras
    same_camera = instrument == WFPC2 or exposure.detector == detector
    return exposure.instrument == instrument and same_camera


def _label(exposure: Exposure) -> str:
    return f"{exposure.instrument}/{exposure.detector} {exposure.filter}"
