"""What a disk refuses is told from other errors, however a library words it."""

from __future__ import annotations

import errno
import os
import shutil

import pytest
from astropy.io import fits

from hstdriz_study.errors import trouble_of_the_disk


def test_a_full_disk_is_known_from_what_the_system_says():
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "there")
    assert trouble_of_the_disk(full) == "there: no space left on the disk; make room"


def test_a_disk_that_fails_is_named_with_its_file():
    failed = OSError(errno.EIO, os.strerror(errno.EIO), "there")
    assert trouble_of_the_disk(failed) == (
        "there: the disk cannot be used (Input/output error); see to it"
    )


def test_a_full_disk_is_known_from_what_astropy_and_copytree_make_of_it(disk_of, tmp_path):
    disk = disk_of("4k")
    with pytest.raises(OSError) as of_astropy:  # noqa: PT011 - whatever it is called
        fits.PrimaryHDU(data=bytes_of(1 << 16)).writeto(disk / "large.fits")
    (tmp_path / "large").mkdir()
    (tmp_path / "large" / "file").write_bytes(bytes(1 << 16))
    with pytest.raises(shutil.Error) as of_copytree:
        shutil.copytree(tmp_path / "large", disk / "copy")
    for raised in (of_astropy, of_copytree):
        assert trouble_of_the_disk(raised.value) == "no space left on the disk; make room"


def test_of_a_copy_the_file_that_has_no_room_is_named(disk_of, tmp_path):
    disk = disk_of("4k")
    (tmp_path / "large").write_bytes(bytes(1 << 16))
    with pytest.raises(OSError, match="No space left") as raised:
        shutil.copyfile(tmp_path / "large", disk / "copy")
    assert trouble_of_the_disk(raised.value) == f"{disk}/copy: no space left on the disk; make room"


def test_what_is_missing_is_no_trouble_of_the_disk():
    assert trouble_of_the_disk(FileNotFoundError(errno.ENOENT, "no such file", "there")) is None
    assert trouble_of_the_disk(ValueError("[Errno 28]")) is None


def bytes_of(n):
    import numpy as np

    return np.zeros(n, dtype=np.uint8)
