"""From what is wanted to the exposures of a filter and where their reference files lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.dataset.local import describe_directory, left_out_warnings, select_exposures
from hstdriz_study.dataset.settings import SyntheticSource
from hstdriz_study.dataset.synthetic import synthetic_directory

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.contracts import Exposure
    from hstdriz_study.dataset.settings import DatasetSettings


@dataclass(frozen=True)
class FilterExposures:
    """Exposures of one filter.

    Attributes
    ----------
    exposures : tuple of `~hstdriz_study.contracts.Exposure`
        In order of exposure start.
    reference_dirs : dict of str to `~pathlib.Path`
        Directory of the calibration files for ``jref`` and ``iref``; a
        variable that is not in it keeps its value from the environment.
    """

    exposures: tuple[Exposure, ...]
    reference_dirs: dict[str, Path]


def load_exposures(settings: DatasetSettings) -> FilterExposures:
    """Find, or simulate on first use, the exposures of a filter.

    Raises
    ------
    DatasetError
        If they cannot be used; the message names the file and the cure.
    """
    directory, references = settings.source, settings.reference_dirs
    if isinstance(directory, SyntheticSource):
        directory = synthetic_directory(directory)
        references = {"jref": directory / "ref", "iref": directory / "ref"} | references
    found = describe_directory(directory, settings.exclude)
    return FilterExposures(select_exposures(found, settings.wanted, directory), references)


def dataset_warnings(settings: DatasetSettings, found: FilterExposures) -> tuple[str, ...]:
    """Say what of a user's directory is left out though nobody asked for it."""
    if isinstance(settings.source, SyntheticSource):
        return ()
    return left_out_warnings(settings.source, settings.exclude, found.exposures)
