"""The final step on prepared exposures against AstroDrizzle's own run in one call."""

import hashlib
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table

from hstdriz_study.choose import choose, handbook_pick
from hstdriz_study.contracts import Metric, PointRecord
from hstdriz_study.drizzle import drizzle
from hstdriz_study.drizzlepac_options import one_call_options, tweakreg_options, updatewcs_options
from hstdriz_study.study.config import choice_settings, drizzle_settings, prepare_settings
from hstdriz_study.study.report import ProductCall, product_script

pytestmark = pytest.mark.endtoend


def checksums(paths) -> list[str]:
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]


def script_for(item) -> str:
    """Write the product script of a choice of the set's one point."""
    config = item.config
    settings, preparing = drizzle_settings(config), prepare_settings(config)
    record = PointRecord(
        key="one", status="FINISHED", filter=config.filter.name,
        settings=settings,
        metrics={
            "psf/fwhm_arcsec": Metric(0.2, 0.001, "arcsec"),
            "psf/pixels_per_fwhm": Metric(2.5, 0.01),
            "weight/rms_over_median": Metric(0.1, 0.0),
            "weight/hole_fraction": Metric(0.0, 0.0),
            "noise/depth_abmag": Metric(26.0, 0.01, "mag(AB)"),
        },
    )  # fmt: skip
    filter_ = config.filter
    choice = choose(
        [record],
        choice_settings(config.choose),
        handbook_pick(filter_.wavelength_nm, filter_.native_scale_arcsec),
    )
    return product_script(
        choice,
        ProductCall(
            inputs=item.prepared.inputs,
            reference_dirs=item.found.reference_dirs,
            updatewcs=updatewcs_options(),
            tweakreg=tweakreg_options(preparing.tweakreg) if preparing.tweakreg else None,
            astrodrizzle=one_call_options(preparing.steps, settings),
            output="one",
        ),
    )


@pytest.mark.parametrize(
    ("name", "overrides"),
    [
        ("f160w", ["prepare=tweakreg", "dataset.pointing_error_px=0.3"]),
        ("f814w", []),
        # bit 4096 is among the good ones; the cosmic rays found are masked all the same
        ("f160w", ["drizzle.final_bits=None", "prepare.driz_sep_bits=None"]),
        ("f814w", ["drizzle.final_bits='~16'", "prepare.driz_sep_bits='~(16+64)'"]),
        (
            "f160w",
            ["prepare=tweakreg", "dataset.pointing_error_px=0.3", "filter.good_bits=None"],
        ),
    ],
)
def test_sci_and_wht_equal_those_of_the_product_script(prepared_set, tmp_path, name, overrides):
    item = prepared_set(name, *overrides)
    before = checksums(item.prepared.exposures), checksums(item.prepared.inputs)
    drizzled = drizzle(
        item.prepared,
        drizzle_settings(item.config),
        reference_dirs=item.found.reference_dirs,
        log_file=tmp_path / "drizzle.log",
    )
    script = tmp_path / "make_product.py"
    script.write_text(script_for(item))
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "work")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (product,) = (tmp_path / "work").glob("one_dr?.fits")
    with fits.open(product) as hdus:
        sci, wht = hdus["SCI"].data, hdus["WHT"].data
        sci[wht == 0] = np.nan
        assert np.array_equal(sci, drizzled.sci, equal_nan=True)
        assert np.array_equal(wht, drizzled.wht)
    # neither the user's files nor the prepared copies were written to
    assert (checksums(item.prepared.exposures), checksums(item.prepared.inputs)) == before


def test_scratch_directory_is_removed(prepared_set, tmp_path):
    item = prepared_set("f160w")
    drizzle(
        item.prepared, drizzle_settings(item.config),
        reference_dirs=item.found.reference_dirs, log_file=tmp_path / "drizzle.log",
    )  # fmt: skip
    assert not list(item.prepared.directory.parent.glob(".drizzle-*"))


@pytest.mark.parametrize("wht_type", ["ERR", "IVM"])
def test_other_weights_are_made(prepared_set, tmp_path, wht_type):
    item = prepared_set("f160w", f"drizzle.final_wht_type={wht_type}")
    weighted = drizzle(
        item.prepared, drizzle_settings(item.config),
        reference_dirs=item.found.reference_dirs, log_file=tmp_path / "drizzle.log",
    )  # fmt: skip
    item.config.drizzle.final_wht_type = "EXP"
    by_time = drizzle(
        item.prepared, drizzle_settings(item.config),
        reference_dirs=item.found.reference_dirs, log_file=tmp_path / "drizzle.log",
    )  # fmt: skip
    both = (weighted.wht > 0) & (by_time.wht > 0)
    ratio = weighted.wht[both] / by_time.wht[both]
    assert both.mean() > 0.5
    assert np.std(ratio) / np.median(ratio) > 0.01  # not the exposure time again
    assert np.nanmedian(weighted.sci) == pytest.approx(np.nanmedian(by_time.sci), abs=0.01)


def test_users_ivm_maps_are_used(prepared_set, tmp_path):
    item = prepared_set("f160w", "drizzle.final_wht_type=IVM")
    for path in item.prepared.exposures:
        with fits.open(path) as hdus:
            ivm = fits.ImageHDU(np.full(hdus["SCI", 1].shape, 2.5, np.float32), name="IVM", ver=1)
        name = path.name.replace("_flt", "_ivm")
        fits.HDUList([fits.PrimaryHDU(), ivm]).writeto(tmp_path / name)
    settings = replace(drizzle_settings(item.config), ivm_path=tmp_path)
    drizzled = item.field.image(settings, "astrodrizzle", tmp_path)
    # DrizzlePac: weight = IVM EXPTIME^2 / s^4 for one full pixel
    scale_ratio = drizzled.final_scale_arcsec / item.config.filter.native_scale_arcsec
    full = 2.5 * (drizzled.exptime_s / 4) ** 2 / scale_ratio**4
    assert 0.1 * full < np.nanmedian(drizzled.wht[drizzled.wht > 0]) < 4.5 * full


def test_preparing_again_takes_the_cached_copies(prepared_set):
    first = prepared_set("f160w").prepared
    stamp = first.exposures[0].stat().st_mtime_ns
    assert prepared_set("f160w").prepared.exposures[0].stat().st_mtime_ns == stamp
    changed = prepared_set("f160w", "filter.cosmic_rays.driz_cr_snr='6.0 5.0'").prepared
    assert changed.directory != first.directory


def test_tweakreg_takes_out_the_injected_pointing_errors(prepared_set):
    aligned = prepared_set("f160w", "prepare=tweakreg", "dataset.pointing_error_px=0.3").prepared
    assert aligned.alignment_rms_arcsec < 0.03
    true = offsets(prepared_set("f160w").prepared)
    # 0.1 native pixel; the errors are 0.3 pixel rms on each axis
    assert np.abs(offsets(aligned) - true).max() < 0.013
    left_in = prepared_set("f160w", "dataset.pointing_error_px=0.3").prepared
    assert np.abs(offsets(left_in) - true).max() > 0.026


def offsets(prepared) -> np.ndarray:
    table = Table.read(prepared.directory / "dithers.ecsv")
    return np.column_stack([table["dx_arcsec"], table["dy_arcsec"]])
