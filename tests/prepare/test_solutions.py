"""Solutions by name, on what the archive delivers: a sample that drizzlepac installs."""

from __future__ import annotations

import shutil
import sysconfig
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from stwcs.wcsutil import HSTWCS

from hstdriz_study.dataset.solutions import Solution, find_solution, solutions_in
from hstdriz_study.foreign import confined
from hstdriz_study.prepare.wcs import set_wcs
from hstdriz_study.study.config import prepare_settings

SAMPLES = Path(sysconfig.get_paths()["purelib"], "tests", "hap")
FITTED, OTHER = "IDC_w3m18525i-FIT_SVM_GAIAeDR3", "IDC_w3m18525i-FIT_REL_GAIAeDR3"


@pytest.fixture
def exposure(tmp_path) -> Path:
    sample = SAMPLES / "sample_svm_flt.fits"
    if not sample.is_file():
        pytest.skip("drizzlepac has installed no tests/hap/sample_svm_flt.fits")
    return Path(shutil.copyfile(sample, tmp_path / "ib4606cpq_flt.fits"))


@pytest.fixture
def taken(exposure, compose_config, tmp_path):
    """Return the header of a copy with the WCS of a name."""

    def take(name: str) -> fits.Header:
        settings = replace(prepare_settings(compose_config()), wcs=name)
        with confined(tmp_path, {}, tmp_path / "log"):
            shutil.copyfile(exposure, "copy_flt.fits")
            set_wcs(["copy_flt.fits"], [exposure], settings)
        return fits.getheader(tmp_path / "copy_flt.fits", "SCI", 1)

    return take


def sky(path: Path, key: str = " ") -> np.ndarray:
    with fits.open(path) as hdus:
        return np.array(HSTWCS(hdus, ("SCI", 1), wcskey=key).all_pix2world(500.0, 400.0, 1), float)


def test_the_solutions_of_a_file_are_named_the_one_in_use_first(exposure):
    names = solutions_in(exposure)
    assert names[0] == FITTED
    assert "OPUS" in names
    assert f"{OTHER}, HDRNAME ib4606cpq_flt_{OTHER}-hlet.fits (headerlet)" in names


def test_a_fit_comes_back_exactly_by_its_name(exposure, taken, tmp_path):
    with fits.open(exposure) as hdus:
        head = hdus["SCI", 1].header
        letters = {head[key]: key[-1] for key in head["WCSNAME?"]}
    header = taken(OTHER)
    assert (header["WCSNAME"], header["CTYPE1"]) == (OTHER, "RA---TAN-SIP")
    assert header["HDRNAME"] == f"ib4606cpq_flt_{OTHER}-hlet.fits"
    assert sky(tmp_path / "copy_flt.fits") == pytest.approx(
        sky(exposure, letters[OTHER]), abs=1e-13
    )


def test_the_wcs_of_before_any_distortion_has_none(taken):
    header = taken("OPUS")
    assert (header["WCSNAME"], header["CTYPE1"]) == ("OPUS", "RA---TAN")
    assert not {"A_ORDER", "RMS_RA", "FITGEOM"} & set(header)


def test_the_one_in_use_stays_as_it_is(exposure, taken, tmp_path):
    assert find_solution(exposure, FITTED) == Solution("active")
    for name in (FITTED, "active"):
        assert taken(name)["WCSNAME"] == FITTED
        assert (sky(tmp_path / "copy_flt.fits") == sky(exposure)).all()


def test_a_headerlet_is_found_by_the_name_that_is_its_own(exposure):
    name = f"ib4606cpq_flt_{OTHER}-hlet.fits"
    found = find_solution(exposure, name)
    assert found is not None
    assert found == find_solution(exposure, OTHER)
    assert found.kind == "headerlet"


def without_headerlets(exposure: Path) -> None:
    with fits.open(exposure) as hdus:
        kept = fits.HDUList([hdu.copy() for hdu in hdus if hdu.name != "HDRLET"])
    kept.writeto(exposure, overwrite=True)


def test_an_alternate_counts_when_the_distortion_is_that_of_the_one_in_use(exposure, taken):
    without_headerlets(exposure)
    assert find_solution(exposure, "OPUS") is None
    found = find_solution(exposure, OTHER)
    assert found is not None
    assert found.kind == "alternate"
    assert taken(OTHER)["WCSNAME"] == OTHER


def test_a_headerlet_beside_the_exposure_is_taken_when_it_is_of_it(exposure, taken, tmp_path):
    with fits.open(exposure) as hdus:
        packed = next(u for u in hdus if u.name == "HDRLET" and u.header["WCSNAME"] == OTHER)
        packed.headerlet.writeto(tmp_path / "mine_hlet.fits")
    without_headerlets(exposure)
    found = find_solution(exposure, OTHER)
    assert found == Solution("file", str(tmp_path / "mine_hlet.fits"))
    assert taken(OTHER)["WCSNAME"] == OTHER
    fits.setval(tmp_path / "mine_hlet.fits", "DESTIM", value="another")
    found = find_solution(exposure, OTHER)
    assert found is not None
    assert found.kind == "alternate"
