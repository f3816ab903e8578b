"""How often the truth lies inside the 1-sigma interval that the tool states.

The ensemble is that of the simulator's seeds. Each seed is another field of the same population
(positions, magnitudes and colours of stars and galaxies, bad pixels, flat field) with other
photon noise, read noise and cosmic rays; telescope, dither pattern, exposure times and output
grid stay. That is what the bootstrap of stars and sky boxes stands for: other stars, other sky,
the same observation. The truth is the mean of the same estimator over all seeds, so the bias of
an estimator, which docs/measuring.md gives, is no part of this.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.validate.covered import COVERAGE, COVERED, read_seed
from hstdriz_study.validate.rows import Claims
from hstdriz_study.validate.seeds import measure_seeds, seeds_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.validate.context import CheckContext
    from hstdriz_study.validate.covered import Estimate, SeedResult
    from hstdriz_study.validate.rows import Row
    from hstdriz_study.validate.seeds import GridPoint

CLAIMS = Claims("coverage of errors", "mean of the same estimator over all seeds of the simulator")
NOMINAL = 0.683
REQUIRED = (0.60, 0.76)
FULL_SEEDS = 200


@dataclass(frozen=True)
class Ensemble:
    """Values of one estimator and their stated errors, one a seed."""

    values: np.ndarray
    errors: np.ndarray

    @classmethod
    def of(cls, estimates: Sequence[Estimate]) -> Ensemble:
        """Gather estimates."""
        return cls(
            np.array([estimate.value for estimate in estimates]),
            np.array([estimate.err for estimate in estimates]),
        )

    @property
    def covered(self) -> float:
        """Fraction of the intervals that hold the mean; an error of nan holds nothing."""
        return float(np.mean(np.abs(self.values - np.mean(self.values)) <= self.errors))

    @property
    def scatter_over_error(self) -> float:
        """Standard deviation of the values over the mean of their errors."""
        return float(np.std(self.values, ddof=1) / np.mean(self.errors))


def check(context: CheckContext) -> list[Row]:
    """Measure every seed at the grid points of each filter that has some."""
    coverage = context.options.coverage
    if coverage.seeds == 0:
        return []
    seeds = range(coverage.first_seed, coverage.first_seed + coverage.seeds)
    rows = []
    for name in [name for name in context.options.filters if name in coverage.grid]:
        grid = coverage.grid[name]
        of_set = context.of_filter(name)
        of_set = replace(of_set, point=replace(of_set.point, grid_phases=1))
        kept, failures = measure_seeds(COVERAGE, of_set, grid, seeds, context.n_processes)
        rows.append(seeds_row(CLAIMS, name, len(kept), len(seeds), failures))
        if len(kept) > 1:
            rows += coverage_rows(name, grid, [read_seed(one) for one in kept])
    return rows


def coverage_rows(name: str, grid: Sequence[GridPoint], results: Sequence[SeedResult]) -> list[Row]:
    """Judge the errors of every metric at every grid point, and of every difference of two."""
    words = [f'{scale:g}", pixfrac {pixfrac:g}' for scale, pixfrac in grid]
    pairs = [f"{one} minus {other}" for one, other in itertools.combinations(words, 2)]
    rows = []
    for metric in COVERED:
        for index, where in enumerate(words):
            ensemble = Ensemble.of([result.points[index][metric] for result in results])
            rows.append(_row(f"{name}, {metric} at {where}", ensemble))
        for index, where in enumerate(pairs):
            ensemble = Ensemble.of([result.differences[index][metric] for result in results])
            rows.append(_row(f"{name}, {metric}, paired difference {where}", ensemble))
    return rows


def _row(claim: str, ensemble: Ensemble) -> Row:
    n = len(ensemble.values)
    return CLAIMS.within(
        f"{claim}: truth inside 1 sigma",
        ensemble.covered,
        NOMINAL,
        allowed(n),
        reason=f"{n} seeds; scatter of the seeds over the mean error: "
        f"{ensemble.scatter_over_error:.2f}",
    )


def allowed(n_seeds: int) -> tuple[float, float]:
    """Return the limits of the covered fraction.

    60 to 76 % from 200 seeds on, which is 2.4 binomial standard deviations; as many for fewer.
    """
    widened = max(1.0, math.sqrt(FULL_SEEDS / n_seeds))
    low, high = (NOMINAL + widened * (limit - NOMINAL) for limit in REQUIRED)
    return max(0.0, low), min(1.0, high)
