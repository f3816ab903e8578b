"""Cosmic-ray settings against the simulator's truth: those of ``conf/``, DrizzlePac's, HAP's.

Run ``python benchmarks/cosmic_rays.py CACHE``; a table in Markdown goes to standard output. HAP's
are the astrodrizzle parameters of drizzlepac 3.11.0 (``pars/hap_pars/svm_parameters``), which
depend on the number of exposures.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from astropy.table import QTable
from scipy.ndimage import binary_dilation

from hstdriz_study.cli.shipped import shipped_config
from hstdriz_study.contracts.metric_table import DEPTH
from hstdriz_study.errors import MetricUnavailableError
from hstdriz_study.good_bits import COSMIC_RAY_BIT
from hstdriz_study.measure.noise import measure_noise
from hstdriz_study.prepare import star_core_flagged_fraction
from hstdriz_study.study.config import (
    choice_settings,
    drizzle_settings,
    field_options,
    point_options,
)
from hstdriz_study.validate.context import SetOptions
from hstdriz_study.validate.measured_set import found_stars, measured_set
from hstdriz_study.validate.truth import rays_found, star_numbers

if TYPE_CHECKING:
    from hstdriz_study.contracts import Chip
    from hstdriz_study.validate.measured_set import MeasuredSet

COUNTS, SEEDS = (2, 4, 8), (1, 2)
GROWN_PX = 2  # driz_cr flags the neighbours of a hit too
N_STARS = 25
HEADS = (
    "filter", "exposures", "settings", "combine_type, snr, scale", "rays found (%)",
    "sky flagged (%)", "star cores flagged (%)", "flux", "FWHM / expected", "depth (AB mag)",
)  # fmt: skip


@dataclass(frozen=True)
class Steps:
    """AstroDrizzle's cosmic-ray steps, and whose settings they are."""

    whose: str
    combine_type: str
    snr: str
    scale: str

    @property
    def overrides(self) -> list[str]:
        """What gives a study these settings."""
        return [
            f"filter.cosmic_rays.combine_type={self.combine_type}",
            f"filter.cosmic_rays.driz_cr_snr='{self.snr}'",
            f"filter.cosmic_rays.driz_cr_scale='{self.scale}'",
        ]


def settings_of(name: str, n_exposures: int) -> list[Steps]:
    """Return what is compared on a filter."""
    shipped = shipped_config(f"filter={name}").filter.cosmic_rays
    ours = Steps("ours", shipped.combine_type, shipped.driz_cr_snr, shipped.driz_cr_scale)
    default = Steps("DrizzlePac", "minmed", "3.5 3.0", "1.2 0.7")
    if name == "f160w":
        combined = "median" if n_exposures > 3 else "minmed"  # noqa: PLR2004
        return [ours, default, Steps("HAP", combined, "5.0 4.0", "3.0 2.4")]
    if n_exposures < 6:  # noqa: PLR2004
        return [ours, default, Steps("HAP", "minmed", "3.5 3.0", "1.5 1.2")]
    return [ours, default, Steps("HAP", "median", "3.5 3.0", "1.2 0.7")]


def measured(name: str, n_exposures: int, seed: int, cache: Path, steps: Steps) -> MeasuredSet:
    """Prepare a simulated set with the settings, drizzle and measure it."""
    config = shipped_config(
        f"filter={name}", f"prepare.cache_dir={cache}", f"dataset.n_exposures={n_exposures}",
        f"dataset.seed={seed}", *steps.overrides,
    )  # fmt: skip
    return measured_set(
        SetOptions(
            field_options(config), drizzle_settings(config), point_options(config),
            choice_settings(config.choose),
        )
    )  # fmt: skip


def sky_flagged(chips: tuple[Chip, ...], truth: Path) -> float:
    """Return the flagged fraction of the pixels that lie away from every hit."""
    flagged = total = 0
    with np.load(truth) as hits:
        for chip in chips:
            with fits.open(chip.exposure) as hdus:
                dq, root = hdus["DQ", chip.extver].data, hdus[0].header["ROOTNAME"]
            away = ~binary_dilation(hits[f"{root}_sci{chip.extver}"], iterations=GROWN_PX)
            total += int(np.count_nonzero(away))
            flagged += int(np.count_nonzero(away & ((dq & COSMIC_RAY_BIT) > 0)))
    return flagged / total


def bright_stars(truth: QTable) -> QTable:
    """Return the brightest stars that are not saturated, whether a study would find them or not."""
    stars = truth[(truth["kind"] == "star") & ~truth["saturated"]]
    stars.sort("flux", reverse=True)
    return stars[:N_STARS]


def numbers(of: MeasuredSet) -> list[float]:
    """Return what a row holds, from the rays that were found on."""
    prepared, name = of.field.prepared, of.of_set.name
    truth = of.truth_dir / f"cosmic_rays_{name}.npz"
    stars = bright_stars(QTable.read(of.truth_dir / f"truth_{name}.ecsv"))
    cores = star_core_flagged_fraction(
        prepared.exposures, stars["ra"].to_value("deg"), stars["dec"].to_value("deg")
    )
    try:
        found = star_numbers(of, found_stars(of))
        of_stars = found.flux_ratio, found.fwhm.value / found.fwhm_expected_arcsec
    except MetricUnavailableError:
        of_stars = math.nan, math.nan  # no star is left
    depth = measure_noise(of.pixels, of.context).get(DEPTH.name)
    return [
        100 * rays_found(prepared.chips, truth),
        100 * sky_flagged(prepared.chips, truth),
        100 * cores,
        *of_stars,
        depth.value if depth else math.nan,
    ]


def main(cache: Path) -> None:
    """Write the table, each row the mean of the seeds."""
    formats = ("{:.1f}", "{:.2f}", "{:.1f}", "{:.3f}", "{:.3f}", "{:.3f}")
    print("|", " | ".join(HEADS), "|")
    print("|", " | ".join("---" for _ in HEADS), "|", flush=True)
    for name in ("f814w", "f160w"):
        for n_exposures in COUNTS:
            for steps in settings_of(name, n_exposures):
                rows = [numbers(measured(name, n_exposures, seed, cache, steps)) for seed in SEEDS]
                told = f"{steps.combine_type}, {steps.snr}, {steps.scale}"
                values = [
                    one.format(value)
                    for one, value in zip(formats, np.mean(rows, axis=0), strict=True)
                ]
                print(
                    "|",
                    " | ".join([name.upper(), str(n_exposures), steps.whose, told, *values]),
                    "|",
                    flush=True,
                )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
