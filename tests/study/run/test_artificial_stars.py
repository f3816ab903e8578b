"""A study with artificial stars: its metrics, and what it says of them."""

from __future__ import annotations

import importlib
from dataclasses import replace

import numpy as np
import pytest
from astropy.io import fits

from hstdriz_study.drizzle import grid_wcs
from hstdriz_study.field import Field
from hstdriz_study.field.inspection import inspection_stage
from hstdriz_study.study.config import drizzle_settings, field_options
from hstdriz_study.study.run.identity import key_without_result
from hstdriz_study.study.run.point_key import point_key


@pytest.fixture(scope="module")
def records(injected, record_of, tmp_path_factory):
    """One point of each detector."""
    return {name: record_of(*injected[name], tmp_path_factory.mktemp(name)) for name in injected}


def _apart(first, second) -> float:
    return abs(first.value - second.value) / np.hypot(first.err, second.err)


@pytest.mark.parametrize("name", ["f160w", "f814w"])
def test_artificial_stars_are_as_wide_as_simulated_ones_and_as_bright_as_put_in(
    records, name: str
) -> None:
    metrics = records[name].metrics
    assert _apart(metrics["injected/fwhm_arcsec"], metrics["psf/fwhm_arcsec"]) < 3
    assert metrics["injected/fwhm_arcsec"].err < 0.01 * metrics["injected/fwhm_arcsec"].value
    ratio = metrics["injected/flux_ratio"]
    assert abs(ratio.value - 1) < max(3 * ratio.err, 0.005)


@pytest.mark.parametrize("name", ["f160w", "f814w"])
def test_the_measured_depth_agrees_with_the_analytic_one(records, name: str) -> None:
    metrics = records[name].metrics
    assert _apart(metrics["injected/depth_abmag"], metrics["noise/depth_abmag"]) < 3
    assert metrics["injected/depth_abmag"].err < 0.12
    brightest, faintest = (
        metrics[f"injected/completeness_0.6mag_{word}"] for word in ("brighter", "fainter")
    )
    assert brightest.value > 0.8
    assert faintest.value < 0.3


def test_all_else_is_as_without_artificial_stars(records, set_up, record_of, tmp_path) -> None:
    bare, record = record_of(*set_up("f160w"), tmp_path), records["f160w"]
    assert bare.metrics.keys() == {n for n in record.metrics if not n.startswith("injected/")}
    for name, metric in bare.metrics.items():
        assert record.metrics[name].value == metric.value, name
    assert bare.provenance["injected"] is None
    assert record.provenance["injected"]
    assert bare.key != record.key


def test_without_injection_its_settings_change_no_key(set_up) -> None:
    config, field = set_up("f160w")
    key = point_key(config, drizzle_settings(config), field.setup)
    config.measure.inject_snr = 77.0
    assert point_key(config, drizzle_settings(config), field.setup) == key


def test_other_artificial_stars_are_another_key(injected) -> None:
    config, field = injected["f160w"]
    setup, settings = field.setup, drizzle_settings(config)
    others = replace(setup, injected=replace(setup.injected, key="of another model of the PSF"))
    assert point_key(config, settings, others) != point_key(config, settings, setup)


def test_every_engine_drizzles_artificial_stars(injected, tmp_path) -> None:
    config, field = injected["f160w"]
    settings = drizzle_settings(config)
    fast, frame = (
        field.pixels(settings, engine, tmp_path).injected for engine in ("fast", "frame")
    )
    assert len(fast) == len(field.regions.injected)
    for one, other in zip(fast, frame, strict=True):
        np.testing.assert_allclose(one.sci, other.sci, atol=1e-3 * np.nanmax(other.sci))


def test_a_field_without_stars_has_a_psf_only_by_injection(set_up, record_of, tmp_path) -> None:
    no_star = "measure.min_star_snr=1e5"
    bare = record_of(*set_up("f160w", no_star), tmp_path / "without")
    assert not any(name.startswith("psf/") for name in bare.metrics)
    assert "noise/depth_abmag" not in bare.metrics
    assert any(warning.startswith("0 isolated") for warning in bare.warnings)
    record = record_of(*set_up("f160w", no_star, "measure.inject_stars=10"), tmp_path / "with")
    assert record.metrics["psf/n_stars"].value == 10
    assert record.metrics["psf/fwhm_arcsec"].value == record.metrics["injected/fwhm_arcsec"].value
    assert record.metrics["noise/depth_abmag"].value > 20
    assert any("10 artificial stars of a model PSF" in warning for warning in record.warnings)
    assert "star_stamp" in record.images


def test_the_key_of_a_point_knows_the_content_of_the_files_it_is_made_with(
    set_up, tmp_path, monkeypatch
) -> None:
    config, field = set_up("f160w")
    setup = field.setup

    def key(**drizzle) -> str:
        changed = replace(config, drizzle=replace(config.drizzle, **drizzle))
        return point_key(changed, drizzle_settings(changed), setup)

    refimage = tmp_path / "ref.fits"
    header = grid_wcs(setup.prepared.mosaic).to_header()
    keys = []
    for crpix in (10.0, 10.5):
        header["CRPIX1"] = crpix
        fits.PrimaryHDU(np.zeros((9, 9), np.float32), header).writeto(refimage, overwrite=True)
        keys.append(key(final_refimage=str(refimage)))
    for value in (1.0, 2.0):
        for path in setup.prepared.exposures:
            name = f"{path.name.removesuffix('_flt.fits')}_ivm.fits"
            fits.PrimaryHDU(np.full((9, 9), value)).writeto(tmp_path / name, overwrite=True)
        keys.append(key(final_wht_type="IVM", ivm_path=str(tmp_path)))
    monkeypatch.syspath_prepend(tmp_path)
    mine = ["mine_of_a_test.measure_x"]
    measure = config.measure
    for number in (1, 22):
        (tmp_path / "mine_of_a_test.py").write_text(f"def measure_x(*_): return {number}\n")
        importlib.invalidate_caches()
        for changed in ({"metrics": mine}, {"own_metrics": mine}):
            config = replace(config, measure=replace(measure, **changed))
            keys.append(key())
    assert len(set(keys)) == len(keys) == 8


def test_stars_and_boxes_are_those_of_any_list_of_metrics(set_up) -> None:
    config, _ = set_up("f160w")

    def key(**measure) -> str:
        changed = replace(config, measure=replace(config.measure, **measure))
        field = Field(field_options(changed))
        return inspection_stage(field.prepared, field.options).key

    assert key() == key(own_metrics=["mine.measure_x"], n_bootstrap=50, grid_phases=2)
    assert key() != key(max_stars=9)


def test_points_without_a_result_that_differ_in_any_setting_differ_in_key(set_up) -> None:
    config, _ = set_up("f160w")
    other = replace(config, drizzle=replace(config.drizzle, engine="astrodrizzle"))
    third = replace(config, measure=replace(config.measure, grid_phases=2))
    assert len({key_without_result(one, "FAILED") for one in (config, other, third)}) == 3
