"""What may be asked, and what follows from exposure times alone."""

import math

import pytest

from hstdriz_study.errors import ConfigError
from hstdriz_study.measure.depth_change import depth_change
from hstdriz_study.what_if.change import MAX_SUBSETS, Change, parse_change, subsets_left

NAMES = ["ib01aaq_flt.fits", "ib01abq_flt.fits", "ib01acq_flt.fits", "ib01adq_flt.fits"]


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("drop:1", Change("drop", 1)),
        ("add:2", Change("add", 2)),
        ("drop:ib01acq", Change("drop", 1, "ib01acq")),
        ("drop:ib01acq_flt.fits", Change("drop", 1, "ib01acq_flt.fits")),
        ("drop:my-visit+1_flt.fits", Change("drop", 1, "my-visit+1_flt.fits")),
    ],
)
def test_what_is_typed_is_read_and_written_back(text: str, change: Change) -> None:
    assert parse_change(text) == change
    assert change.text == text
    assert ":" not in change.slug


@pytest.mark.parametrize(
    "text", ["", "drop", "drop:", "drop:0", "add:0", "add:9", "add:ib01acq", "lose:1", "drop:../x"]
)
def test_what_cannot_be_meant_is_refused_with_what_can(text: str) -> None:
    with pytest.raises(ConfigError, match="drop:K, drop:EXPOSURE or add:K"):
        parse_change(text)


def test_every_choice_of_what_is_dropped_is_looked_at() -> None:
    assert subsets_left(parse_change("drop:1"), NAMES) == [
        (0, 1, 2), (0, 1, 3), (0, 2, 3), (1, 2, 3)
    ]  # fmt: skip
    assert len(subsets_left(parse_change("drop:2"), NAMES)) == 6
    many = subsets_left(parse_change("drop:8"), [f"i{number}_flt.fits" for number in range(16)])
    assert len(set(many)) == MAX_SUBSETS


@pytest.mark.parametrize("name", ["ib01acq", "ib01acq_flt", "ib01acq_flt.fits"])
def test_one_exposure_is_dropped_by_any_of_its_names(name: str) -> None:
    assert subsets_left(parse_change(f"drop:{name}"), NAMES) == [(0, 1, 3)]


def test_too_few_left_and_an_unknown_exposure_are_sentences() -> None:
    with pytest.raises(ConfigError, match="1 of 4 exposures would be left, and 2 are needed"):
        subsets_left(parse_change("drop:3"), NAMES)
    with pytest.raises(ConfigError, match="no such exposure; there are ib01aaq_flt"):
        subsets_left(parse_change("drop:ib01zzq"), NAMES)


def test_equal_exposures_leave_no_doubt_about_the_depth() -> None:
    change = depth_change([500.0] * 4, [500.0] * 3)
    assert change.background_mag == pytest.approx(-0.1562, abs=1e-4)
    assert change.read_noise_mag == pytest.approx(change.background_mag)


def test_depth_of_unequal_exposures_lies_between_the_two_ends() -> None:
    sky, read = 0.7, 20.0
    before, after = [300.0, 300.0, 1200.0], [300.0, 1200.0]
    change = depth_change(before, after)

    def noise(times: list[float], sky: float, read: float) -> float:
        return float((sky * sum(times) + len(times) * read**2) ** 0.5 / sum(times))

    def magnitudes(sky: float, read: float) -> float:
        return -2.5 * math.log10(noise(after, sky, read) / noise(before, sky, read))

    assert magnitudes(sky, 0.0) == pytest.approx(change.background_mag)
    assert magnitudes(0.0, read) == pytest.approx(change.read_noise_mag)
    low, high = sorted((change.background_mag, change.read_noise_mag))
    assert low < magnitudes(sky, read) < high


def test_many_exposures_are_drawn_from_without_listing_every_subset() -> None:
    many = subsets_left(parse_change("drop:15"), [f"i{number:02}_flt.fits" for number in range(40)])
    assert len(set(many)) == MAX_SUBSETS
    assert {len(set(kept)) for kept in many} == {25}
