"""Headers of exposures, written as a test asks."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits

if TYPE_CHECKING:
    from pathlib import Path

# two exposures of a detector do not begin at the same time
STARTS_MJD = itertools.count(53436.3, 0.01)


def _write(
    path: Path, *, scale: float = 0.05, telescope: str = "HST", exptime: float = 400.0, **primary
) -> Path:
    """Write the headers of an ACS/WFC exposure with two small chips."""
    header = {
        "TELESCOP": telescope, "INSTRUME": "ACS", "DETECTOR": "WFC", "ROOTNAME": path.name[:9],
        "FILTER1": "CLEAR1L", "FILTER2": "F814W", "EXPTIME": exptime, "EXPSTART": next(STARTS_MJD),
    } | primary  # fmt: skip
    hdus = fits.HDUList([fits.PrimaryHDU()])
    hdus[0].header.update(header)
    for version in (1, 2):
        chip = fits.ImageHDU(np.ones((40, 50), np.float32), name="SCI", ver=version)
        chip.header.update(
            CRVAL1=150.0, CRVAL2=2.0, CD1_1=-scale / 3600, CD1_2=0.0, CD2_1=0.0, CD2_2=scale / 3600
        )
        hdus.append(chip)
    hdus.writeto(path)
    return path


@pytest.fixture(scope="session")
def write_exposure():
    """Write the headers of an exposure; return its path."""
    return _write


@pytest.fixture
def two_exposures(tmp_path, write_exposure):
    """Write two exposures of a filter; return their paths."""
    names = ("j8xi00o1q_flc.fits", "j8xi00o2q_flc.fits")
    return lambda: [write_exposure(tmp_path / name) for name in names]


@pytest.fixture
def f814w(compose_config):
    return compose_config("filter=f814w").filter
