"""Numbers as they stand in sentences."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.choose.words.numbers import count, joined, percent, with_error
from hstdriz_study.contracts import Metric


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        (Metric(0.20123, 0.00152), "0.2012 ± 0.0015"),
        (Metric(26.31, 12.0), "26 ± 12"),
        (Metric(0.0, 8.1e-7), "0 ± 8.1e-07"),
        (Metric(0.20123, 0.0), "0.2012"),
        (Metric(0.20123, math.nan), "0.2012"),
        (Metric(math.nan, 0.1), "not measured"),
        (None, "not measured"),
    ],
)
def test_a_value_has_as_many_digits_as_its_error_tells(metric: Metric | None, said: str) -> None:
    assert with_error(metric) == said


def test_what_is_not_known_is_called_as_asked() -> None:
    assert with_error(None, unknown="-") == "-"


@given(st.floats(1e-4, 10.0), st.floats(1e-4, 1.0))
def test_what_is_said_is_the_value_to_a_tenth_of_its_error(value: float, err: float) -> None:
    said, scatter = with_error(Metric(value, err)).split(" ± ")
    assert float(said) == pytest.approx(value, abs=0.051 * err)
    assert float(scatter) == pytest.approx(err, rel=0.06)


@pytest.mark.parametrize(
    ("fraction", "said"), [(0.0153, "1.5 %"), (0.995, "100 %"), (-0.25, "-25 %"), (0.0, "0 %")]
)
def test_fractions_are_said_in_percent(fraction: float, said: str) -> None:
    assert percent(fraction) == said


def test_words_stand_in_a_row_and_nouns_in_their_number() -> None:
    assert [joined(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert [count(number, "star") for number in (0, 1, 2)] == ["0 stars", "1 star", "2 stars"]
