"""A figure on a full disk is an error of the disk, whichever format it is written in."""

import errno
import os

import pytest

from hstdriz_study.errors import trouble_of_the_disk
from hstdriz_study.study.report.style import canvas, save


@pytest.mark.parametrize("suffix", [".png", ".pdf", ".svg"])
def test_a_full_disk_is_told_as_such_and_keeps_the_figure_before(disk_of, suffix):
    figure_file = disk_of("8k") / f"figure{suffix}"
    figure_file.write_bytes(b"earlier")
    with canvas(4, 3) as figure:
        axes = figure.add_subplot()
        axes.plot(range(20000), [value % 77 for value in range(20000)])
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)) as refused:
            save(figure, figure_file)
    told = f"{figure_file}: no space left on the disk; make room"
    assert trouble_of_the_disk(refused.value) == told
    assert figure_file.read_bytes() == b"earlier"
