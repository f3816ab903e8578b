"""Which exposures are wanted, and where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.simulate import Band, SyntheticSpec


@dataclass(frozen=True)
class WantedFilter:
    """A filter: its name; INSTRUME, DETECTOR and filter as headers have them; unbinned pixels."""

    name: str
    instrument: str
    detector: str
    filter: str
    native_scale_arcsec: float


@dataclass(frozen=True)
class SyntheticSource:
    """Exposures that are simulated.

    Attributes
    ----------
    band : `~hstdriz_study.simulate.Band`
    spec : `~hstdriz_study.simulate.SyntheticSpec`
    cache_dir : `~pathlib.Path`
        Where they are kept.
    """

    band: Band
    spec: SyntheticSpec
    cache_dir: Path


@dataclass(frozen=True)
class DatasetSettings:
    """The exposures of one filter.

    Attributes
    ----------
    wanted : `WantedFilter`
    source : `~pathlib.Path` or `SyntheticSource`
        A user's directory, or what is simulated.
    exclude : tuple of str
        Rootnames or file names to leave out.
    reference_dirs : dict of str to `~pathlib.Path`
        Directories of calibration files that are set, by ``jref``, ``iref`` and ``uref``.
    wcs : str
        Which WCS is used (`~hstdriz_study.prepare.PrepareSettings`).
    accept : tuple of str
        Kinds of findings (`~hstdriz_study.contracts.FindingKind`) that do not stop a study.
    cache_dir : `~pathlib.Path`
        Where files are kept that are made of the user's.
    """

    wanted: WantedFilter
    source: Path | SyntheticSource
    exclude: tuple[str, ...]
    reference_dirs: dict[str, Path]
    wcs: str
    accept: tuple[str, ...]
    cache_dir: Path
