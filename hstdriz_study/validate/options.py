"""What the validation can be told: keys and their ranges."""

from __future__ import annotations

from dataclasses import dataclass, field

from omegaconf import MISSING

from hstdriz_study.errors import ConfigError

# Names in ``parts=[...]``; `~hstdriz_study.validate.checks.check_named` gives the checks.
CHECKS = (
    "correlation",
    "flux",
    "optics",
    "weight_map",
    "weight_sampling",
    "truth",
    "pointing",
    "coverage",
    "stars",
)


@dataclass
class CoverageOptions:
    """How often the stated errors hold."""

    seeds: int = 0
    first_seed: int = 1
    grid: dict[str, list[list[float]]] = field(default_factory=dict)


@dataclass
class StarsOptions:
    """Which scenes the selection of stars is tested on: patterns of their names."""

    scenes: list[str] = field(default_factory=lambda: ["*"])


@dataclass
class ValidationOptions:
    """The whole configuration of ``hstdriz-study validate``."""

    parts: list[str] = field(default_factory=list)
    filters: list[str] = field(default_factory=list)
    seed: int = 1
    pointing_error_px: float = 0.3
    workers: int | None = None
    cache_dir: str = MISSING
    coverage: CoverageOptions = field(default_factory=CoverageOptions)
    stars: StarsOptions = field(default_factory=StarsOptions)


def check_options(options: ValidationOptions) -> None:
    """Check every range.

    Raises
    ------
    ConfigError
        Naming the key, its value and what it may be.
    """
    for name in options.parts:
        if name not in CHECKS:
            raise ConfigError(f"parts={name}: must be of {', '.join(CHECKS)}")
    if not options.filters:
        raise ConfigError("filters=[]: name at least one simulated filter")
    if options.workers is not None and options.workers < 1:
        raise ConfigError(f"workers={options.workers}: must be 1 or more, or null")
    if options.seed < 0 or options.coverage.first_seed < 0:
        raise ConfigError(
            f"seed={options.seed}, coverage.first_seed={options.coverage.first_seed}: "
            "neither may be negative"
        )
    if options.pointing_error_px <= 0:
        raise ConfigError(f"pointing_error_px={options.pointing_error_px}: must be above 0")
    _check_coverage(options.coverage)


def _check_coverage(coverage: CoverageOptions) -> None:
    if coverage.seeds < 0 or coverage.seeds == 1:
        raise ConfigError(f"coverage.seeds={coverage.seeds}: must be 0 (no coverage), or 2 or more")
    for name, points in coverage.grid.items():
        if not points or any(len(point) != 2 for point in points):  # noqa: PLR2004
            raise ConfigError(
                f"coverage.grid.{name}={points}: must be pairs of final_scale (arcsec) and "
                "final_pixfrac, as [[0.08,0.8],[0.065,0.6]]"
            )
