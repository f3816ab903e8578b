"""What one loses at most by taking a point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from hstdriz_study.choose import ChoiceSettings, HandbookPick, choice_to_json, choose
from hstdriz_study.choose.regret import Role
from hstdriz_study.choose.words.regret import regret_row, regret_said

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.contracts import PointRecord


@pytest.fixture
def records(point: Callable[..., PointRecord]) -> list[PointRecord]:
    """Return four points, each the best in one thing, and one beyond a limit."""
    common = np.random.default_rng(1).normal(0.0, 0.01, 400)
    own = np.random.default_rng(2).normal(0.0, 0.002, 400)
    return [
        point(0.05, 0.6, 0.20, rms=0.10, depth=26.00, fwhm_replicates=0.20 * (1 + common)),
        point(0.08, 0.5, 0.203, rms=0.05, depth=26.01, fwhm_replicates=0.203 * (1 + common + own)),
        point(0.08, 1.0, 0.22, rms=0.04, depth=26.05, fwhm_replicates=0.22 * (1 + common)),
        point(0.10, 0.6, 0.21, rms=0.06, depth=26.02, fwhm_replicates=0.21 * (1 + common)),
        point(0.04, 0.4, 0.19, rms=0.30, depth=26.10, fwhm_replicates=0.19 * (1 + common)),
    ]


def test_losses_are_against_the_best_admissible_point_in_each_with_paired_errors(
    records: list[PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    choice = choose(records, settings, handbook)
    first = choice.regrets[0]
    assert first.point.key == choice.chosen.key == records[1].key
    assert Role.CHOSEN in first.roles
    assert first.fwhm_growth.value == pytest.approx(0.015)
    # the scatter in common goes; 0.2 % of the point's own is left
    assert first.fwhm_growth.err == pytest.approx(0.002, rel=0.15)
    assert first.depth_loss_mag.value == pytest.approx(0.04)
    assert first.size_ratio == pytest.approx((0.10 / 0.08) ** 2)


def test_every_admissible_point_has_its_regret_and_what_it_is(
    records: list[PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    choice = choose(records, settings, handbook)
    roles = {one.point.key: one.roles for one in choice.regrets}
    assert set(roles) >= {record.key for record in records[:4]}
    assert Role.SHARPEST in roles[records[0].key]
    assert {Role.DEEPEST, Role.SMOOTHEST} <= set(roles[records[2].key])
    assert Role.SMALLEST in roles[records[3].key]
    for one in choice.regrets:
        if one.admissible:
            assert one.fwhm_growth.value >= 0
            assert one.depth_loss_mag.value >= 0
            assert one.size_ratio >= 1


def test_a_named_point_beyond_a_limit_may_be_better_and_says_so(
    records: list[PointRecord], settings: ChoiceSettings
) -> None:
    handbooks = [records[4], records[1]]  # the first, at 0.04", is beyond the limit on RMS/median
    near = HandbookPick(800.0, 0.08, 0.04, 0.3, 0.128)
    (beyond,) = (r for r in choose(handbooks, settings, near).regrets if not r.admissible)
    assert beyond.roles == (Role.HANDBOOK,)
    assert beyond.fwhm_growth.value < 0
    assert regret_row(beyond)[1] == "nearest to the handbook's, breaks a limit"


def test_a_depth_that_was_not_measured_is_left_out_of_the_sentence(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    choice = choose([point(0.06, 0.6, depth=None)], settings, handbook)
    assert regret_said(choice.regrets[0]) == (
        "Against the best of the admissible points in each one loses at most 0.0 ± 0.0 % in FWHM; "
        "it is the smallest file."
    )


def test_choice_json_has_the_regrets_with_their_roles(
    records: list[PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    content = choice_to_json(choose(records, settings, handbook))
    first = content["regrets"][0]
    assert first["roles"][0] == "chosen"
    assert first["fwhm_growth"]["value"] == pytest.approx(0.015)
    assert "metrics" not in first["point"]
