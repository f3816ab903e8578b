"""Coverage of errors on made-up ensembles, and seeds that are kept on disk."""

import math
from dataclasses import asdict, replace

import numpy as np
import pytest

from hstdriz_study.errors import DatasetError
from hstdriz_study.validate import coverage, seeds
from hstdriz_study.validate.covered import COVERAGE, COVERED, Estimate, SeedResult, read_seed
from hstdriz_study.validate.seeds import measure_seeds

GRID = [(0.08, 0.8), (0.065, 0.6)]


def results(error: float, n: int = 400) -> list[SeedResult]:
    """Seeds whose values scatter by 1 and whose stated error is ``error``."""
    rng = np.random.default_rng(2)

    def estimates() -> dict[str, Estimate]:
        return {name: Estimate(7.0 + rng.normal(), error) for name in COVERED}

    return [
        SeedResult(seed, (estimates(), estimates()), (estimates(),), 30, 170) for seed in range(n)
    ]


@pytest.mark.parametrize(("error", "right"), [(1.0, True), (0.7, False), (1.4, False)])
def test_only_errors_that_are_the_scatter_pass(error, right):
    rows = coverage.coverage_rows("f160w", GRID, results(error))
    assert len(rows) == 3 * len(COVERED)  # two points and their difference
    assert [row.passed for row in rows] == [right] * len(rows)


def test_an_error_that_is_missing_covers_nothing():
    rows = coverage.coverage_rows("f160w", GRID, results(math.nan))
    assert not any(row.passed for row in rows)
    assert {row.measured for row in rows} == {0.0}


def test_the_required_limits_hold_from_200_seeds_on_and_are_wider_for_fewer():
    assert coverage.allowed(200) == pytest.approx((0.60, 0.76))
    assert coverage.allowed(1000) == pytest.approx((0.60, 0.76))
    low, high = coverage.allowed(50)
    assert low == pytest.approx(0.683 - 2 * 0.083)
    assert high == pytest.approx(0.683 + 2 * 0.077)


def test_a_seed_without_result_fails_and_says_why():
    row = seeds.seeds_row(coverage.CLAIMS, "f160w", 199, 200, {17: "no stars"})
    assert not row.passed
    assert "seed 17: no stars" in row.reason
    assert seeds.seeds_row(coverage.CLAIMS, "f160w", 200, 200, {}).passed


def measured(of_set, _):
    """Stand in for what measures a seed; seed 3 fails."""
    seed = of_set.source.spec.seed
    if seed == 3:
        raise DatasetError("no stars")
    return asdict(replace(results(1.0, 1)[0], seed=seed))


def test_an_interrupted_run_goes_on_with_the_seeds_it_lacks(set_options, tmp_path, monkeypatch):
    monkeypatch.setattr(seeds, "_import_what_is_shared", lambda: None)
    of_set = set_options(f"prepare.cache_dir={tmp_path}")
    work = replace(COVERAGE, measure=measured)

    def run(last, grid=GRID, **options):
        return measure_seeds(replace(work, options=options), of_set, grid, range(1, last + 1), 2)

    def kept():
        return [path for path in tmp_path.glob("coverage/*/*.json") if path.stem.isdigit()]

    found, failures = run(2)
    assert ([result["seed"] for result in found], failures) == ([1, 2], {})
    before = {path: path.stat().st_mtime_ns for path in kept()}
    found, failures = run(4)
    assert [result["seed"] for result in found] == [1, 2, 4]
    assert failures == {3: "no stars"}
    assert all(path.stat().st_mtime_ns == time for path, time in before.items())
    assert read_seed(found[0]) == replace(results(1.0, 1)[0], seed=1)
    run(4, grid=GRID[:1])  # another grid, and other options: measured anew
    run(4, other=1)
    assert len(kept()) == 3 * 3
    assert not list(tmp_path.glob("coverage/.scratch-*"))
