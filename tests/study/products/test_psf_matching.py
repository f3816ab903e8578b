"""The PSF drizzled through the settings of a choice, and the cost of matching two filters."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from astropy.io import fits

from hstdriz_study.choose import choose_all, choose_common_scale, handbook_pick
from hstdriz_study.json_files import read_json
from hstdriz_study.study.config import choice_settings
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.products.psf_matching import make_psfs
from hstdriz_study.study.report.matched_psfs import MATCHING_HEADS, matching_told

FILTERS = ("f814w", "f160w")


def _study_with_psfs(set_up, record_of, directory, scales, *overrides) -> SimpleNamespace:
    """Choose for two filters, each at one scale, and make their PSFs."""
    made = {
        name: set_up(name, f"drizzle.final_scale={scale}", *overrides, study_dir=directory)
        for name, scale in zip(FILTERS, scales, strict=True)
    }
    records = [
        record_of(config, field, directory.point(name).path)
        for name, (config, field) in made.items()
    ]
    handbooks = {
        name: handbook_pick(config.filter.wavelength_nm, config.filter.native_scale_arcsec)
        for name, (config, _) in made.items()
    }
    settings = choice_settings(made["f160w"][0].choose)
    choices = choose_all(records, settings, handbooks)
    common = choose_common_scale(records, settings, handbooks)
    fields = {name: field for name, (_, field) in made.items()}
    make_psfs(directory, choices, records, common, fields)
    return SimpleNamespace(
        directory=directory, records=dict(zip(FILTERS, records, strict=True)), made=made
    )


@pytest.fixture(scope="module")
def study(set_up, record_of, tmp_path_factory) -> SimpleNamespace:
    """Two filters at one scale."""
    directory = StudyDirectory(tmp_path_factory.mktemp("psfs"))
    return _study_with_psfs(set_up, record_of, directory, (0.05, 0.05))


@pytest.mark.parametrize("name", FILTERS)
def test_the_stamp_is_odd_centred_and_of_unit_sum(study, name: str) -> None:
    psf = fits.getdata(study.directory.products.psf(name)).astype(float)
    n = len(psf)
    assert psf.shape == (n, n)
    assert n % 2 == 1
    assert psf.sum() == pytest.approx(1.0, abs=1e-5)
    assert psf.min() >= 0
    rows, columns = np.indices(psf.shape) - n // 2
    core = np.hypot(rows, columns) < 0.1 / 0.05  # beyond it the optics' coma moves the centroid
    offset = [float((psf * axis)[core].sum() / psf[core].sum()) for axis in (rows, columns)]
    assert np.hypot(*offset) < 0.02  # of a pixel
    assert psf[np.hypot(rows, columns) > n // 2].max() == 0


@pytest.mark.parametrize("name", FILTERS)
def test_the_psf_is_as_wide_as_the_drizzled_stars(study, name: str) -> None:
    header = fits.getheader(study.directory.products.psf(name))
    stars = study.records[name].metrics["psf/fwhm_arcsec"]
    assert header["PSFFWHM"] == pytest.approx(stars.value, abs=0.015 * stars.value + 2 * stars.err)
    assert 0.9 < header["PSFLIGHT"] < 1
    assert header["PSFEE50"] < header["PSFEE80"] < header["PSFNORM"]


@pytest.mark.parametrize("name", FILTERS)
def test_the_header_says_what_it_is(study, name: str) -> None:
    config, field = study.made[name]
    with fits.open(study.directory.products.psf(name)) as hdus:
        header = hdus[0].header
        assert header["FILTER"] == config.filter.filter
        assert (header["D001SCAL"], header["D001PIXF"]) == (0.05, 0.8)
        assert header["PREPARED"] == field.prepared.key
        assert len(hdus["STARS"].data) == header["PSFSTARS"] > 5
        assert hdus["SPREAD"].shape == hdus[0].shape
        words = "".join(header["COMMENT"])
    assert "not fitted to the focus" in words


def test_the_sharper_filter_gets_the_psf_of_the_broader(study) -> None:
    content = read_json(study.directory.psf_matching)
    sharp, broad = content["filters"]
    assert content["broadest"] == broad["filter"] == "f160w"
    assert sharp["residual"] < 0.02
    assert sharp["matched_fwhm_arcsec"] == pytest.approx(broad["fwhm_arcsec"], rel=0.01)
    assert sharp["fwhm_growth"] > 0.4
    assert sharp["pixel_noise"] < sharp["aperture_noise"] < 1
    kernel = fits.getdata(study.directory.products.path / sharp["kernel"])
    assert kernel.sum() == pytest.approx(1.0, abs=1e-4)


def test_the_report_has_a_row_a_filter(study, tmp_path) -> None:
    told = matching_told(study.directory)
    assert [row[0] for row in told["rows"]] == list(FILTERS)
    assert {len(row) for row in told["rows"]} == {len(MATCHING_HEADS)}
    assert matching_told(StudyDirectory(tmp_path)) is None


def test_a_filter_on_other_pixels_is_named_and_not_matched(set_up, record_of, tmp_path) -> None:
    directory = StudyDirectory(tmp_path)
    _study_with_psfs(set_up, record_of, directory, (0.04, 0.08), "choose.integer_ratio=true")
    told = matching_told(directory)
    assert [row[0] for row in told["rows"]] == ["f814w"]
    assert told["others"] == "f160w"
    assert (tmp_path / "products" / "psf_f160w.fits").is_file()
    assert not list((tmp_path / "products").glob("match_*"))
