import numpy as np
import pytest
from astropy.nddata.bitmask import bitfield_to_boolean_mask, interpret_bit_flags
from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.errors import ConfigError
from hstdriz_study.prepare.bits import bad_pixel_flag, good_flags, is_bad

EVERY_FLAG = 0xFFFF
flags = st.sets(st.integers(0, 14).map(lambda power: 2**power))
texts = st.builds(
    lambda chosen, reverse: reverse + ",".join(map(str, sorted(chosen) or [0])),
    flags,
    st.sampled_from(["", "~"]),
)


@given(text=texts | st.sampled_from(["None", "", "528", "~0"]), seed=st.integers(0, 99))
def test_bad_pixels_are_those_of_drizzlepacs_own_mask(text, seed):
    dq = np.random.default_rng(seed).integers(0, 2**15, 50).astype(np.int16)
    # buildMask in DrizzlePac's buildmask.py
    theirs = bitfield_to_boolean_mask(
        dq.astype(np.uint16), ignore_flags=interpret_bit_flags(text), good_mask_value=0
    )
    assert np.array_equal(is_bad(dq, good_flags(text)), theirs)


@given(good=st.integers(0, EVERY_FLAG))
def test_flag_of_bad_pixels_is_bad_whatever_is_good(good):
    flag = bad_pixel_flag(good)
    usable = EVERY_FLAG & ~(256 | 4096 | 2**15)
    if good & usable == usable:
        assert flag is None
    else:
        assert is_bad(np.array([flag], np.int16), good).all()
        assert flag in [2**power for power in range(15)]
        assert flag not in (256, 4096)


def test_flag_of_bad_pixels_is_that_of_the_instruments_where_it_can_be():
    assert bad_pixel_flag(good_flags("16, 512")) == 4
    assert bad_pixel_flag(good_flags("4, 8")) == 16


def test_flags_that_cannot_be_read_are_one_sentence():
    with pytest.raises(ConfigError, match=r"'5, 64'.*powers of two"):
        good_flags("5, 64")
