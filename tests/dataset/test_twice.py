"""An exposure that is there twice is told, and different ones are not taken for one."""

import os
import shutil
from pathlib import Path

import pytest
from astropy.io import fits

from hstdriz_study.dataset import describe_directory, select_exposures
from hstdriz_study.errors import DatasetError

HAP_NAME = "hst_10092_01_acs_wfc_f814w_j8xi0001_flc.fits"


def edited_copy(path: Path, name: str, **changes) -> Path:
    copy = Path(shutil.copyfile(path, path.with_name(name)))
    for key, value in changes.items():
        fits.setval(copy, key, value=value)
    return copy


def hard_link(path: Path, name: str) -> None:
    os.link(path, path.with_name(name))


def symbolic_link(path: Path, name: str) -> None:
    path.with_name(name).symlink_to(path.name)


@pytest.mark.parametrize(
    "again",
    [
        edited_copy,
        hard_link,
        symbolic_link,
        # without the letter of its way down, in capitals; the clock of a later calibration
        lambda path, name: edited_copy(path, name, ROOTNAME="J8XI00O1", EXPSTART=60000.0),
        lambda path, name: edited_copy(path, name, ROOTNAME="j8xi00o1j", EXPSTART=60000.0),
        lambda path, name: edited_copy(path, name, ROOTNAME="mine"),
    ],
)
def test_exposure_under_two_names_is_refused_with_both_and_the_cure(
    tmp_path, f814w, again, two_exposures
):
    first, _ = two_exposures()
    again(first, HAP_NAME)
    with pytest.raises(DatasetError) as refused:
        select_exposures(describe_directory(tmp_path), f814w, tmp_path)
    sentence = str(refused.value)
    assert f"{first.name} and {HAP_NAME} (ROOTNAME " in sentence
    assert f"dataset.exclude=[{HAP_NAME}]" in sentence
    assert "j8xi00o2q" not in sentence
    left = select_exposures(describe_directory(tmp_path, [HAP_NAME]), f814w, tmp_path)
    assert len(left) == 2


def test_every_pair_and_all_that_is_to_be_excluded_stand_in_one_sentence(
    tmp_path, f814w, two_exposures
):
    for path in two_exposures():
        edited_copy(path, f"hst_{path.name[:8]}_flc.fits")
        edited_copy(path, f"hst_{path.name[:8]}_again_flc.fits")
    with pytest.raises(DatasetError) as refused:
        select_exposures(describe_directory(tmp_path), f814w, tmp_path)
    excluded = str(refused.value).split("dataset.exclude=[")[1].rstrip("]").split(",")
    assert len(excluded) == 4
    left = select_exposures(describe_directory(tmp_path, excluded), f814w, tmp_path)
    assert [exposure.path.name[:9] for exposure in left] == ["j8xi00o1q", "j8xi00o2q"]


def test_one_exposure_under_two_names_is_still_only_one(tmp_path, f814w, write_exposure):
    path = write_exposure(tmp_path / "j8xi00o1q_flc.fits")
    edited_copy(path, HAP_NAME)
    with pytest.raises(DatasetError, match=f"only one exposure.*{path.name} and {HAP_NAME}"):
        select_exposures(describe_directory(tmp_path), f814w, tmp_path)


def test_flt_and_flc_of_one_exposure_under_other_names_are_refused(tmp_path, f814w, two_exposures):
    path, _ = two_exposures()
    path.rename(path.with_name("j8xi00o1q_flt.fits"))
    edited_copy(path.with_name("j8xi00o1q_flt.fits"), HAP_NAME)
    # the one corrected for charge transfer is kept
    with pytest.raises(DatasetError, match=r"dataset.exclude=\[j8xi00o1q_flt.fits\]"):
        select_exposures(describe_directory(tmp_path), f814w, tmp_path)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # the next second
        ({"EXPSTART": 53500.0}, {"EXPSTART": 53500.0 + 1 / 86400}),
        # names that are not IPPPSSOOT, times before there was a telescope
        (
            {"ROOTNAME": "exposure1", "EXPSTART": 0.0},
            {"ROOTNAME": "exposure2", "EXPSTART": 0.0},
        ),
        ({"ROOTNAME": "galaxy01a"}, {"ROOTNAME": "galaxy01b"}),
        ({"ROOTNAME": ""}, {"ROOTNAME": ""}),
    ],
)
def test_different_exposures_are_not_taken_for_one(tmp_path, f814w, one, other, write_exposure):
    write_exposure(tmp_path / "j8xi00o1q_flc.fits", **one)
    write_exposure(tmp_path / "j8xi00o2q_flc.fits", **other)
    assert len(select_exposures(describe_directory(tmp_path), f814w, tmp_path)) == 2


def test_other_detector_may_expose_at_the_same_time(tmp_path, f814w, two_exposures):
    for path in two_exposures():
        other = edited_copy(path, path.name.replace("j8", "i8"), ROOTNAME=f"i{path.name[1:9]}")
        for key, value in (("INSTRUME", "WFC3"), ("DETECTOR", "UVIS")):
            fits.setval(other, key, value=value)
    assert len(select_exposures(describe_directory(tmp_path), f814w, tmp_path)) == 2
