"""Good bits that depend on the date of the exposures, from the notation to one number."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from hstdriz_study.cli.shipped import shipped_config
from hstdriz_study.dated_bits import DatedBits, dated_bits
from hstdriz_study.errors import ConfigError
from hstdriz_study.study.config import starts_mjd, with_good_bits
from tests.dataset.exposure_files import write_exposure

DAY_MJD = 56239.0  # 2012-11-08
UVIS = DatedBits(352, date(2012, 11, 8), 336)
NAMES = (f"ib1f{number}q_flc.fits" for number in itertools.count(1000))


@pytest.fixture
def bits_of(tmp_path):
    """Compose a study of UVIS exposures that begin at given dates; return its good bits."""

    def composed(starts_mjd, *overrides):
        for start in starts_mjd:
            write_exposure(
                tmp_path / next(NAMES), INSTRUME="WFC3", DETECTOR="UVIS", FILTER="F606W",
                EXPSTART=start, PROPOSID=1,
            )  # fmt: skip
        config = shipped_config("filter=uvis_f606w", f"dataset.path={tmp_path}", *overrides)
        return config.filter.good_bits, config.prepare.driz_sep_bits, config.drizzle.final_bits

    return composed


@pytest.mark.parametrize(
    ("starts_mjd", "bits"),
    [
        ((DAY_MJD - 900, DAY_MJD - 0.001), 352),
        ((DAY_MJD, DAY_MJD + 900), 336),
        # 64 and 256, which both sides take for good
        ((DAY_MJD - 0.001, DAY_MJD), 320),
    ],
)
def test_bits_are_those_of_the_date_of_observation(bits_of, starts_mjd, bits):
    assert bits_of(starts_mjd) == (bits, bits, bits)
    assert UVIS.settled(starts_mjd)[0] == bits


def test_bits_that_the_user_sets_have_no_date(bits_of):
    early = (DAY_MJD - 900, DAY_MJD - 800)
    assert bits_of(early, "filter.good_bits=16") == (16, 16, 16)
    # a key by itself leaves the others as they are
    assert bits_of((), "drizzle.final_bits=0") == (352, 352, 0)


def test_simulated_exposures_have_the_date_of_their_record():
    assert shipped_config("filter=uvis_f606w").drizzle.final_bits == 336


def test_every_flag_being_good_on_one_side_leaves_those_of_the_other():
    assert DatedBits(None, UVIS.day, 16).settled((DAY_MJD - 1, DAY_MJD))[0] == 16
    assert DatedBits(16, UVIS.day, None).settled((DAY_MJD - 1, DAY_MJD))[0] == 16
    assert DatedBits(None, UVIS.day, None).settled((DAY_MJD - 1, DAY_MJD))[0] is None


def test_both_parts_have_the_notations_of_good_bits():
    asked = "16+64 before 2012-11-08, else ~4"
    assert dated_bits(asked, "key") == DatedBits(80, date(2012, 11, 8), -5)


@pytest.mark.parametrize("asked", [336, "336", [16, 64], None, "16, 64", "~4"])
def test_bits_without_a_date_are_none_by_date(asked):
    assert dated_bits(asked, "key") is None


@pytest.mark.parametrize(
    "asked",
    [
        "352 before 2012-13-08, else 336", "352 before yesterday, else 336",
        "3.5 before 2012-11-08, else 336", "352 before 2012-11-08, else x",
    ],
)  # fmt: skip
def test_a_wrong_part_is_one_sentence_with_the_key(asked):
    with pytest.raises(ConfigError, match=r"^filter\.good_bits=") as refused:
        dated_bits(asked, "filter.good_bits")
    assert len(str(refused.value).splitlines()) == 1


def test_what_is_half_a_notation_is_refused_as_bits_are():
    with pytest.raises(ConfigError, match=r"^filter\.good_bits=352 before 2012-11-08: must be"):
        shipped_config("filter=f160w", "filter.good_bits=352 before 2012-11-08")


def test_the_number_and_its_reason_are_told():
    _, why = UVIS.settled((DAY_MJD - 1, DAY_MJD))
    assert why == ("the flags that are good before and after 2012-11-08 (352 before, 336 since)")


def test_bits_of_exposures_that_are_not_fetched_yet_are_settled_when_they_are(tmp_path):
    directory = tmp_path / "mast"
    config = shipped_config(
        "filter=uvis_f606w", "dataset.mast.proposal=11570", f"dataset.path={directory}"
    )
    assert config.drizzle.final_bits == "352 before 2012-11-08, else 336"
    directory.mkdir()
    for number in range(2):
        write_exposure(
            directory / next(NAMES), INSTRUME="WFC3", DETECTOR="UVIS", FILTER="F606W",
            EXPSTART=DAY_MJD - 900 + number, PROPOSID=1,
        )  # fmt: skip
    settled, told = with_good_bits(config, starts_mjd)
    assert (settled.filter.good_bits, settled.drizzle.final_bits) == (352, 352)
    assert told == ("uvis_f606w: good bits 352, for exposures from before 2012-11-08",)
