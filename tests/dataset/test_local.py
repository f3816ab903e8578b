import gzip
import os
import re
import shutil
from pathlib import Path

import pytest
from astropy.io import fits

from hstdriz_study.dataset import (
    describe_directory,
    read_exposure,
    select_exposures,
)
from hstdriz_study.errors import DatasetError
from tests.dataset.exposure_files import write_exposure


def test_headers_are_described(tmp_path):
    exposure = read_exposure(write_exposure(tmp_path / "j00000001_flc.fits"))
    assert (exposure.instrument, exposure.detector, exposure.filter) == ("ACS", "WFC", "F814W")
    assert exposure.exptime_s == 400.0


def test_exposures_come_in_order_of_time(tmp_path, f814w):
    write_exposure(tmp_path / "j00000001_flc.fits", EXPSTART=3.0)
    write_exposure(tmp_path / "j00000002_flc.fits", EXPSTART=1.0)
    chosen = select_exposures(describe_directory(tmp_path), f814w, tmp_path)
    assert [exposure.expstart_mjd for exposure in chosen] == [1.0, 3.0]


def test_other_filters_and_detectors_are_left_out(tmp_path, f814w):
    for number in (1, 2):
        write_exposure(tmp_path / f"j0000000{number}_flc.fits")
        write_exposure(tmp_path / f"i0000000{number}_flc.fits", INSTRUME="WFC3", DETECTOR="UVIS")
        write_exposure(tmp_path / f"j1000000{number}_flc.fits", FILTER2="F606W")
    chosen = select_exposures(describe_directory(tmp_path), f814w, tmp_path)
    assert [exposure.path.name[:9] for exposure in chosen] == ["j00000001", "j00000002"]


def test_flc_is_taken_before_flt_of_the_same_exposure(tmp_path):
    write_exposure(tmp_path / "j00000001_flt.fits")
    write_exposure(tmp_path / "j00000001_flc.fits")
    assert [e.path.name for e in describe_directory(tmp_path)] == ["j00000001_flc.fits"]


@pytest.mark.parametrize("name", ["j00000001", "j00000001_flc.fits", "J00000001"])
def test_excluded_exposures_are_left_out(tmp_path, name):
    write_exposure(tmp_path / "j00000001_flc.fits")
    write_exposure(tmp_path / "j00000002_flc.fits")
    found = describe_directory(tmp_path, exclude=[name])
    assert [exposure.path.name for exposure in found] == ["j00000002_flc.fits"]


def test_missing_directory_is_one_sentence(tmp_path):
    with pytest.raises(DatasetError, match=r"dataset.path=.*nowhere: no such directory"):
        describe_directory(tmp_path / "nowhere")


def test_empty_directory_is_one_sentence(tmp_path):
    with pytest.raises(DatasetError, match=r"holds no \*_flt.fits or \*_flc.fits file"):
        describe_directory(tmp_path)


def test_absent_filter_says_what_is_there(tmp_path, compose_config):
    write_exposure(tmp_path / "j00000001_flc.fits")
    with pytest.raises(DatasetError, match=r"no WFC3/IR F160W exposures.*ACS/WFC F814W \(1\)"):
        select_exposures(
            describe_directory(tmp_path), compose_config("filter=f160w").filter, tmp_path
        )


def test_single_exposure_is_refused(tmp_path, f814w):
    write_exposure(tmp_path / "j00000001_flc.fits")
    with pytest.raises(DatasetError, match="only one exposure"):
        select_exposures(describe_directory(tmp_path), f814w, tmp_path)


def test_truncated_file_is_named(tmp_path):
    path = write_exposure(tmp_path / "j00000001_flc.fits")
    path.write_bytes(path.read_bytes()[:-3000])
    with pytest.raises(DatasetError, match=r"j00000001_flc.fits: not a complete FITS file"):
        read_exposure(path)


def test_file_that_is_not_fits_is_named(tmp_path):
    path = tmp_path / "j00000001_flc.fits"
    path.write_text("not FITS at all")
    with pytest.raises(DatasetError, match="not a complete FITS file"):
        read_exposure(path)


@pytest.mark.parametrize("odd", ["a[1]", "a,b", "@a", "$a", "a*", "a?", "é"])
def test_a_file_name_that_astrodrizzle_reads_otherwise_is_named(tmp_path, f814w, odd):
    for rootname, name in (("j00000001", "j00000001"), ("j00000002", odd)):
        write_exposure(tmp_path / f"{name}_flc.fits", ROOTNAME=rootname)
    with pytest.raises(DatasetError, match=f"^{re.escape(odd)}_flc.fits: .*; rename the file"):
        select_exposures(describe_directory(tmp_path), f814w, tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"telescope": "JWST"}, "TELESCOP"), ({"exptime": 0.0}, "EXPTIME is 0")],
)
def test_unusable_headers_are_named(tmp_path, changes, message):
    path = write_exposure(tmp_path / "j00000001_flc.fits", **changes)
    with pytest.raises(DatasetError, match=message):
        read_exposure(path)


def test_missing_keyword_is_named(tmp_path):
    path = write_exposure(tmp_path / "j00000001_flc.fits")
    fits.delval(path, "EXPSTART")
    with pytest.raises(DatasetError, match="primary header: EXPSTART is not there"):
        read_exposure(path)


HAP_NAME = "hst_10092_01_acs_wfc_f814w_j8xi0001_flc.fits"


def two_exposures(directory: Path) -> list[Path]:
    names = ("j8xi00o1q_flc.fits", "j8xi00o2q_flc.fits")
    return [write_exposure(directory / name) for name in names]


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
def test_exposure_under_two_names_is_refused_with_both_and_the_cure(tmp_path, f814w, again):
    first, _ = two_exposures(tmp_path)
    again(first, HAP_NAME)
    with pytest.raises(DatasetError) as refused:
        select_exposures(describe_directory(tmp_path), f814w, tmp_path)
    sentence = str(refused.value)
    assert f"{first.name} and {HAP_NAME} (ROOTNAME " in sentence
    assert f"dataset.exclude=[{HAP_NAME}]" in sentence
    assert "j8xi00o2q" not in sentence
    left = select_exposures(describe_directory(tmp_path, [HAP_NAME]), f814w, tmp_path)
    assert len(left) == 2


def test_every_pair_and_all_that_is_to_be_excluded_stand_in_one_sentence(tmp_path, f814w):
    for path in two_exposures(tmp_path):
        edited_copy(path, f"hst_{path.name[:8]}_flc.fits")
        edited_copy(path, f"hst_{path.name[:8]}_again_flc.fits")
    with pytest.raises(DatasetError) as refused:
        select_exposures(describe_directory(tmp_path), f814w, tmp_path)
    excluded = str(refused.value).split("dataset.exclude=[")[1].rstrip("]").split(",")
    assert len(excluded) == 4
    left = select_exposures(describe_directory(tmp_path, excluded), f814w, tmp_path)
    assert [exposure.path.name[:9] for exposure in left] == ["j8xi00o1q", "j8xi00o2q"]


def test_one_exposure_under_two_names_is_still_only_one(tmp_path, f814w):
    path = write_exposure(tmp_path / "j8xi00o1q_flc.fits")
    edited_copy(path, HAP_NAME)
    with pytest.raises(DatasetError, match=f"only one exposure.*{path.name} and {HAP_NAME}"):
        select_exposures(describe_directory(tmp_path), f814w, tmp_path)


def test_flt_and_flc_of_one_exposure_under_other_names_are_refused(tmp_path, f814w):
    path, _ = two_exposures(tmp_path)
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
def test_different_exposures_are_not_taken_for_one(tmp_path, f814w, one, other):
    write_exposure(tmp_path / "j8xi00o1q_flc.fits", **one)
    write_exposure(tmp_path / "j8xi00o2q_flc.fits", **other)
    assert len(select_exposures(describe_directory(tmp_path), f814w, tmp_path)) == 2


def test_other_detector_may_expose_at_the_same_time(tmp_path, f814w):
    for path in two_exposures(tmp_path):
        other = edited_copy(path, path.name.replace("j8", "i8"), ROOTNAME=f"i{path.name[1:9]}")
        for key, value in (("INSTRUME", "WFC3"), ("DETECTOR", "UVIS")):
            fits.setval(other, key, value=value)
    assert len(select_exposures(describe_directory(tmp_path), f814w, tmp_path)) == 2


def test_link_keeps_its_name(tmp_path):
    (tmp_path / "store").mkdir()
    path = write_exposure(tmp_path / "store" / "0123456789")
    (tmp_path / "j8xi00o1q_flc.fits").symlink_to(path)
    (found,) = describe_directory(tmp_path)
    assert found.path == tmp_path / "j8xi00o1q_flc.fits"


def packed(path: Path) -> Path:
    with path.open("rb") as plain, gzip.open(f"{path}.gz", "wb", 1) as stream:
        shutil.copyfileobj(plain, stream)
    path.unlink()
    return Path(f"{path}.gz")


@pytest.fixture
def odd_names(tmp_path):
    """Exposures that are packed, in capitals and in folders, beside what is no exposure."""
    for number in (3, 4):
        packed(write_exposure(tmp_path / f"j8xi00o{number}q_flc.fits"))
    write_exposure(tmp_path / "J8XI00O5Q_FLC.FITS")
    folder = tmp_path / "mastDownload" / "HST" / "j8xi00o6q"
    folder.mkdir(parents=True)
    write_exposure(folder / "j8xi00o6q_flt.fits")
    for name in ("j8xi00o7q_raw.fits", "j8xi00010_drz.fits", "notes_flt.txt"):
        (tmp_path / name).touch()
    hidden = tmp_path / ".store"
    hidden.mkdir()
    (hidden / "j8xi00o8q_flt.fits").touch()
    return tmp_path


ODD = (
    r"1 \*_FLC.FITS \(J8XI00O5Q_FLC.FITS\): rename them in lower case; "
    r"2 \*_flc.fits.gz \(j8xi00o3q_flc.fits.gz and 1 more\): unpack them; "
    r"1 \*_flt.fits in folders below \(mastDownload/HST/j8xi00o6q/j8xi00o6q_flt.fits\): "
    r"move them into dataset.path"
)


def test_directory_of_odd_names_alone_says_what_it_holds_and_the_cure(odd_names):
    message = r"holds no \*_flt.fits or \*_flc.fits file; it holds " + ODD + "$"
    with pytest.raises(DatasetError, match=message):
        describe_directory(odd_names)


def test_odd_names_are_told_when_others_are_usable(odd_names, warned):
    two_exposures(odd_names)
    (warning,) = warned(odd_names)
    assert re.fullmatch(
        f"dataset.path={odd_names}: left out: {ODD}; or name them in dataset.exclude", warning
    )


def test_what_is_excluded_or_a_copy_of_what_is_taken_is_not_told(odd_names, warned):
    first, _ = two_exposures(odd_names)
    products = odd_names / "hstdriz-runs" / "products"
    products.mkdir(parents=True)
    shutil.copyfile(first, products / first.name)
    shutil.copyfile(first, odd_names / f"{first.name}.gz")
    told = ("j8xi00o3q", "j8xi00o4q_flc.fits.gz", "j8xi00o5q")
    (warning,) = warned(odd_names, *told)
    assert "j8xi00o6q_flt.fits" in warning
    assert warned(odd_names, *told, "j8xi00o6q") == ()


def test_flt_left_out_beside_its_flc_is_told(tmp_path, warned):
    for path in two_exposures(tmp_path):
        edited_copy(path, path.name.replace("_flc", "_flt"))
    (warning,) = warned(tmp_path)
    assert re.match(r"2 \*_flt.fits are left out \(j8xi00o1q_flt.fits and 1 more\)", warning)
    assert "*_flc.fits" in warning
    assert warned(tmp_path, "j8xi00o1q_flt.fits", "j8xi00o2q_flt.fits") == ()


def test_plain_directory_gives_no_warning(tmp_path, warned):
    two_exposures(tmp_path)
    assert warned(tmp_path) == ()
