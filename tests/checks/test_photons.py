"""Sky and noise of exposures of a detector that counts photons, of which most pixels hold none."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.io import fits

from hstdriz_study.checks.levels import levels_of

EXPTIME_S = 1200.0


def write(path, photons, detector="SBC"):
    """Write an exposure of one chip."""
    primary = fits.PrimaryHDU()
    primary.header.update({"EXPTIME": EXPTIME_S, "DETECTOR": detector})
    science = fits.ImageHDU(photons.astype(np.float32), name="SCI", ver=1)
    science.header["BUNIT"] = "COUNTS"
    error = np.sqrt(np.maximum(photons, 1)).astype(np.float32)
    flags = np.zeros(photons.shape, np.int16)
    hdus = [primary, science, fits.ImageHDU(error, name="ERR"), fits.ImageHDU(flags, name="DQ")]
    fits.HDUList(hdus).writeto(path)
    return path


@pytest.mark.parametrize("mean", [0.05, 0.3, 3.0])
def test_they_are_those_of_poissons_law(tmp_path, mean):
    photons = np.random.default_rng(1).poisson(mean, (512, 512))
    (level,) = levels_of(write(tmp_path / "a.fits", photons), 0)
    assert level.sky * EXPTIME_S == pytest.approx(mean, rel=0.05)
    assert level.noise * EXPTIME_S == pytest.approx(np.sqrt(mean), rel=0.12)
    # ERR says 1 of a pixel without a photon: the noise is not held against it
    assert np.isnan(level.noise_over_error)


def test_stars_add_nothing(tmp_path):
    rng = np.random.default_rng(2)
    photons = rng.poisson(0.3, (512, 512))
    photons[rng.integers(0, 512, 40), rng.integers(0, 512, 40)] += 5000
    (level,) = levels_of(write(tmp_path / "a.fits", photons), 0)
    assert level.noise * EXPTIME_S == pytest.approx(np.sqrt(0.3), rel=0.12)


def test_an_exposure_without_a_photon_has_no_noise(tmp_path):
    (level,) = levels_of(write(tmp_path / "a.fits", np.zeros((512, 512))), 0)
    assert level.noise == 0
