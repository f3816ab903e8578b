"""Labels of a plot do not lie on one another."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.study.report.labels import FONT_PT, MARKER_PT, offsets_pt

_places = st.lists(st.tuples(st.floats(0, 60), st.floats(0, 40)), min_size=1, max_size=30)


@given(_places)
def test_no_label_lies_on_another_and_the_first_is_always_there(places: list) -> None:
    points = np.array(places)
    found = offsets_pt(points, ["0.8"] * len(points), [MARKER_PT] * len(points))
    assert found[0] is not None
    centres = [
        point + offset for point, offset in zip(points, found, strict=True) if offset is not None
    ]
    for one, other in itertools.combinations(centres, 2):
        apart = np.abs(one - other)
        assert apart[0] >= 1.5 * FONT_PT or apart[1] >= FONT_PT


def test_of_thirty_points_with_room_every_one_has_its_label() -> None:
    x, y = np.meshgrid(np.arange(6) * 40.0, np.arange(5) * 30.0)
    assert None not in offsets_pt(
        np.column_stack([x.ravel(), y.ravel()]), ["0.8"] * 30, [MARKER_PT] * 30
    )


def test_a_label_stands_clear_of_the_ring_around_its_point() -> None:
    (offset,) = offsets_pt(np.zeros((1, 2)), ["1"], [14.0])
    assert offset is not None
    assert max(np.abs(offset)) >= 7.0 + FONT_PT / 2
