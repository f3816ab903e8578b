"""What a validation is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# `~hstdriz_study.validate.checks.check_named` gives the checks of these names.
CHECKS = (
    "correlation",
    "flux",
    "optics",
    "weight_map",
    "weight_sampling",
    "truth",
    "pointing",
    "coverage",
    "clustered",
    "regret",
    "regret_fields",
    "exposures",
    "aperture_noise",
    "stars",
)


@dataclass(frozen=True)
class CoverageOptions:
    """How often the stated errors hold.

    Attributes
    ----------
    seeds : int
        How many sets are simulated; 0: none, and nothing is checked.
    first_seed : int
        The others follow it.
    grid : mapping of str to tuple of (float, float)
        ``final_scale`` in arcsec and ``final_pixfrac`` of the points, by filter.
    """

    seeds: int
    first_seed: int
    grid: Mapping[str, tuple[tuple[float, float], ...]]


@dataclass(frozen=True)
class RegretOptions:
    """What is lost by choosing on a coarse and noisy table.

    Attributes
    ----------
    tables : int
        How many noisy tables of a filter; at most the number of bootstrap resamples.
    fields : int
        How many fields of a filter are simulated and measured; 0: none, and nothing is checked.
    first_seed : int
        Of the fields; the others follow it.
    grid : mapping of str to tuple of (tuple of float, tuple of float)
        ``final_scale`` in arcsec and ``final_pixfrac`` of the grid, by filter; filters
        without one are left out.
    """

    tables: int
    fields: int
    first_seed: int
    grid: Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]]


@dataclass(frozen=True)
class ExposureOptions:
    """How often sound exposures are stopped, and faults of single ones found.

    Attributes
    ----------
    sets : int
        How many are drawn; 0: none, and nothing is checked.
    first_seed : int
        The others follow it.
    filters : tuple of str
        Simulated filters that take turns.
    """

    sets: int
    first_seed: int
    filters: tuple[str, ...]


@dataclass(frozen=True)
class ValidationOptions:
    """What is checked, and on which simulated sets.

    Attributes
    ----------
    parts : tuple of str
        Of `CHECKS`.
    filters : tuple of str
        Names of simulated filters.
    seed : int
        Of the sets and of the noise.
    pointing_error_px : float
        RMS of the errors put into the headers, native pixels.
    workers : int or None
        Processes; None: the cores this process may use.
    cache_dir : `~pathlib.Path`
        Where simulated and prepared exposures are kept.
    coverage : `CoverageOptions`
    regret : `RegretOptions`
    exposures : `ExposureOptions`
    scenes : tuple of str
        Patterns of the names of the scenes on which the selection of stars is tested.
    """

    parts: tuple[str, ...]
    filters: tuple[str, ...]
    seed: int
    pointing_error_px: float
    workers: int | None
    cache_dir: Path
    coverage: CoverageOptions
    regret: RegretOptions
    exposures: ExposureOptions
    scenes: tuple[str, ...]
