"""Refining finds on few points what the rule would choose on a fine grid."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from omegaconf import OmegaConf

from hstdriz_study.choose import Choice, ChoiceSettings, choose, find_rule, handbook_pick
from hstdriz_study.choose.points import FWHM
from hstdriz_study.conf_files import conf_directory
from hstdriz_study.contracts import DrizzleSettings, Metric, PointRecord
from hstdriz_study.refine import Proposal, RefineSettings, Spot, propose, why_ended
from hstdriz_study.refine.apart import told_apart

NATIVE_ARCSEC = 0.128
N_REPLICATES = 24
FINEST, COARSEST = 0.054, 0.128
GRID = tuple(Spot(s, p) for s in (0.128, 0.081, 0.065) for p in (0.4, 0.6, 0.8, 1.0))
HANDBOOK = handbook_pick(wavelength_nm=1545.0, native_scale_arcsec=NATIVE_ARCSEC)
COMMON = np.random.default_rng(1).normal(size=(3, N_REPLICATES))
CHOOSE, REFINE = (
    OmegaConf.to_container(OmegaConf.load(conf_directory() / room / "default.yaml"))
    for room in ("choose", "refine")
)
KNOWN_WELL = RefineSettings(
    **{name: REFINE[name] for name in ("scale_tolerance", "pixfrac_tolerance", "smallest_pixfrac")}
)


@dataclass(frozen=True)
class Surface:
    """A smooth field of metrics: width and depth grow with drop and pixel, weights flatten.

    ``noise`` is the relative error of the width of a point, which no two points share.
    """

    psf_arcsec: float = 0.14
    of_drop: float = 0.35
    of_pixel: float = 0.12
    depth_of_drop_mag: float = 0.1
    noise: float = 0.0
    seed: int = 0
    failing: tuple[Spot, ...] = ()

    def point(self, spot: Spot) -> PointRecord:
        scale, pixfrac = spot
        own = np.random.default_rng([self.seed, round(1e6 * scale), round(1e6 * pixfrac)])
        width = float(self._width(spot, 1.0))
        error = self.noise * width * own.normal()
        replicates = self._width(spot, 1 + 0.02 * COMMON[:2]) * (1 + 0.01 * COMMON[2])
        replicates = replicates + error + self.noise * width * own.normal(size=N_REPLICATES)
        depth = 26.0 + self.depth_of_drop_mag * pixfrac
        metrics = {
            "psf/fwhm_arcsec": Metric(width + error, 0.01 * width, "arcsec", replicates),
            "psf/pixels_per_fwhm": Metric((width + error) / scale, 0.0, "pix"),
            "weight/rms_over_median": Metric(
                0.03 + 0.9 * math.exp(-NATIVE_ARCSEC * pixfrac / scale / 0.35), 1e-4
            ),
            "weight/hole_fraction": Metric(0.0, 0.0),
            "noise/depth_abmag": Metric(depth, 0.01, "mag(AB)", depth + 0.01 * COMMON[2]),
        }
        return PointRecord(
            key=f"{scale}-{pixfrac}",
            status="FAILED" if spot in self.failing else "FINISHED",
            filter="f160w",
            settings=DrizzleSettings(scale, pixfrac, "square", "EXP", None, None, None),
            metrics=metrics,
        )

    def _width(self, spot: Spot, factors: np.ndarray | float) -> np.ndarray:
        drop, pixel = np.broadcast_to(np.transpose(factors), (N_REPLICATES, 2)).T
        if np.ndim(factors) == 0:
            drop, pixel = 1.0, 1.0
        return np.sqrt(
            self.psf_arcsec**2
            + self.of_drop * drop * (NATIVE_ARCSEC * spot.final_pixfrac) ** 2
            + self.of_pixel * pixel * spot.final_scale_arcsec**2
        )


def rule(name: str = "default") -> ChoiceSettings:
    return ChoiceSettings(
        **CHOOSE
        | {
            "rule": name,
            "max_fwhm_growth": None if name == "default" else 0.1,
            "weights": {"psf/fwhm_arcsec": 1.0, "weight/rms_over_median": 0.5},
        }
    )


@dataclass(frozen=True)
class Refined:
    records: list[PointRecord]
    choice: Choice
    last: Proposal
    rounds: list[Proposal]

    @property
    def added(self) -> list[Spot]:
        return [spot for one in self.rounds for spot in one.spots]


def refined(
    surface: Surface,
    asked: ChoiceSettings | None = None,
    tolerances: RefineSettings = KNOWN_WELL,
    start: tuple[Spot, ...] = GRID,
) -> Refined:
    asked = asked or rule()
    records = [surface.point(spot) for spot in start]
    rounds: list[Proposal] = []
    while True:
        choice = choose(records, asked, HANDBOOK)
        found = propose(records, choice, tolerances, asked, (FINEST, COARSEST))
        if not found.spots:
            return Refined(records, choice, found, rounds)
        assert len(rounds) < 30
        rounds.append(found)
        records += [surface.point(spot) for spot in found.spots]


@pytest.mark.parametrize("name", ["default", "deepest", "uniform_noise", "pareto_knee", "weighted"])
def test_choice_is_that_of_a_fine_grid_at_a_sixth_of_its_points(name):
    surface = Surface()
    fine = [
        surface.point(Spot(float(scale), float(pixfrac)))
        for scale in np.geomspace(FINEST, COARSEST, 17).round(5)
        for pixfrac in np.arange(0.2, 1.001, 0.05).round(2)
    ]
    best = find_rule(name)(fine, rule(name), HANDBOOK).chosen
    assert best is not None
    found = refined(surface, rule(name))
    chosen = found.choice.chosen
    assert chosen is not None
    assert chosen.final_pixfrac == pytest.approx(best.settings.final_pixfrac, abs=0.0501)
    assert chosen.final_scale_arcsec == pytest.approx(best.settings.final_scale_arcsec, rel=0.06)
    assert len(found.records) < len(fine) / 5
    assert len(found.added) <= REFINE["max_points"]


@settings(max_examples=6, phases=[Phase.explicit, Phase.generate])
@given(
    psf_arcsec=st.floats(0.135, 0.2),
    of_drop=st.floats(0.1, 0.6),
    of_pixel=st.floats(0.02, 0.3),
    noise=st.sampled_from([0.0, 0.001, 0.02]),
)
def test_refining_ends_inside_the_range_without_a_point_twice_in_any_order_of_the_points(
    psf_arcsec, of_drop, of_pixel, noise
):
    found = refined(Surface(psf_arcsec, of_drop, of_pixel, noise))
    added = found.added
    assert len(set(added) | set(GRID)) == len(added) + len(GRID)
    assert len(added) < 80
    assert all(FINEST <= spot.final_scale_arcsec <= COARSEST for spot in added)
    assert all(0.2 <= spot.final_pixfrac <= 1.0 for spot in added)
    known = found.last.known
    for axis in (known.scale, known.pixfrac):
        assert not {"far", "failed", "fixed"} & set(axis.bounds)
        assert axis.lower <= axis.chosen <= axis.upper
    backwards = found.records[::-1]
    choice = choose(backwards, rule(), HANDBOOK)
    assert propose(backwards, choice, KNOWN_WELL, rule(), (FINEST, COARSEST)) == found.last


def test_neighbours_that_are_told_apart_are_as_near_as_the_tolerance_asks():
    found = refined(Surface()).last.known
    pairs = [(found.pixfrac.below, found.pixfrac.chosen - found.pixfrac.lower)]
    pairs += [(found.pixfrac.above, found.pixfrac.upper - found.pixfrac.chosen)]
    pairs += [(found.scale.above, found.scale.upper / found.scale.chosen - 1)]
    for (bound, distance), tolerance in zip(pairs, (0.05, 0.05, 0.06), strict=True):
        assert bound == "near"
        assert 0 < distance <= tolerance + 1e-6


def test_finer_tolerances_take_more_points():
    coarse, fine = (
        refined(Surface(), tolerances=replace(KNOWN_WELL, scale_tolerance=s, pixfrac_tolerance=p))
        for s, p in ((0.12, 0.1), (0.03, 0.025))
    )
    assert len(coarse.added) < len(fine.added)
    assert fine.last.known.pixfrac.upper - fine.last.known.pixfrac.lower <= 0.05 + 1e-6


def test_noise_is_not_chased():
    surfaces = [Surface(0.18, 0.0, 0.0, 0.0, noise=0.03, seed=seed) for seed in range(6)]
    found = [refined(surface) for surface in surfaces]
    assert np.mean([len(one.added) for one in found]) < 10
    for one in found:
        known = one.last.known
        assert "errors" in (*known.scale.bounds, *known.pixfrac.bounds)
        assert "the data say no more" in why_ended(known)


def test_choice_on_the_edge_of_the_sweep_is_followed_one_step_beyond_it():
    inner = tuple(spot for spot in GRID if spot.final_scale_arcsec > 0.07)
    first = refined(Surface(psf_arcsec=0.16), start=inner).rounds[0]
    beyond = {spot.final_scale_arcsec for spot in first.spots} - {0.128, 0.081}
    assert beyond == {FINEST}  # a step of the sweep's own, 0.051, would be too far


def test_a_scale_or_pixfrac_of_one_value_stays_as_it_is():
    start = tuple(spot for spot in GRID if spot.final_scale_arcsec == 0.065)
    found = refined(Surface(), start=start)
    assert {spot.final_scale_arcsec for spot in found.added} == {0.065}
    assert found.last.known.scale.bounds == ("fixed", "fixed")
    assert "final_scale was not refined" in why_ended(found.last.known)


def test_points_that_failed_are_not_tried_again_and_it_is_said():
    start = tuple(spot for spot in GRID if spot.final_scale_arcsec == 0.065)
    halfway = Spot(0.065, 0.5)
    found = refined(Surface(failing=(halfway,)), start=start)
    assert found.added.count(halfway) == 1
    assert found.last.known.pixfrac.above == "failed"
    assert "gave no result" in why_ended(found.last.known)


def test_a_metric_of_no_weight_tells_no_points_apart():
    one, other = (
        PointRecord(
            key=str(value), status="FINISHED", filter="f160w",
            settings=DrizzleSettings(None, None, "square", "EXP", None, None, None),
            metrics={FWHM: Metric(0.18, 0.01), "psf/ellipticity": Metric(value, 1e-6)},
        )
        for value in (0.1, 0.2)
    )  # fmt: skip
    for weight in (0.0, 1.0):
        weights = {FWHM: 1.0, "psf/ellipticity": weight}
        weighted = replace(rule(), rule="weighted", weights=weights)
        assert told_apart(one, other, weighted, inadmissible=False) is bool(weight)
