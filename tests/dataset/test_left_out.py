"""What of a directory is left out is told, with the cure."""

import bz2
import re
import shutil

import pytest

from hstdriz_study.dataset import describe_directory
from hstdriz_study.errors import DatasetError


@pytest.fixture
def odd_names(tmp_path, write_exposure):
    """What is packed otherwise, beside what is no exposure."""
    for name in ("j8xi00o3q_flc.fits", "j8xi00o4q_flc.fits", "j8xi00o5q_FLT.FITS"):
        path = write_exposure(tmp_path / name)
        path.with_name(f"{name}.bz2").write_bytes(bz2.compress(path.read_bytes(), 1))
        path.unlink()
    for name in ("j8xi00o7q_raw.fits", "j8xi00010_drz.fits", "notes_flt.txt"):
        (tmp_path / name).touch()
    hidden = tmp_path / ".store"
    hidden.mkdir()
    (hidden / "j8xi00o8q_flt.fits").touch()
    return tmp_path


ODD = (
    r"1 \*_FLT.FITS.bz2 \(j8xi00o5q_FLT.FITS.bz2\): unpack them; "
    r"2 \*_flc.fits.bz2 \(j8xi00o3q_flc.fits.bz2 and 1 more\): unpack them"
)


def test_directory_of_what_is_not_taken_says_what_it_holds_and_the_cure(odd_names):
    message = r"holds no \*_flt.fits or \*_flc.fits file .*; it holds " + ODD + "$"
    with pytest.raises(DatasetError, match=message):
        describe_directory(odd_names)


def test_what_is_not_taken_is_told_when_others_are_usable(odd_names, warned, two_exposures):
    two_exposures()
    (warning,) = warned(odd_names)
    assert re.fullmatch(
        f"dataset.path={odd_names}: left out: {ODD}; or name them in dataset.exclude", warning
    )


def test_what_is_excluded_or_a_copy_of_what_is_taken_is_not_told(odd_names, warned, two_exposures):
    first, _ = two_exposures()
    below = odd_names / "mastDownload" / "HST"
    below.mkdir(parents=True)
    shutil.copyfile(first, below / first.name)
    shutil.copyfile(first, odd_names / f"{first.name}.bz2")
    shutil.copyfile(first, odd_names / f"{first.name}.gz")
    told = ("j8xi00o3q", "j8xi00o4q_flc.fits.bz2")
    (warning,) = warned(odd_names, *told)
    assert "j8xi00o5q_FLT" in warning
    assert warned(odd_names, *told, "j8xi00o5q") == ()


def test_flt_left_out_beside_its_flc_is_told(tmp_path, warned, two_exposures):
    for path in two_exposures():
        shutil.copyfile(path, path.with_name(path.name.replace("_flc", "_flt")))
    (warning,) = warned(tmp_path)
    assert re.match(r"2 \*_flt.fits are left out \(j8xi00o1q_flt.fits and 1 more\)", warning)
    assert "*_flc.fits" in warning
    assert warned(tmp_path, "j8xi00o1q_flt.fits", "j8xi00o2q_flt.fits") == ()


def test_plain_directory_gives_no_warning(tmp_path, warned, two_exposures):
    two_exposures()
    assert warned(tmp_path) == ()


def test_a_copy_below_of_another_content_is_told(tmp_path, warned, two_exposures):
    first, _ = two_exposures()
    below = tmp_path / "old"
    below.mkdir()
    shutil.copyfile(first, below / first.name)
    assert warned(tmp_path) == ()
    with (below / first.name).open("r+b") as stream:
        stream.seek(-1, 2)
        stream.write(b"\1")
    (warning,) = warned(tmp_path)
    assert f"left out: old/{first.name}, of another content than {first.name}" in warning
