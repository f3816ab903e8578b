"""From a configuration to the exposures of its filter and where their reference files lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.dataset.local import describe_directory, left_out_warnings, select_exposures
from hstdriz_study.dataset.synthetic import synthetic_directory

if TYPE_CHECKING:
    from hstdriz_study.config import StudyConfig
    from hstdriz_study.contracts import Exposure


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


def load_exposures(config: StudyConfig) -> FilterExposures:
    """Find, or simulate on first use, the exposures of ``config.filter``.

    Raises
    ------
    DatasetError
        If they cannot be used; the message names the file and the cure.
    """
    references = {
        variable: Path(value).expanduser().resolve()
        for variable, value in (("jref", config.filter.jref), ("iref", config.filter.iref))
        if value
    }
    if config.dataset.kind == "synthetic":
        directory = synthetic_directory(config)
        references = {"jref": directory / "ref", "iref": directory / "ref"} | references
    else:
        directory = _own_directory(config)
    found = describe_directory(directory, config.dataset.exclude)
    chosen = select_exposures(found, config.filter, directory)
    return FilterExposures(chosen, references)


def dataset_warnings(config: StudyConfig, found: FilterExposures) -> tuple[str, ...]:
    """Say what of a user's directory is left out though nobody asked for it."""
    if config.dataset.kind == "synthetic":
        return ()
    return left_out_warnings(_own_directory(config), config.dataset.exclude, found.exposures)


def _own_directory(config: StudyConfig) -> Path:
    return Path(str(config.dataset.path)).expanduser().resolve()
