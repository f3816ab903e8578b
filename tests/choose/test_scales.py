"""Which scales are the same, or nest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.choose.scales import scale_family, shares_a_scale

SCALES = st.lists(st.sampled_from([0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12]), min_size=1)


@pytest.mark.parametrize("ratio", [1, 2, 3, 4])
def test_a_multiple_nests_in_a_scale_when_integer_ratios_are_allowed(ratio: int) -> None:
    scales = [[0.03], [0.03 * ratio]]
    assert shares_a_scale(scales, integer_ratio=True)
    assert shares_a_scale(scales, integer_ratio=False) is (ratio == 1)


def test_scales_that_differ_by_rounding_are_the_same() -> None:
    assert shares_a_scale([[0.1 + 0.2], [0.3]], integer_ratio=False)
    assert not shares_a_scale([[0.30002], [0.3]], integer_ratio=False)


@given(SCALES, SCALES)
def test_filters_share_a_scale_when_they_were_swept_at_one(
    one: list[float], other: list[float]
) -> None:
    shared = bool(set(one) & set(other))
    assert shares_a_scale([one, other], integer_ratio=False) is shared
    nested = any(scale_family(s, integer_ratio=True) for s in set(one) & set(other))
    assert shares_a_scale([one, other], integer_ratio=True) >= nested
