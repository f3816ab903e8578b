"""AstroDrizzle runs on the simulated exposures and finds the truth."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from astropy.table import QTable
from photutils.aperture import (
    ApertureStats,
    CircularAnnulus,
    CircularAperture,
    aperture_photometry,
)

from hstdriz_study.optics.psf import effective_psf
from hstdriz_study.simulate.bands import BANDS

pytestmark = pytest.mark.endtoend

SETTINGS = {
    "f160w": {
        "bits": "16,512",
        "scale": 0.065,
        "radius": 0.6,
        "snr": "5.0 4.0",
    },
    "f814w": {
        "bits": "16,64,256",
        "scale": 0.03,
        "radius": 0.4,
        "snr": "4.5 3.5",
    },
}


def _encircled_energy(name: str, radius_arcsec: float) -> Any:
    """Of the simulated PSF, from its pixels."""
    band = BANDS[name]
    metric = np.diag(band.detector.pixel_arcsec)
    psf = effective_psf(
        band.detector.optics,
        band.pivot_um,
        band.bandwidth,
        metric,
        half_px=band.detector.psf_half_px,
    )
    offsets = (np.arange(psf.values.shape[0]) - psf.values.shape[0] // 2) / psf.oversampling
    radius = np.hypot(offsets * metric[0, 0], (offsets * metric[1, 1])[:, None])
    return psf.values[radius < radius_arcsec].sum() / psf.oversampling**2


def _flux_ratios(sci: Any, wcs: Any, stars: Any, name: str, *, annulus: bool) -> Any:
    """Aperture flux over true flux times encircled energy."""
    setting = SETTINGS[name]
    x, y = wcs.world_to_pixel_values(stars["ra"].value, stars["dec"].value)
    positions, radius = np.column_stack([x, y]), setting["radius"] / setting["scale"]
    image = np.nan_to_num(sci)
    flux = np.asarray(
        aperture_photometry(image, CircularAperture(positions, radius))["aperture_sum"]
    )
    if annulus:
        ring = CircularAnnulus(positions, 2.2 * radius, 3.2 * radius)
        flux = flux - ApertureStats(image, ring).median * np.pi * radius**2
    energy = _encircled_energy(name, setting["radius"])
    return flux / (stars["flux"].value * energy)


@pytest.fixture(scope="module", params=list(SETTINGS))
def prepared(request: Any, simulated: Any, drizzler: Any) -> Any:
    name = request.param
    setting = SETTINGS[name]
    made = simulated(name)
    run = drizzler(made)
    run.prepare(
        final_scale=1.0,
        driz_sep_bits=setting["bits"],
        final_bits=setting["bits"],
        combine_type="median",
        driz_cr_scale="2.0 1.5",
        driz_cr_snr=setting["snr"],
    )

    @cache
    def final(kind: str) -> Any:
        return run.final(
            kind.lower(),
            static=True,
            skyuser="MDRIZSKY",
            final_wht_type=kind,
            final_scale=setting["scale"],
            final_pixfrac=0.8,
            final_bits=setting["bits"],
        )

    return name, made, final


def test_drizzled_star_fluxes_are_the_true_ones_within_one_percent(prepared: Any) -> None:
    name, made, final = prepared
    sci, _, wcs = final("EXP")
    table = QTable.read(made.truth / f"truth_{name}.ecsv")
    chosen = (table["kind"] == "star") & ~table["saturated"] & (table["n_exposures"] == 4)
    chosen &= table["flux"] > np.median(table["flux"][chosen])
    ratio = _flux_ratios(sci, wcs, table[chosen], name, annulus=True)
    assert len(ratio) >= 10
    assert np.median(ratio) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("kind", ["IVM", "ERR"])
def test_inverse_variance_and_error_weights_are_those_of_the_noise(
    prepared: Any, kind: str
) -> None:
    name, _, final = prepared
    _, exp, _ = final("EXP")
    _, wht, _ = final(kind)
    band = BANDS[name]
    full = exp > 0.95 * np.median(exp[exp > 0])
    exptime = band.exptime_s
    # AstroDrizzle's weights: EXPTIME for EXP; EXPTIME^2 / variance / s^4 for ERR and IVM, the
    # variance in the image's own unit for ERR. Pixels enter both alike.
    variance_e = (band.sky_e_per_s + band.detector.dark_e_per_s) * exptime
    variance_e += np.mean(band.detector.read_noise_e) ** 2
    variance = variance_e
    if kind == "ERR" and band.detector.counts_per_second:
        variance = variance_e / exptime**2
    ratio = np.median(wht[full] / exp[full])
    scale = SETTINGS[name]["scale"] / np.sqrt(np.prod(band.detector.pixel_arcsec))
    assert ratio == pytest.approx(exptime / variance / scale**4, rel=0.1)


@pytest.mark.parametrize("name", list(SETTINGS))
def test_noiseless_stars_keep_their_flux_to_a_few_parts_in_a_thousand(
    name: str, noiseless: Any, drizzler: Any
) -> None:
    made = noiseless(name, 2)
    setting = SETTINGS[name]
    run = drizzler(made)
    sci, wht, wcs = run.final(
        "stars", static=False, final_scale=setting["scale"], final_pixfrac=0.8
    )
    table = QTable.read(made.truth / f"truth_{name}.ecsv")
    x, y = wcs.world_to_pixel_values(table["ra"].value, table["dec"].value)
    margin = 1.2 * setting["radius"] / setting["scale"]
    covered = np.array(
        [
            (
                wht[int(max(j - margin, 0)) : int(j + margin), int(i - margin) : int(i + margin)]
                > 0
            ).all()
            if margin < i < sci.shape[1] - margin and margin < j < sci.shape[0] - margin
            else False
            for i, j in zip(x, y, strict=True)
        ]
    )
    stars = table[covered & (table["n_exposures"] == 4)]
    ratio = _flux_ratios(sci, wcs, stars, name, annulus=False)
    assert len(ratio) >= 20
    assert np.median(ratio) == pytest.approx(1, abs=0.005)
    assert np.std(ratio) < 0.005
