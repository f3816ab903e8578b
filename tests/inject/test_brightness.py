"""How bright artificial stars are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.inject import PsfModel, brightness
from hstdriz_study.inject.brightness import LADDER_MAG
from hstdriz_study.optics.detectors import detector_of
from hstdriz_study.optics.psf import effective_psf

RADII_ARCSEC = (0.4, 1.0)


@pytest.fixture(scope="module")
def model() -> PsfModel:
    detector, metric = detector_of("WFC3", "IR"), np.diag([0.1355, 0.1211])
    psf = effective_psf(detector.optics, 1.5369, 0.19, metric, half_px=detector.psf_half_px)
    return PsfModel(psf, metric, detector.full_well_e, "for a test")


def test_energy_of_the_model_is_close_to_the_published_table(model: PsfModel) -> None:
    # F160W at 0.3, 0.5 and 1.0 arcsec: pysynphot's tables, as in tests/simulate/test_psf.py
    found = [model.energy_inside(radius) for radius in (0.3, 0.5, 1.0)]
    assert found == pytest.approx([0.796, 0.852, 0.915], abs=0.02)


@given(sigma=st.floats(0.01, 1.0), snr=st.floats(20.0, 300.0), exptime_s=st.floats(100.0, 1500.0))
def test_bright_stars_have_the_snr_that_is_asked_for(
    model: PsfModel, sigma: float, snr: float, exptime_s: float
) -> None:
    exptimes = (exptime_s,) * 4
    found = brightness(model, RADII_ARCSEC, aperture_sigma=sigma, snr=snr, exptimes_s=exptimes)
    flux = found.psf * model.energy_inside(0.4) / model.energy_inside(1.0)
    own = flux / math.sqrt(sigma**2 + flux / (4 * exptime_s))
    assert found.psf_snr == pytest.approx(own)
    assert own == pytest.approx(snr) or own < snr


def test_no_bright_star_fills_more_than_half_of_a_pixels_well(model: PsfModel) -> None:
    found = brightness(model, RADII_ARCSEC, aperture_sigma=1.0, snr=1e5, exptimes_s=(300.0, 1200.0))
    peak_e = found.psf / found.light_inside * model.psf.values.max() * 1200.0
    assert peak_e == pytest.approx(model.full_well_e / 2)
    assert found.psf_snr < 1e5


def test_the_step_at_the_expected_depth_is_five_times_the_noise(model: PsfModel) -> None:
    found = brightness(model, RADII_ARCSEC, aperture_sigma=0.1, snr=200.0, exptimes_s=(600.0,) * 4)
    in_aperture = found.ladder * model.energy_inside(0.4) / model.energy_inside(1.0)

    assert in_aperture[LADDER_MAG == 0.0] == pytest.approx(0.5)
    assert np.all(np.diff(in_aperture) < 0)
