from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.contracts import NonFinite
from hstdriz_study.errors import DatasetError
from hstdriz_study.prepare.non_finite import (
    find_non_finite,
    make_bad,
    non_finite_warnings,
    take_off_cosmic_rays,
)

SHAPE = (12, 9)
GOOD = 16 | 4096


def write(path: Path, chips: list[dict[str, np.ndarray]]) -> Path:
    """Write the chips of an exposure, SCI, ERR and DQ as given or else plain."""
    plain = {
        "SCI": np.full(SHAPE, 5, np.float32),
        "ERR": np.ones(SHAPE, np.float32),
        "DQ": np.zeros(SHAPE, np.int16),
    }
    hdus = fits.HDUList([fits.PrimaryHDU()])
    for number, chip in enumerate(chips, start=1):
        for name, data in (plain | chip).items():
            if data is not None:
                hdus.append(fits.ImageHDU(data.copy(), name=name, ver=number))
    hdus.writeto(path, overwrite=True)
    return path


def arrays(path: Path, chip: int = 1) -> tuple[np.ndarray, ...]:
    with fits.open(path, memmap=False) as hdus:
        return tuple(hdus[name, chip].data for name in ("SCI", "ERR", "DQ"))


@given(seed=st.integers(0, 2**32 - 1))
def test_only_pixels_without_a_number_change_and_they_are_flagged(tmp_path_factory, seed):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=SHAPE).astype(np.float32)
    bad = rng.random(SHAPE) < rng.random()
    values[bad] = rng.choice([np.nan, np.inf, -np.inf], SHAPE)[bad]
    dq = rng.choice([0, 2, 16, 4096], SHAPE).astype(np.int16)
    path = write(tmp_path_factory.getbasetemp() / "x_flt.fits", [{}, {"SCI": values, "DQ": dq}])
    make_bad(path, 4)
    science, error, flags = arrays(path, 2)
    assert np.array_equal(science, np.where(bad, 0, values))
    assert np.array_equal(flags, np.where(bad, dq | 4, dq))
    assert (error == 1).all()
    untouched = arrays(path, 1)
    assert (untouched[0] == 5).all()
    assert not untouched[2].any()


def test_errors_that_give_no_weight_become_infinite(tmp_path):
    error = np.full(SHAPE, 2, np.float32)
    error[0, :4] = np.nan, np.inf, 0, 1e-3
    path = write(tmp_path / "x_flt.fits", [{"ERR": error}])
    make_bad(path, 4)
    weight = (1200 / arrays(path)[1]) ** 2  # buildERRmask in DrizzlePac's imageObject.py
    assert weight[0, :3].tolist() == [0, 0, 0]
    assert (weight.ravel()[3:] > 0).all()
    assert np.isfinite(weight).all()


def test_pixels_are_counted_over_all_chips(tmp_path):
    science = np.ones(SHAPE, np.float32)
    science[0, :5] = np.nan, np.inf, -np.inf, np.nan, np.nan
    flags = np.zeros(SHAPE, np.int16)
    flags[0, :3] = 4, 4096, 16  # bad; a cosmic ray, which preparing takes off; good
    error = np.ones(SHAPE, np.float32)
    error[:2, 0] = 0  # of a pixel without a number, and of one with
    error[2, 0], flags[2, 0] = np.nan, 4
    path = write(tmp_path / "x_flt.fits", [{"SCI": science, "DQ": flags, "ERR": error}, {}])
    other = write(tmp_path / "y_flt.fits", [{}, {"SCI": science}])
    fine = write(tmp_path / "z_flt.fits", [{}, {}])
    assert find_non_finite([path, other, fine], GOOD) == (
        NonFinite("x_flt.fits", 5, 4, 3, 1),
        NonFinite("y_flt.fits", 5, 5, 0, 0),
    )


def test_exposure_of_no_number_is_refused_but_one_chip_of_two_may_have_none(tmp_path):
    nothing = {"SCI": np.full(SHAPE, np.nan, np.float32)}
    path = write(tmp_path / "x_flt.fits", [nothing, {}])
    assert find_non_finite([path], GOOD)[0].science == 12 * 9
    write(path, [nothing, nothing])
    with pytest.raises(DatasetError, match=r"x_flt.fits: every pixel.*dataset.exclude=\[x_flt"):
        find_non_finite([path], GOOD)


@pytest.mark.parametrize("flags", [None, np.zeros((3, 3), np.int16)])
def test_pixels_without_a_number_need_flags(tmp_path, flags):
    science = np.ones(SHAPE, np.float32)
    science[0, 0] = np.nan
    path = write(tmp_path / "x_flt.fits", [{"SCI": science, "DQ": flags}])
    with pytest.raises(DatasetError, match=r"x_flt.fits: .*no DQ extension of the size of SCI,1"):
        find_non_finite([path], GOOD)
    science[0, 0] = 1
    assert find_non_finite([write(path, [{"SCI": science, "DQ": flags}])], GOOD) == ()


def test_flags_that_are_all_good_cannot_mark_a_pixel(tmp_path):
    science = np.ones(SHAPE, np.float32)
    fine = write(tmp_path / "x_flt.fits", [{"SCI": science}])
    assert find_non_finite([fine], 0xFFFF) == ()
    science[0, 0] = np.nan
    with pytest.raises(DatasetError, match=r"x_flt.fits: .*driz_sep_bits or drizzle.final_bits"):
        find_non_finite([write(fine, [{"SCI": science}])], 0xFFFF)


def test_only_pixels_without_a_number_lose_the_flag_of_cosmic_rays(tmp_path):
    science = np.ones(SHAPE, np.float32)
    science[0, 0] = np.nan
    original = write(tmp_path / "x_flt.fits", [{"SCI": science}])
    flags = np.full(SHAPE, 4096 | 4, np.int16)
    copy = write(tmp_path / "copy_flt.fits", [{"DQ": flags}])
    take_off_cosmic_rays(copy, original)
    assert arrays(copy)[2][0, 0] == 4
    assert (arrays(copy)[2].ravel()[1:] == (4096 | 4)).all()


def test_warnings_give_the_count_of_every_exposure():
    found = (NonFinite("a_flt.fits", 7, 2, 0, 0), NonFinite("b_flt.fits", 3, 0, 4, 1))
    science, error = non_finite_warnings(found)
    assert science.endswith("7 in a_flt.fits (2 of them not flagged), 3 in b_flt.fits")
    assert error.endswith("1 in b_flt.fits")
    assert "ERR" in error
    assert non_finite_warnings((NonFinite("a_flt.fits", 0, 0, 5, 0),)) == ()
    many = [NonFinite(f"{n}_flt.fits", 1, 0, 0, 0) for n in range(15)]
    assert non_finite_warnings(many)[0].endswith("1 in 11_flt.fits, and in 3 more exposures")
