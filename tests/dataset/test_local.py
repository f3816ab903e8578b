"""A directory of exposures, described and selected."""

import os
from pathlib import Path

import pytest
from astropy.io import fits

from hstdriz_study.dataset import describe_directory, read_exposure, select_exposures
from hstdriz_study.errors import DatasetError


def test_headers_are_described(tmp_path, write_exposure):
    exposure = read_exposure(write_exposure(tmp_path / "j00000001_flc.fits"))
    assert (exposure.instrument, exposure.detector, exposure.filter) == ("ACS", "WFC", "F814W")
    assert exposure.exptime_s == 400.0


def test_exposures_come_in_order_of_time(tmp_path, f814w, write_exposure):
    write_exposure(tmp_path / "j00000001_flc.fits", EXPSTART=3.0)
    write_exposure(tmp_path / "j00000002_flc.fits", EXPSTART=1.0)
    chosen = select_exposures(describe_directory(tmp_path), f814w, tmp_path)
    assert [exposure.expstart_mjd for exposure in chosen] == [1.0, 3.0]


def test_other_filters_and_detectors_are_left_out(tmp_path, f814w, write_exposure):
    for number in (1, 2):
        write_exposure(tmp_path / f"j0000000{number}_flc.fits")
        write_exposure(tmp_path / f"i0000000{number}_flc.fits", INSTRUME="WFC3", DETECTOR="UVIS")
        write_exposure(tmp_path / f"j1000000{number}_flc.fits", FILTER2="F606W")
    chosen = select_exposures(describe_directory(tmp_path), f814w, tmp_path)
    assert [exposure.path.name[:9] for exposure in chosen] == ["j00000001", "j00000002"]


def test_flc_is_taken_before_flt_of_the_same_exposure(tmp_path, write_exposure):
    write_exposure(tmp_path / "j00000001_flt.fits")
    write_exposure(tmp_path / "j00000001_flc.fits")
    assert [e.path.name for e in describe_directory(tmp_path)] == ["j00000001_flc.fits"]


@pytest.mark.parametrize("name", ["j00000001", "j00000001_flc.fits", "J00000001"])
def test_excluded_exposures_are_left_out(tmp_path, name, write_exposure):
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


def test_absent_filter_says_what_is_there(tmp_path, compose_config, write_exposure):
    write_exposure(tmp_path / "j00000001_flc.fits")
    with pytest.raises(DatasetError, match=r"no WFC3/IR F160W exposures.*ACS/WFC F814W \(1\)"):
        select_exposures(
            describe_directory(tmp_path), compose_config("filter=f160w").filter, tmp_path
        )


def test_single_exposure_is_refused(tmp_path, f814w, write_exposure):
    write_exposure(tmp_path / "j00000001_flc.fits")
    with pytest.raises(DatasetError, match="only one exposure"):
        select_exposures(describe_directory(tmp_path), f814w, tmp_path)


def test_truncated_file_is_named(tmp_path, write_exposure):
    path = write_exposure(tmp_path / "j00000001_flc.fits")
    path.write_bytes(path.read_bytes()[:-3000])
    with pytest.raises(DatasetError, match=r"j00000001_flc.fits: not a complete FITS file"):
        read_exposure(path)


def test_file_that_is_not_fits_is_named(tmp_path):
    path = tmp_path / "j00000001_flc.fits"
    path.write_text("not FITS at all")
    with pytest.raises(DatasetError, match="not a complete FITS file"):
        read_exposure(path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"telescope": "JWST"}, "TELESCOP"), ({"exptime": 0.0}, "EXPTIME is 0")],
)
def test_unusable_headers_are_named(tmp_path, changes, message, write_exposure):
    path = write_exposure(tmp_path / "j00000001_flc.fits", **changes)
    with pytest.raises(DatasetError, match=message):
        read_exposure(path)


def test_missing_keyword_is_named(tmp_path, write_exposure):
    path = write_exposure(tmp_path / "j00000001_flc.fits")
    fits.delval(path, "EXPSTART")
    with pytest.raises(DatasetError, match="primary header: EXPSTART is not there"):
        read_exposure(path)


def test_link_keeps_its_name(tmp_path, write_exposure):
    (tmp_path / "store").mkdir()
    path = write_exposure(tmp_path / "store" / "0123456789")
    (tmp_path / "j8xi00o1q_flc.fits").symlink_to(path)
    (found,) = describe_directory(tmp_path)
    assert found.path == tmp_path / "j8xi00o1q_flc.fits"


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (os.mkfifo, "a pipe, a socket or a device"),
        (Path.mkdir, "a directory"),
        (lambda path: path.symlink_to("no_such_file"), "a link to nothing"),
        (lambda path: path.symlink_to(path.name), "a link to nothing"),
        (lambda path: path.symlink_to("/dev/zero"), "a pipe, a socket or a device"),
    ],
    ids=["pipe", "directory", "broken link", "link to itself", "device"],
)
def test_what_is_no_file_is_refused_at_once_unless_it_is_excluded(
    tmp_path, write_exposure, make, kind
):
    write_exposure(tmp_path / "j8xi00o1q_flc.fits")
    make(tmp_path / "j8xi00o2q_flc.fits")
    told = rf"j8xi00o2q_flc.fits: is {kind}, not a file; .*exclude=\[j8xi00o2q_flc.fits\]"
    with pytest.raises(DatasetError, match=told):
        describe_directory(tmp_path)
    (found,) = describe_directory(tmp_path, exclude=["j8xi00o2q"])
    assert found.path.name == "j8xi00o1q_flc.fits"


def test_a_file_in_place_of_a_directory_is_told_as_such(tmp_path, write_exposure):
    path = write_exposure(tmp_path / "j8xi00o1q_flc.fits")
    with pytest.raises(DatasetError, match="is a file; give the directory"):
        describe_directory(path)
