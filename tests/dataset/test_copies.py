"""Exposures are taken as they come: from trees, packed, linked, under any name."""

import gzip
import shutil
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from hstdriz_study.dataset import describe_directory
from hstdriz_study.dataset.copies import (
    COPIES_MARK,
    check_copy_names,
    copy_name,
    needs_unpacking,
    unpack,
)
from hstdriz_study.errors import DatasetError


def zipped(path: Path) -> Path:
    target = path.with_name(f"{path.name}.gz")
    target.write_bytes(gzip.compress(path.read_bytes(), 1))
    path.unlink()
    return target


def fpacked(path: Path) -> Path:
    """Pack every image without loss."""
    target = path.with_name(f"{path.name}.fz")
    with fits.open(path) as hdus:
        images = [
            fits.CompImageHDU(hdu.data, hdu.header, compression_type="GZIP_2", quantize_level=0)
            for hdu in hdus[1:]
        ]
        fits.HDUList([hdus[0], *images]).writeto(target)
    path.unlink()
    return target


def names_in(directory, *exclude):
    found = describe_directory(directory, exclude)
    return sorted(one.path.relative_to(directory).as_posix() for one in found)


def test_a_tree_of_the_archive_is_taken_whole(tmp_path, write_exposure):
    roots = ("j8xi00o1q", "j8xi00o2q")
    tree = [f"mastDownload/HST/{root}/{root}_flc.fits" for root in roots]
    for path in (tmp_path / name for name in tree):
        path.parent.mkdir(parents=True)
        write_exposure(path)
    assert names_in(tmp_path) == tree
    assert names_in(tmp_path, "j8xi00o1q_flc.fits") == names_in(tmp_path, "J8XI00O1Q") == tree[1:]


def test_copies_that_a_product_is_made_of_are_not_taken(tmp_path, write_exposure):
    write_exposure(tmp_path / "j8xi00o1q_flc.fits")
    products = tmp_path / "runs" / "products"
    products.mkdir(parents=True)
    (products / COPIES_MARK).touch()
    write_exposure(products / "j8xi00o2q_flc.fits")
    assert names_in(tmp_path) == ["j8xi00o1q_flc.fits"]
    assert names_in(products) == ["j8xi00o2q_flc.fits"]


def test_one_name_in_two_folders_is_both_files(tmp_path, write_exposure):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        write_exposure(tmp_path / folder / "j8xi00o1q_flc.fits")
    assert names_in(tmp_path) == ["a/j8xi00o1q_flc.fits", "b/j8xi00o1q_flc.fits"]


@pytest.mark.parametrize("pack", [zipped, fpacked])
def test_a_packed_exposure_is_read_and_its_copy_is_plain(tmp_path, write_exposure, pack):
    plain = write_exposure(tmp_path / "j8xi00o1q_flc.fits")
    kept = shutil.copyfile(plain, tmp_path / "kept")
    original = pack(plain)
    content = original.read_bytes()
    assert names_in(tmp_path) == [original.name]
    assert needs_unpacking(original)
    copy = tmp_path / "copies" / copy_name(original)
    copy.parent.mkdir()
    assert copy.name == "j8xi00o1q_flc.fits"
    shutil.copyfile(original, copy)
    unpack(copy)
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]
    with fits.open(copy) as made, fits.open(kept) as known:
        assert [type(hdu) for hdu in made] == [type(hdu) for hdu in known]
        for one, other in zip(made[1:], known[1:], strict=True):
            assert (one.name, one.ver) == (other.name, other.ver)
            np.testing.assert_array_equal(one.data, other.data)
            assert one.data.dtype == other.data.dtype
        assert made["SCI", 2].header["CRVAL1"] == known["SCI", 2].header["CRVAL1"]
    assert original.read_bytes() == content


def test_a_link_to_a_packed_file_without_suffix_is_unpacked(tmp_path, write_exposure):
    (tmp_path / "store").mkdir()
    stored = zipped(write_exposure(tmp_path / "store" / "0123")).rename(tmp_path / "store" / "0123")
    link = tmp_path / "j8xi00o1q_flt.fits"
    link.symlink_to(stored)
    assert names_in(tmp_path) == [link.name]
    assert needs_unpacking(link)


def test_a_plain_file_stays_as_it_is(tmp_path, write_exposure):
    path = write_exposure(tmp_path / "j8xi00o1q_flt.fits")
    content = path.read_bytes()
    assert not needs_unpacking(path)
    unpack(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("name", "copied"),
    [
        ("J8XI00O1Q_FLC.FITS", "J8XI00O1Q_flc.fits"),
        ("J8XI00O1Q_FLT.FITS.GZ", "J8XI00O1Q_flt.fits"),
        ("a b=c_flt.fits", "a b=c_flt.fits"),
        ("a[1]_flt.fits", "a_1__flt.fits"),
        ("a,b_flc.fits.fz", "a_b_flc.fits"),
        ("@a$_flt.fits", "_a__flt.fits"),
        ("a*?_flt.fits", "a___flt.fits"),
        ("\xe9_flt.fits", "__flt.fits"),
    ],
)
def test_a_copy_has_a_name_that_astrodrizzle_takes(tmp_path, write_exposure, name, copied):
    assert copy_name(Path(name)) == copied
    write_exposure(tmp_path / "x_flt.fits").rename(tmp_path / name)
    assert names_in(tmp_path) == [name]
    with pytest.raises(DatasetError, match=r"that dataset\.exclude leaves over"):
        describe_directory(tmp_path, [copied])


def test_files_whose_copies_would_have_one_name_are_named():
    with pytest.raises(DatasetError, match=r"/a,b_flt\.fits and /a\[b_flt\.fits: their"):
        check_copy_names([Path("/a,b_flt.fits"), Path("/c_flt.fits"), Path("/a[b_flt.fits")])
