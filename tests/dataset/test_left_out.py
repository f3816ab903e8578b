"""What of a directory is left out is told, with the cure."""

import gzip
import re
import shutil
from pathlib import Path

import pytest

from hstdriz_study.dataset import describe_directory
from hstdriz_study.errors import DatasetError


def packed(path: Path) -> Path:
    with path.open("rb") as plain, gzip.open(f"{path}.gz", "wb", 1) as stream:
        shutil.copyfileobj(plain, stream)
    path.unlink()
    return Path(f"{path}.gz")


@pytest.fixture
def odd_names(tmp_path, write_exposure):
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


def test_odd_names_are_told_when_others_are_usable(odd_names, warned, two_exposures):
    two_exposures()
    (warning,) = warned(odd_names)
    assert re.fullmatch(
        f"dataset.path={odd_names}: left out: {ODD}; or name them in dataset.exclude", warning
    )


def test_what_is_excluded_or_a_copy_of_what_is_taken_is_not_told(odd_names, warned, two_exposures):
    first, _ = two_exposures()
    products = odd_names / "hstdriz-runs" / "products"
    products.mkdir(parents=True)
    shutil.copyfile(first, products / first.name)
    shutil.copyfile(first, odd_names / f"{first.name}.gz")
    told = ("j8xi00o3q", "j8xi00o4q_flc.fits.gz", "j8xi00o5q")
    (warning,) = warned(odd_names, *told)
    assert "j8xi00o6q_flt.fits" in warning
    assert warned(odd_names, *told, "j8xi00o6q") == ()


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
