"""The regret of a choice is small on a smooth table; a rule that takes the wrong point fails."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from hstdriz_study.choose.points import COMMON_METRICS, DEPTH, FWHM, settings_of, value
from hstdriz_study.contracts import Metric, PointRecord
from hstdriz_study.validate.grids import on_grid
from hstdriz_study.validate.losses import rule_of
from hstdriz_study.validate.model_table import ModelTable
from hstdriz_study.validate.regret import losses_of, regret_rows
from hstdriz_study.validate.regret_fields import field_losses

GRID = ((0.06, 0.07, 0.0817), (0.4, 0.5657, 0.8))
DENSE = ((0.06, 0.06481, 0.07, 0.07562, 0.0817), (0.4, 0.4757, 0.5657, 0.6727, 0.8))
N_RESAMPLES = 60


def measured(of_set, noise: float) -> list[PointRecord]:
    """Return a table that follows a smooth law, with noise of its own and noise in common."""
    rng = np.random.default_rng(3)
    common = rng.normal(0.0, 0.01, N_RESAMPLES)
    records = []
    for scale, pixfrac in product(*DENSE):
        width = 0.15 + 1.5 * scale**2 + 0.03 * pixfrac**2
        own = noise * rng.normal(size=N_RESAMPLES)
        depth = 26.0 + 0.02 * pixfrac + 0.02 * np.log(scale)
        metrics = {
            FWHM: Metric(width * (1 + own[0]), 0.01 * width, "arcsec", width * (1 + common + own)),
            DEPTH: Metric(depth, 0.01, "mag(AB)", depth + common),
            "psf/pixels_per_fwhm": Metric(width / scale, 0.0, "pix"),
            "weight/rms_over_median": Metric(0.03 + 0.0004 / scale / pixfrac**2, 1e-4),
            "weight/hole_fraction": Metric(0.0, 0.0),
        }
        settings = replace(of_set.drizzle, final_scale_arcsec=scale, final_pixfrac=pixfrac)
        records.append(PointRecord(f"{scale}-{pixfrac}", "FINISHED", "f160w", settings, metrics))
    return records


@pytest.fixture
def of_set(set_options):
    return set_options("filter=f160w")


def test_the_model_has_the_law_without_its_noise_and_the_noise_without_its_mean(of_set):
    table = ModelTable.of(measured(of_set, 0.003), of_set.choice)
    assert table.n_tables == N_RESAMPLES
    for (scale, pixfrac), clean in zip(product(*DENSE), table.noiseless(), strict=True):
        law = 0.15 + 1.5 * scale**2 + 0.03 * pixfrac**2
        assert clean.metrics[FWHM].value == pytest.approx(law, rel=3e-3)
        assert clean.metrics[FWHM].replicates is None
    noisy = [table.noisy(number)[0].metrics[FWHM].value for number in range(N_RESAMPLES)]
    assert np.mean(noisy) == pytest.approx(table.noiseless()[0].metrics[FWHM].value)
    assert np.std(noisy) / np.mean(noisy) == pytest.approx(0.0104, rel=0.3)


def test_a_noiseless_grid_that_holds_the_best_point_loses_nothing(of_set):
    table = ModelTable.of(measured(of_set, 0.0), of_set.choice)
    losses = losses_of(table, DENSE, rule_of(of_set), 5)
    assert np.all(losses.fwhm == 0)
    assert np.all(losses.depth_mag == 0)
    assert np.all(losses.fwhm_to_sharpest <= 0.02)


def test_the_rows_of_the_default_rule_pass_on_a_smooth_noisy_table(of_set):
    table = ModelTable.of(measured(of_set, 0.003), of_set.choice)
    rows = regret_rows("f160w", table, GRID, 40, choice=of_set.choice, rule=rule_of(of_set))
    assert [row.passed for row in rows] == [True, True, True]
    assert len(on_grid(table.noiseless(), GRID)) == 9


def test_a_rule_that_takes_the_widest_point_fails(of_set):
    table, right = ModelTable.of(measured(of_set, 0.003), of_set.choice), rule_of(of_set)

    def widest(records):
        verdict = right(records)
        if len(records) == len(DENSE[0]) * len(DENSE[1]):
            return verdict  # what there was to gain
        return replace(verdict, chosen=max(records, key=lambda one: one.metrics[FWHM].value))

    rows = regret_rows("f160w", table, GRID, 10, choice=of_set.choice, rule=widest)
    assert [row.passed for row in rows] == [False, False, False]


def kept_of(records: list[PointRecord], taken: tuple[float, float]) -> dict:
    return {
        "taken": list(taken),
        "points": [{name: value(one, name) for name in COMMON_METRICS} for one in records],
    }


def test_fields_whose_noise_averages_out_lose_what_their_choice_is_worse(of_set):
    noisy = ModelTable.of(measured(of_set, 0.003), of_set.choice)
    grid = list(product(*DENSE))
    best = settings_of(rule_of(of_set)(noisy.noiseless()).taken)
    right = (best.final_scale_arcsec, best.final_pixfrac)
    fields = [noisy.noisy(number) for number in range(N_RESAMPLES)]
    kept = [kept_of(one, right) for one in fields[1:]] + [kept_of(fields[0], grid[-1])]
    losses = field_losses(of_set, grid, kept)
    widths = [value(one, FWHM) for one in noisy.noiseless()]
    lost = widths[-1] / widths[grid.index(right)] - 1
    np.testing.assert_allclose(losses.fwhm[:-1], 0.0, atol=0.002)
    assert lost > 0.02
    assert losses.fwhm[-1] == pytest.approx(lost, abs=0.002)
