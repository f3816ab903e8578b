"""Grids of three densities and refining take points that are equal within the tolerances."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from omegaconf import OmegaConf

from hstdriz_study.choose import ChoiceSettings, choose, find_rule, handbook_pick
from hstdriz_study.choose.points import DEPTH, FWHM, metric_of, value
from hstdriz_study.conf_files import conf_directory
from hstdriz_study.contracts import DrizzleSettings, Metric, PointRecord, paired_sigma
from hstdriz_study.refine import RefineSettings, Spot, propose

if TYPE_CHECKING:
    from hstdriz_study.choose.verdict import Verdict

SHIPPED = ChoiceSettings(
    **OmegaConf.to_container(OmegaConf.load(conf_directory() / "choose" / "default.yaml"))
)
REFINE = OmegaConf.to_container(OmegaConf.load(conf_directory() / "refine" / "default.yaml"))
TOLERANCES = RefineSettings(
    **{name: REFINE[name] for name in ("scale_tolerance", "pixfrac_tolerance", "smallest_pixfrac")}
)
HANDBOOK = handbook_pick(wavelength_nm=1545.0, native_scale_arcsec=0.128)
N_RESAMPLES = 40
FINEST, COARSEST = 0.06, 0.128
DENSITIES = ((3, 4), (5, 7), (9, 13))


@dataclass(frozen=True)
class Model:
    """A field whose PSF, dithers and stars are drawn: a smooth law with noise at each point.

    RMS/median has a wave in pixfrac, as real dithers give: it is not monotone.
    """

    seed: int

    def point(self, spot: Spot) -> PointRecord:
        law = np.random.default_rng([self.seed, 1])
        psf, of_drop, of_pixel = law.uniform((0.12, 0.25, 0.08), (0.18, 0.45, 0.16))
        wave, phase = law.uniform((0.0, 0.0), (0.03, 2 * math.pi))
        noise = law.uniform(0.001, 0.004)
        common = law.normal(0.0, 0.02, N_RESAMPLES)
        scale, pixfrac = spot
        own = np.random.default_rng([self.seed, round(1e6 * scale), round(1e6 * pixfrac)])
        drop = 0.128 * pixfrac
        width = math.sqrt(psf**2 + of_drop * drop**2 + of_pixel * scale**2)
        measured = width * (1 + noise * own.normal())
        scatter = 1 + common + noise * own.normal(size=N_RESAMPLES)
        rms = 0.04 + 0.9 * math.exp(-drop / scale / 0.3)
        rms += wave * math.sin(12 * pixfrac + phase) ** 2
        depth = 26.0 + 0.03 * pixfrac + 0.02 * math.log(scale)
        metrics = {
            FWHM: Metric(measured, 0.02 * width, "arcsec", measured * scatter),
            "psf/pixels_per_fwhm": Metric(measured / scale, 0.0, "pix"),
            "weight/rms_over_median": Metric(rms, 1e-4),
            "weight/hole_fraction": Metric(0.0, 0.0),
            DEPTH: Metric(depth, 0.01, "mag(AB)", depth + common),
        }
        settings = DrizzleSettings(scale, pixfrac, "square", "EXP", None, None, None)
        return PointRecord(f"{spot}", "FINISHED", "f160w", settings, metrics)

    def grid(self, n_scales: int, n_pixfracs: int) -> list[PointRecord]:
        scales = np.geomspace(FINEST, COARSEST, n_scales).round(6)
        pixfracs = np.linspace(0.4, 1.0, n_pixfracs).round(6)
        return [self.point(Spot(float(s), float(p))) for s, p in product(scales, pixfracs)]

    def refined(self) -> list[PointRecord]:
        records = self.grid(*DENSITIES[0])
        while True:
            choice = choose(records, SHIPPED, HANDBOOK)
            found = propose(records, choice, TOLERANCES, SHIPPED, (FINEST, COARSEST))
            if not found.spots:
                return records
            records += [self.point(spot) for spot in found.spots]


def _equal(one: PointRecord, other: PointRecord, slack_arcsec: float = 0.0) -> bool:
    narrower = min(value(one, FWHM), value(other, FWHM))
    configured = {FWHM: SHIPPED.fwhm_tolerance * narrower, DEPTH: SHIPPED.depth_tolerance_mag}
    slack = {FWHM: slack_arcsec, DEPTH: 0.0}
    return all(
        abs(value(one, metric) - value(other, metric))
        <= slack[metric]
        + max(
            tolerance,
            SHIPPED.paired_sigma * paired_sigma(metric_of(one, metric), metric_of(other, metric)),
        )
        for metric, tolerance in configured.items()
    )


@pytest.fixture(scope="module")
def taken() -> list[list[Verdict]]:
    """Return what the rule takes on three grids and on the refined one, for each field."""
    rule = find_rule("default")
    return [
        [
            rule(records, SHIPPED, HANDBOOK)
            for records in (*(model.grid(*of) for of in DENSITIES), model.refined())
        ]
        for model in map(Model, range(20))
    ]


def test_grids_of_three_densities_and_refining_agree_within_the_tolerances(
    taken: list[list[Verdict]],
) -> None:
    """On 19 of the 20 at least: a finer grid may find a sharper point by more than noise."""
    agree = [
        all(_equal(one.taken, other.taken) for one, other in combinations(verdicts, 2))
        for verdicts in taken
    ]
    assert sum(agree) >= 19


def test_they_differ_by_no_more_than_the_tolerance_and_what_the_sharpest_has_gained(
    taken: list[list[Verdict]],
) -> None:
    for verdicts in taken:
        for one, other in combinations(verdicts, 2):
            gained = abs(value(one.sharpest, FWHM) - value(other.sharpest, FWHM))
            assert _equal(one.taken, other.taken, slack_arcsec=gained)
