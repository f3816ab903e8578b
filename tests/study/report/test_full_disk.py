"""A figure on a full disk is an error of the disk, whichever format it is written in."""

import errno
import os
from pathlib import Path

import pytest

from hstdriz_study.errors import trouble_of_the_disk
from hstdriz_study.study.report.style import canvas, save


@pytest.mark.parametrize("suffix", [".png", ".pdf", ".svg"])
def test_a_full_disk_is_told_as_such(tmp_path, suffix):
    full = tmp_path / f"figure{suffix}"
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    full.symlink_to("/dev/full")
    with canvas(4, 3) as figure:
        axes = figure.add_subplot()
        axes.plot(range(20000), [value % 77 for value in range(20000)])
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)) as refused:
            save(figure, full)
    assert trouble_of_the_disk(refused.value) == "no space left on the disk; make room"
