"""What refining did is kept, and told."""

import pytest

from hstdriz_study.refine import (
    AxisKnown,
    Ending,
    Known,
    Refinement,
    Round,
    how_closely,
    why_ended,
)
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.directory.refinement_record import read_refinement, write_refinement
from hstdriz_study.study.report.refinement import KNOWN_HEADS, ROUND_HEADS, refinement_told

SCALE = AxisKnown(0.06, 0.058, 0.064, "near", "errors", (0.06, 0.064))
PIXFRAC = AxisKnown(1.0, 0.95, 1.0, "near", "limit", None)
KNOWN = Known(SCALE, PIXFRAC)
ROUND = Round("f160w", '0.06", pixfrac 1', "around the choice", ((0.06, 0.95), (0.058, 1.0)), 2)
REFINEMENT = Refinement(
    (ROUND, ROUND), {"f160w": Ending(why_ended(KNOWN), KNOWN), "f814w": Ending("No choice.")}
)


def test_refinement_is_read_as_it_was_written(tmp_path):
    study_dir = StudyDirectory(tmp_path)
    assert read_refinement(study_dir) == Refinement()
    write_refinement(REFINEMENT, study_dir)
    assert read_refinement(study_dir) == REFINEMENT


def test_a_pixfrac_of_one_is_no_limit_to_complain_of():
    assert "refine.smallest_pixfrac" not in why_ended(KNOWN)
    at_limit = AxisKnown(0.054, 0.054, 0.057, "limit", "near", None)
    assert "refine.finest_scale" in why_ended(Known(at_limit, PIXFRAC))
    near = AxisKnown(0.06, 0.058, 0.062, "near", "near", None)
    assert why_ended(Known(near, PIXFRAC)) == (
        "Its settings are known to the tolerances asked for."
    )


def test_both_settings_are_told_with_the_values_between_which_they_lie():
    assert how_closely(KNOWN) == (
        'final_scale 0.06" (0.058" to 0.064"), final_pixfrac 1 (0.95 to 1)'
    )


@pytest.mark.parametrize("name", ["f160w", "f814w"])
def test_page_tells_points_rounds_and_reason(name):
    told = refinement_told(REFINEMENT, name)
    assert told is not None
    assert told.sentence.endswith(REFINEMENT.endings[name].reason)
    assert all(len(row) == len(KNOWN_HEADS) for row in told.known_rows)
    assert all(len(row) == len(ROUND_HEADS) for row in told.round_rows)
    assert len(told.round_rows) == len(REFINEMENT.of(name))


def test_page_says_what_bounds_each_side_and_where_the_resamples_lie():
    told = refinement_told(REFINEMENT, "f160w")
    assert told is not None
    assert told.sentence.startswith("4 points added in 2 rounds.")
    scale, pixfrac = told.known_rows
    assert scale[2:] == (
        '0.058", within the tolerance', '0.064", as near as the errors allow', '0.06" to 0.064"'
    )  # fmt: skip
    assert pixfrac[3:] == ("the end of the range", "-")


def test_page_of_a_filter_that_was_not_refined_says_nothing():
    assert refinement_told(Refinement(), "f160w") is None
    assert "interrupted" in refinement_told(Refinement((ROUND,)), "f160w").sentence
