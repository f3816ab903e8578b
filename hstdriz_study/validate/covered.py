"""From the field of one seed to values and the errors that the tool states for them."""

from __future__ import annotations

import itertools
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from hstdriz_study.contracts import paired_sigma
from hstdriz_study.contracts.metric_table import APERTURE_SIGMA, CORRELATION, FWHM
from hstdriz_study.errors import StudyError
from hstdriz_study.field import Field
from hstdriz_study.validate.seeds import SeedWork, seed_code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hstdriz_study.contracts import Metric
    from hstdriz_study.validate.context import SetOptions
    from hstdriz_study.validate.seeds import GridPoint

COVERED = (FWHM.name, APERTURE_SIGMA.name, CORRELATION.name)
"""The metrics whose errors are put to the test."""


@dataclass(frozen=True)
class Estimate:
    """A value with the error that the tool states for it."""

    value: float
    err: float


@dataclass(frozen=True)
class SeedResult:
    """What was measured on the field of one seed.

    Attributes
    ----------
    seed : int
    points : tuple of dict of str to `Estimate`
        Metrics of `COVERED`, one dict a grid point.
    differences : tuple of dict of str to `Estimate`
        First minus second of each pair of grid points, in the order of
        `itertools.combinations`, with the paired error.
    n_stars : int
    n_sky_boxes : int
    """

    seed: int
    points: tuple[dict[str, Estimate], ...]
    differences: tuple[dict[str, Estimate], ...]
    n_stars: int
    n_sky_boxes: int


def measure_seed(of_set: SetOptions, grid: Sequence[GridPoint]) -> SeedResult:
    """Simulate, prepare and measure the field of a seed.

    Raises
    ------
    StudyError
        If a metric cannot be measured.
    """
    field = Field(of_set.field)
    measured = [_measured(field, of_set, point) for point in grid]
    return SeedResult(
        seed=of_set.source.spec.seed,
        points=tuple(
            {name: Estimate(metrics[name].value, metrics[name].err) for name in COVERED}
            for metrics in measured
        ),
        differences=tuple(
            {name: _difference(one[name], other[name]) for name in COVERED}
            for one, other in itertools.combinations(measured, 2)
        ),
        n_stars=len(field.regions.stars),
        n_sky_boxes=len(field.regions.sky_boxes),
    )


def _measured(field: Field, of_set: SetOptions, point: GridPoint) -> dict[str, Metric]:
    scale, pixfrac = point
    settings = replace(of_set.drizzle, final_scale_arcsec=scale, final_pixfrac=pixfrac)
    measured = field.measure(settings, of_set.point)
    if not set(COVERED) <= measured.metrics.keys():
        raise StudyError("; ".join(measured.warnings))
    return measured.metrics


def _difference(one: Metric, other: Metric) -> Estimate:
    return Estimate(one.value - other.value, paired_sigma(one, other))


def read_seed(content: Mapping[str, Any]) -> SeedResult:
    """Read the numbers that were kept of a seed."""

    def estimates(stored: list[dict[str, Any]]) -> tuple[dict[str, Estimate], ...]:
        return tuple({name: Estimate(**numbers) for name, numbers in one.items()} for one in stored)

    return SeedResult(
        seed=content["seed"],
        points=estimates(content["points"]),
        differences=estimates(content["differences"]),
        n_stars=content["n_stars"],
        n_sky_boxes=content["n_sky_boxes"],
    )


def _kept(of_set: SetOptions, grid: Sequence[GridPoint]) -> dict[str, Any]:
    return asdict(measure_seed(of_set, grid))


COVERAGE = SeedWork("coverage", seed_code("measuring a seed", measure_seed), _kept)
