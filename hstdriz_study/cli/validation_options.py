"""From ``conf/validate.yaml`` and the command line to what a validation is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from hstdriz_study.errors import ConfigError
from hstdriz_study.study.config.limits import (
    SEED,
    WORKERS,
    Limit,
    above_zero,
    any_of,
    check_limits,
    key,
    within,
)
from hstdriz_study.validate.options import (
    CHECKS,
    CoverageOptions,
    ExposureOptions,
    RegretOptions,
    ValidationOptions,
)

_SOME_FILTERS = Limit(len, "a list of at least one simulated filter")
MAX_SEEDS = 100_000
_NONE_OR_SEVERAL = Limit(
    lambda seeds: seeds == 0 or 1 < seeds <= MAX_SEEDS, f"0 (none), or 2 to {MAX_SEEDS}"
)
MIN_VALUES = 3  # of an axis, as a surface over the points needs


@dataclass
class CoverageConfig:
    """How often the stated errors hold."""

    seeds: int = key(_NONE_OR_SEVERAL)
    first_seed: int = key(SEED)
    grid: dict[str, list[list[float]]] = key()


@dataclass
class GridConfig:
    """A grid of one filter: ``final_scale`` in arcsec and ``final_pixfrac``."""

    final_scale: list[float] = key()
    final_pixfrac: list[float] = key()


@dataclass
class RegretConfig:
    """What is lost by choosing on a coarse and noisy table."""

    tables: int = key(within(1, 100_000))
    fields: int = key(_NONE_OR_SEVERAL)
    first_seed: int = key(SEED)
    grid: dict[str, GridConfig] = key()


@dataclass
class ExposuresConfig:
    """How often sound exposures are stopped, and faults of single ones found."""

    sets: int = key(within(0, 100_000))
    first_seed: int = key(SEED)
    filters: list[str] = key(_SOME_FILTERS)


@dataclass
class StarsConfig:
    """On which scenes the selection of stars is tested."""

    scenes: list[str] = key()


@dataclass
class ValidationConfig:
    """The whole configuration of ``hstdriz-study validate``."""

    parts: list[str] = key(any_of(CHECKS))
    filters: list[str] = key(_SOME_FILTERS)
    seed: int = key(SEED)
    pointing_error_px: float = key(above_zero(100))
    workers: int | None = key(WORKERS.or_null())
    cache_dir: str = key()
    coverage: CoverageConfig = field(default_factory=CoverageConfig)
    regret: RegretConfig = field(default_factory=RegretConfig)
    exposures: ExposuresConfig = field(default_factory=ExposuresConfig)
    stars: StarsConfig = field(default_factory=StarsConfig)


def validation_options(config: ValidationConfig) -> ValidationOptions:
    """Check every key and return what a validation is told.

    Raises
    ------
    ConfigError
        Naming the key, its value and what it may be.
    """
    check_limits(config)
    _check_coverage(config.coverage)
    _check_regret(config.regret)
    return ValidationOptions(
        parts=tuple(config.parts),
        filters=tuple(config.filters),
        seed=config.seed,
        pointing_error_px=config.pointing_error_px,
        workers=config.workers,
        cache_dir=Path(config.cache_dir),
        coverage=_coverage(config.coverage),
        regret=_regret(config.regret),
        exposures=ExposureOptions(
            config.exposures.sets, config.exposures.first_seed, tuple(config.exposures.filters)
        ),
        scenes=tuple(config.stars.scenes),
    )


def _coverage(config: CoverageConfig) -> CoverageOptions:
    grid = {
        name: tuple((scale, pixfrac) for scale, pixfrac in points)
        for name, points in config.grid.items()
    }
    return CoverageOptions(config.seeds, config.first_seed, grid)


def _regret(config: RegretConfig) -> RegretOptions:
    grid = {
        name: (tuple(sorted(one.final_scale)), tuple(sorted(one.final_pixfrac)))
        for name, one in config.grid.items()
    }
    return RegretOptions(config.tables, config.fields, config.first_seed, grid)


def _check_coverage(coverage: CoverageConfig) -> None:
    for name, points in coverage.grid.items():
        if not points or any(len(point) != 2 for point in points):  # noqa: PLR2004
            raise ConfigError(
                f"coverage.grid.{name}={points}: must be pairs of final_scale (arcsec) and "
                "final_pixfrac, as [[0.08,0.8],[0.065,0.6]]"
            )


def _check_regret(regret: RegretConfig) -> None:
    for name, grid in regret.grid.items():
        for axis, values in vars(grid).items():
            if len(set(values)) < MIN_VALUES or min(values) <= 0:
                raise ConfigError(
                    f"regret.grid.{name}.{axis}={values}: must be {MIN_VALUES} values or more, "
                    "all above 0"
                )
