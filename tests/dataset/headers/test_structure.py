import re

import numpy as np
import pytest
from astropy.io import fits

from hstdriz_study.errors import DatasetError
from tests.dataset.exposure_files import write_exposure


@pytest.fixture
def second(tmp_path):
    write_exposure(tmp_path / "j8xi00o1q_flc.fits")
    return write_exposure(tmp_path / "j8xi00o2q_flc.fits")


def changed(path, change):
    with fits.open(path, memmap=False) as hdus:
        change(hdus)
        hdus.writeto(path, overwrite=True)


def without_dq(hdus):
    del hdus["DQ", 2]


def twice(hdus):
    hdus.append(fits.ImageHDU(hdus["ERR", 1].data, name="ERR", ver=1))


def constant(hdus):
    empty = fits.ImageHDU(name="DQ", ver=1)
    empty.header["PIXVALUE"] = 0
    hdus["DQ", 1] = empty


def smaller(hdus):
    hdus["ERR", 2].data = hdus["ERR", 2].data[:, :30]


def of_a_byte(hdus):
    hdus["DQ", 1].data = hdus["DQ", 1].data.astype(np.uint8)


def a_line(hdus):
    hdus["DQ", 1].data = hdus["DQ", 1].data.ravel()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (without_dq, "DQ,2 is not there, beside SCI,2"),
        (twice, "ERR,1 is there 2 times"),
        (constant, "DQ,1 has no pixels (NAXIS 0), only PIXVALUE=0"),
        (smaller, "ERR,2 has 30 x 40 pixels, SCI,2 50 x 40"),
        (of_a_byte, "DQ,1 holds no flags: BITPIX is 8"),
        (a_line, "DQ,1 is no image: its axes are (2000,)"),
    ],
)
def test_an_array_that_is_not_as_it_should_be_is_named(second, warned, tmp_path, change, told):
    changed(second, change)
    with pytest.raises(DatasetError, match=re.escape(f"{second}: {told}; download it again")):
        warned(tmp_path)


def test_pixels_that_differ_from_their_datasum_stop_the_study(second, warned, tmp_path):
    with fits.open(second, memmap=False) as hdus:
        hdus.writeto(second, overwrite=True, checksum=True)
    assert warned(tmp_path) == ()
    with fits.open(second) as hdus:
        start = hdus["SCI", 2].fileinfo()["datLoc"]
    damaged = bytearray(second.read_bytes())
    damaged[start + 100] ^= 1
    second.write_bytes(damaged)
    with pytest.raises(DatasetError, match=r"the pixels of SCI,2 are .*accept=\[checksum\]$"):
        warned(tmp_path)
    assert len(warned(tmp_path, accept=["checksum"])) == 1


def test_a_header_that_was_edited_is_no_damage(second, warned, tmp_path):
    with fits.open(second, memmap=False) as hdus:
        hdus.writeto(second, overwrite=True, checksum=True)
    before = second.read_bytes()
    second.write_bytes(before.replace(b"'OPUS    '", b"'MINE    '", 1))
    assert second.read_bytes() != before
    assert not any("DATASUM" in told for told in warned(tmp_path))


def test_the_files_are_only_read(second, warned, tmp_path):
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    warned(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert np.all(fits.getdata(second, "SCI", 1) == 1)
