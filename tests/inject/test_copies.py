"""What artificial stars do to the exposures, and what drizzling makes of them."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.io import fits

from hstdriz_study.cache import file_checksum
from hstdriz_study.drizzle import drizzle_frame, weighting
from hstdriz_study.measure.rasterise import polygon_mask
from hstdriz_study.optics.detectors import detector_of
from hstdriz_study.study.config import drizzle_settings

FILTERS = ("f160w", "f814w")


def _frame(config, prepared):
    settings = drizzle_settings(config)
    return drizzle_frame(prepared, settings, weighting(prepared, settings, reference_dirs={}))


@pytest.mark.parametrize("name", FILTERS)
def test_drizzling_gives_the_light_that_was_put_in(injected, name: str) -> None:
    config, field = injected[name]
    without, with_stars = (_frame(config, p) for p in (field.prepared, field.injected))
    added = np.nan_to_num(with_stars.sci) - np.nan_to_num(without.sci)
    stars = field.regions.injected
    bright = stars[np.asarray(stars["role"]) == "psf"]
    x, y = without.wcs.world_to_pixel_values(bright["ra"], bright["dec"])
    radius = field.regions.geometry.ee_radius_arcsec / without.final_scale_arcsec
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    sums = np.array(
        [
            added[polygon_mask([np.column_stack([cx + radius * np.cos(turn),
                                                 cy + radius * np.sin(turn)])], added.shape)].sum()
            for cx, cy in zip(x, y, strict=True)
        ]
    )  # fmt: skip
    # photon noise of all stars together is 0.1 %; bad pixels and faint neighbours leave a rest
    assert np.median(sums / bright["flux"]) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("name", FILTERS)
def test_flags_and_the_users_files_are_not_touched(injected, name: str) -> None:
    _, field = injected[name]
    stored = dict(field.setup.stages["prepared"]["inputs"]["exposures"])
    for own, prepared, copy in zip(
        field.prepared.inputs, field.prepared.exposures, field.injected.exposures, strict=True
    ):
        assert file_checksum(own) == stored[own.name]
        with fits.open(prepared) as before, fits.open(copy) as after:
            assert after[0].header["INJSTARS"] == len(field.regions.injected)
            assert "INJSTARS" not in before[0].header
            for hdu in before:
                if hdu.name == "DQ":
                    np.testing.assert_array_equal(after["DQ", hdu.ver].data, hdu.data)


@pytest.mark.parametrize("name", FILTERS)
def test_pixels_gain_whole_electrons_and_errors_their_variance(injected, name: str) -> None:
    _, field = injected[name]
    chip, copy = field.prepared.chips[0], field.injected.exposures[0]
    unit_s = chip.exptime_s if chip.in_units == "cps" else 1.0
    with fits.open(chip.exposure) as before, fits.open(copy) as after:
        light, variance = (
            after[ext, 1].data.astype(float) ** power - before[ext, 1].data.astype(float) ** power
            for ext, power in (("SCI", 1), ("ERR", 2))
        )
    electrons = light * unit_s
    assert electrons.max() > 1000
    assert electrons.max() < detector_of("WFC3", "IR").full_well_e / 2
    faint = electrons < 200  # where single precision still tells electrons apart
    np.testing.assert_allclose(electrons[faint], np.rint(electrons[faint]), atol=0.05)
    lit = electrons > 100
    np.testing.assert_allclose(variance[lit] * unit_s**2, electrons[lit], rtol=0.02)


def test_stars_stand_apart_on_blank_sky_at_every_sub_pixel_phase(injected) -> None:
    config, field = injected["f814w"]
    frame = _frame(config, field.prepared)
    stars, geometry = field.regions.injected, field.regions.geometry
    x, y = frame.wcs.world_to_pixel_values(stars["ra"], stars["dec"])
    bright = np.asarray(stars["role"]) == "psf"
    distance = np.hypot(x[:, None] - x, y[:, None] - y) * frame.final_scale_arcsec
    np.fill_diagonal(distance, np.inf)
    assert distance[bright].min() >= 3 * geometry.ee_radius_arcsec - 1e-3
    assert distance.min() >= 3 * geometry.aperture_radius_arcsec - 1e-3
    sources = field.regions.candidates
    sx, sy = frame.wcs.world_to_pixel_values(sources["ra"], sources["dec"])
    own = np.hypot(x[:, None] - sx, y[:, None] - sy) * frame.final_scale_arcsec
    assert own[bright].min() > geometry.ee_radius_arcsec
    phase = np.concatenate([x % 1, y % 1])
    assert np.histogram(phase, bins=4, range=(0, 1))[0].min() > len(phase) / 8
