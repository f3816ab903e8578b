"""Whether exposures and files of a user's are what a sweep needs, before anything is written."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.dataset import load_exposures
from hstdriz_study.dataset.copies import copy_name
from hstdriz_study.dataset.solutions import UPDATEWCS
from hstdriz_study.drizzle.ivm import check_weighting
from hstdriz_study.errors import LostProcessError, StudyError
from hstdriz_study.field.belonging import belonging_levels
from hstdriz_study.field.elsewhere import refuse_elsewhere
from hstdriz_study.prepare.references import reference_files
from hstdriz_study.prepare.shifts import given_shifts
from hstdriz_study.study.config import dataset_settings, drizzle_settings, field_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.study.config import StudyConfig


def check_inputs(points: Sequence[StudyConfig]) -> None:
    """Check what can be checked of exposures before they are prepared.

    Parameters
    ----------
    points : sequence of `~hstdriz_study.study.config.StudyConfig`

    Raises
    ------
    StudyError
        If a file cannot be used; if what is to be measured lies beside the exposures of every
        filter.
    """
    for point in distinct_datasets(points):
        _check(point)
    filters = {point.filter.name: point for point in points}.values()
    refused = [why for point in filters if (why := _elsewhere(point))]
    if len(refused) == len(filters):
        raise refused[0]


def distinct_datasets(points: Sequence[StudyConfig]) -> list[StudyConfig]:
    """Return one point for each combination that the checks of the data depend on."""
    distinct = {
        repr((point.filter, point.dataset, point.prepare, point.drizzle)): point for point in points
    }
    return list(distinct.values())


def _check(point: StudyConfig) -> None:
    settings, wanted = drizzle_settings(point), dataset_settings(point)
    if point.dataset.kind == "synthetic":
        return  # made with all else it needs
    found = load_exposures(wanted)
    paths = [exposure.path for exposure in found.exposures]
    if point.prepare.wcs == UPDATEWCS:
        reference_files(paths, found.reference_dirs)
    if point.prepare.shifts:
        given_shifts(Path(point.prepare.shifts), [copy_name(path) for path in paths])
    check_weighting(settings, paths, found.reference_dirs)
    with suppress(LostProcessError):  # told when its filter is set up
        belonging_levels(found, field_options(point))


def _elsewhere(point: StudyConfig) -> StudyError | None:
    """Return why nothing of a filter can be measured where the user wants it, if so."""
    options = field_options(point)
    if options.regions.region is options.regions.leave_out is None:
        return None
    try:
        refuse_elsewhere(load_exposures(options.dataset), options)
    except StudyError as error:
        return error
    return None
