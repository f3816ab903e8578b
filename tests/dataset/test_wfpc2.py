"""WFPC2 is refused in one sentence, in its own layout and in that of later cameras."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from astropy.io import fits

from hstdriz_study.dataset import describe_directory
from hstdriz_study.errors import DatasetError
from tests.dataset.exposure_files import write_exposure

REAL = Path(__file__).resolve().parents[3] / "shared" / "real" / "wfpc2"


@pytest.mark.parametrize("kind", ["c0f.fits", "c0m.fits", "c0f.fits.gz"])
def test_a_directory_of_its_own_files_is_refused(tmp_path, kind):
    for suffix in (kind, kind.replace("c0", "c1")):
        fits.PrimaryHDU().writeto(tmp_path / f"u40x010hm_{suffix}")
    with pytest.raises(DatasetError) as refused:
        describe_directory(tmp_path)
    told = str(refused.value)
    assert f"1 exposures of WFPC2 (u40x010hm_{kind}), which cannot be studied" in told
    assert len(told.splitlines()) == 1


def test_the_real_frames_are_refused_and_not_changed(tmp_path):
    if not REAL.is_dir():
        pytest.skip("no real WFPC2 frames beside the checkout")
    copies = [Path(shutil.copy(path, tmp_path)) for path in sorted(REAL.glob("*.fits.gz"))]
    before = [path.read_bytes() for path in copies]
    with pytest.raises(DatasetError, match="1 exposures of WFPC2"):
        describe_directory(tmp_path)
    assert [path.read_bytes() for path in copies] == before


def of_wfpc2(directory: Path, *roots: str) -> None:
    for root in roots:
        path = write_exposure(directory / f"{root}_flt.fits", INSTRUME="WFPC2")
        fits.delval(path, "DETECTOR")


def test_flt_files_of_it_are_refused_all_at_once(tmp_path):
    of_wfpc2(tmp_path, "u40x010hm", "u40x010im", "u40x010jm")
    with pytest.raises(DatasetError) as refused:
        describe_directory(tmp_path)
    told = str(refused.value)
    assert "3 exposures are of WFPC2 (u40x010hm_flt.fits, u40x010im_flt.fits, u40x0" in told
    assert "dataset.exclude" not in told  # nothing would be left


def test_flt_files_of_it_beside_others_are_dropped_with_what_is_told(tmp_path):
    write_exposure(tmp_path / "j8xi00o1q_flc.fits")
    of_wfpc2(tmp_path, "u40x010hm", "u40x010im")
    with pytest.raises(DatasetError) as refused:
        describe_directory(tmp_path)
    assert "drop them with dataset.exclude=[" in str(refused.value)
    (left,) = describe_directory(tmp_path, ["u40x010hm_flt.fits", "u40x010im_flt.fits"])
    assert left.detector == "WFC"


def test_beside_exposures_of_others_it_is_told_as_left_out(tmp_path, warned):
    for name in ("j8xi00o1q_flc.fits", "j8xi00o2q_flc.fits"):
        write_exposure(tmp_path / name)
    fits.PrimaryHDU().writeto(tmp_path / "u40x010hm_c0f.fits")
    (told,) = [one for one in warned(tmp_path) if "WFPC2" in one]
    assert "left out: 1 exposures of WFPC2 (u40x010hm_c0f.fits)" in told
