"""Good bits in every notation of DrizzlePac's become one number."""

import re

import numpy as np
import pytest
from astropy.nddata import bitmask
from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.errors import ConfigError
from hstdriz_study.good_bits import (
    bad_pixel_flag,
    bits_text,
    good_bits,
    good_in_some,
    good_pixels,
    with_cosmic_rays,
    without_cosmic_rays,
)

EVERY_DQ = np.arange(65536, dtype=np.uint16)
KEYS = (
    "filter.good_bits", "filter.recipe.good_bits", "prepare.driz_sep_bits", "drizzle.final_bits",
)  # fmt: skip


def astropys_mask(asked) -> np.ndarray:
    """True where astropy, which has the function from DrizzlePac's, takes a DQ value as good."""
    return bitmask.bitfield_to_boolean_mask(EVERY_DQ, ignore_flags=asked, good_mask_value=True)


@pytest.mark.parametrize(
    ("asked", "number", "text"),
    [
        (528, 528, "528"),
        ("528", 528, "528"),
        ("16+512", 528, "528"),
        ("16, 512", 528, "528"),
        ("(16, 512)", 528, "528"),
        ([16, 512], 528, "528"),
        ("16,16", 16, "16"),
        (3, 3, "3"),
        (0, 0, "0"),
        ([], 0, "0"),
        ("~4", -5, "~4"),
        ("~4,4096", -4101, "~4100"),
        ("~(4+4096)", -4101, "~4100"),
        (65531, -5, "~4"),
        (-5, -5, "~4"),
        (None, None, "None"),
        ("None", None, "None"),
        ("INDEF", None, "None"),
        ("", None, "None"),
        (-1, None, "None"),
        ("-1", None, "None"),
        ("~0", None, "None"),
        (65535, None, "None"),
    ],
)
def test_a_notation_is_the_number_that_drizzlepac_makes_of_it(asked, number, text):
    assert good_bits(asked, "key") == number
    assert bits_text(number) == text


@pytest.mark.parametrize(
    "asked",
    [
        "16,abc", "abc", "16, 513", [16, 513], ["16", "512"], "16+512,64", "16,", "~", "4,~8",
        "16 512", "0x210", 5.0, True, {16: 1}, 65536, -65537, "70000", "16|512", "16\n512",
    ],
)  # fmt: skip
def test_a_typo_is_one_line_with_key_and_notations(asked):
    with pytest.raises(ConfigError, match=r"^drizzle\.final_bits=") as refused:
        good_bits(asked, "drizzle.final_bits")
    assert "a sum (528), flags (16+512" in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


@st.composite
def notations(draw) -> str | int | list[int]:
    """A set of flags as a person would write it."""
    flags = draw(st.lists(st.sampled_from([1 << bit for bit in range(16)]), unique=True))
    words = draw(st.sampled_from([",", ", ", "+", " + "])).join(map(str, flags))
    as_sum = str(sum(flags))
    text = draw(st.sampled_from([words, f"({words})", f" {words} "])) if flags else as_sum
    flipped = draw(st.sampled_from(["~", "~ "])) + draw(st.sampled_from([as_sum, text.strip()]))
    return draw(st.sampled_from([text, as_sum, sum(flags), -sum(flags), flags, flipped]))


@given(asked=notations())
def test_the_same_pixels_are_good_as_by_astropy(asked):
    number = good_bits(asked, "key")
    assert np.array_equal(good_pixels(EVERY_DQ, number), astropys_mask(asked))
    assert good_bits(bits_text(number), "key") == number
    assert good_bits(number, "key") == number
    # TweakReg complements the number within the type of a DQ array
    assert number is None or np.iinfo(np.int16).min <= ~number <= np.iinfo(np.int16).max


@given(asked=st.text(alphabet="0123456789+-~(), noe", max_size=9))
def test_a_text_is_refused_when_astropy_refuses_it_or_it_has_too_many_bits(asked):
    try:
        theirs = bitmask.interpret_bit_flags(asked)
    except ValueError:
        theirs = "refused"
    except UserWarning:  # a flag that is named twice
        return
    try:
        ours = good_bits(asked, "key")
    except ConfigError:
        assert theirs == "refused" or not -65536 <= theirs <= 65535
    else:
        assert np.array_equal(good_pixels(EVERY_DQ, ours), astropys_mask(theirs))


@given(asked=notations(), dq=st.integers(0, 65535))
def test_a_flagged_cosmic_ray_is_bad_in_prepared_exposures_and_no_other_verdict_changes(asked, dq):
    number, pixel = good_bits(asked, "key"), np.array([dq], np.uint16)
    hit = bool(dq & 4096)
    of_others = bool(good_pixels(pixel & ~np.uint16(4096), number)[0])
    assert bool(good_pixels(pixel, without_cosmic_rays(number))[0]) == (of_others and not hit)
    assert bool(good_pixels(pixel, with_cosmic_rays(number))[0]) == of_others


@given(one=notations(), other=notations())
def test_flag_of_bad_pixels_is_bad_in_both_steps_whatever_is_good_in_each(one, other):
    numbers = [good_bits(asked, "key") for asked in (one, other)]
    flag = bad_pixel_flag(good_in_some(*numbers))
    good_somewhere = np.any([good_pixels(EVERY_DQ, number) for number in numbers], axis=0)
    usable = [2**power for power in range(15) if 2**power not in (256, 4096)]
    if flag is None:
        assert good_somewhere[usable].all()
    else:
        assert flag in usable
        assert not good_somewhere[flag]


def test_flag_of_bad_pixels_is_that_of_the_instruments_where_it_can_be():
    assert bad_pixel_flag(528) == 4
    assert bad_pixel_flag(12) == 16
    assert bad_pixel_flag(None) is None


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("528", 528), ("16+512", 528), ("'16, 512'", 528), ("[16,512]", 528), ("'~4,4096'", -4101),
        ("-1", None), ("None", None), ("null", None), ("", None),
    ],
)  # fmt: skip
def test_every_key_takes_every_notation_on_the_command_line(compose_config, written, number):
    config = compose_config(*(f"{key}={written}" for key in KEYS))
    assert config.filter.good_bits == config.filter.recipe.good_bits == number
    assert config.prepare.driz_sep_bits == config.drizzle.final_bits == number


@pytest.mark.parametrize("written", ["[16,512]", "null", "16+512"])
def test_keys_that_refer_to_the_filters_bits_hold_the_same_number(compose_config, written):
    config = compose_config(f"filter.good_bits={written}")
    assert config.filter.good_bits == good_bits("None" if written == "null" else "528", "key")
    assert config.prepare.driz_sep_bits == config.drizzle.final_bits == config.filter.good_bits


@pytest.mark.parametrize("key", KEYS)
def test_a_typo_is_told_where_it_was_written(compose_config, key):
    with pytest.raises(ConfigError, match=f"^{re.escape(key)}=16,abc: must be good DQ bits"):
        compose_config(f"{key}='16,abc'")
