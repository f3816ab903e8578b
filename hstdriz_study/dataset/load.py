"""From what is wanted to the exposures of a filter and where their reference files lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.contracts import WFPC2, as_warning, refuse_stopping
from hstdriz_study.dataset.left_out import without_effect
from hstdriz_study.dataset.local import (
    crossed_with,
    describe_directory,
    left_out_warnings,
    select_exposures,
)
from hstdriz_study.dataset.settings import SyntheticSource
from hstdriz_study.dataset.synthetic import synthetic_directory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.contracts import Exposure, Finding
    from hstdriz_study.dataset.settings import DatasetSettings


@dataclass(frozen=True)
class FilterExposures:
    """Exposures of one filter.

    Attributes
    ----------
    exposures : tuple of `~hstdriz_study.contracts.Exposure`
        In order of exposure start.
    reference_dirs : dict of str to `~pathlib.Path`
        Directory of the calibration files for ``jref``, ``iref`` and
        ``uref``; a variable that is not in it keeps its value from the environment.
    findings : tuple of `~hstdriz_study.contracts.Finding`
        What their headers say is wrong, and is accepted or only told.
    crossed : tuple of `~hstdriz_study.contracts.Exposure`
        Exposures beside them through the filter and another, which are left out.
    """

    exposures: tuple[Exposure, ...]
    reference_dirs: dict[str, Path]
    findings: tuple[Finding, ...] = ()
    crossed: tuple[Exposure, ...] = ()


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
    chosen = select_exposures(found, settings.wanted, directory)
    if isinstance(settings.source, SyntheticSource):
        return FilterExposures(chosen, references)
    gathered, told = _gathered(chosen, settings)
    findings = (*told, *_findings(gathered, settings))
    return FilterExposures(gathered, references, findings, crossed_with(found, settings.wanted))


def _gathered(
    chosen: tuple[Exposure, ...], settings: DatasetSettings
) -> tuple[tuple[Exposure, ...], tuple[Finding, ...]]:
    """Return exposures as files that hold their flags and one camera alone."""
    if settings.wanted.instrument != WFPC2:
        return chosen, ()
    # here, because other exposures need none of what it brings
    from hstdriz_study.dataset.wfpc2 import chips_apart

    return chips_apart(settings, chosen)


def _findings(chosen: Sequence[Exposure], settings: DatasetSettings) -> tuple[Finding, ...]:
    """Return what is wrong with exposures of a user's and does not stop a study."""
    # here, because simulated exposures need none of what it brings
    from hstdriz_study.dataset.headers import examine_headers

    label = f"filter={settings.wanted.name}"
    found = examine_headers(
        [exposure.path for exposure in chosen],
        label,
        settings.wanted.native_scale_arcsec,
        settings.wcs,
    )
    refuse_stopping(label, found, settings.accept)
    return tuple(found)


def dataset_warnings(settings: DatasetSettings, found: FilterExposures) -> tuple[str, ...]:
    """Say what of a user's directory is left out, what excludes nothing, and what was found."""
    if isinstance(settings.source, SyntheticSource):
        return ()
    return (
        *left_out_warnings(settings.source, settings.exclude, found.exposures, found.crossed),
        *without_effect(settings.source, settings.exclude),
        *(as_warning(finding) for finding in found.findings),
    )
