"""Further points are laid among those that differ from the choice in scale and pixfrac alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hstdriz_study.choose import choose_all, handbook_pick
from hstdriz_study.choose.points import settings_of
from hstdriz_study.refine import Spot
from hstdriz_study.study.config import choice_settings
from hstdriz_study.study.run.identity import record_without_result
from hstdriz_study.study.run.siblings import sweeps_around

HANDBOOKS = {name: handbook_pick(1545.0, 0.128) for name in ("f160w", "f814w")}
GRID = [(scale, pixfrac) for scale in (0.08, 0.1) for pixfrac in (0.6, 1.0)]


@pytest.fixture(scope="module")
def chosen_by_rule():
    """Choose from records with the rule of the first planned point."""

    def choice(planned, records):
        settings = choice_settings(next(iter(planned.values())).choose)
        (found,) = [c for c in choose_all(records, settings, HANDBOOKS) if c.filter == "f160w"]
        assert found.chosen is not None, found.cannot_choose
        return found

    return choice


@pytest.fixture
def around(field_of_two, chosen_by_rule):
    """Return the siblings of the choice from records."""

    def found(planned, records, **changes):
        choice = chosen_by_rule(planned, records)
        return sweeps_around(replace(choice, **changes), planned, records, field_of_two.setup)

    return found


@pytest.fixture
def grid(field_of_two):
    """Return the points of a small grid by number, from a first number on."""

    def made(first=0, spots=GRID, **rooms):
        points = [field_of_two.point(*spot, **rooms) for spot in spots]
        return dict(enumerate(points, first))

    return made


def records_of(field, points):
    return [field.record(config) for config in points.values()]


def spots(records):
    return {(r.settings.final_scale_arcsec, r.settings.final_pixfrac) for r in records}


def test_points_of_another_kernel_or_measured_otherwise_are_no_siblings(field_of_two, grid, around):
    square, gaussian = grid(first=10), grid(first=0, drizzle={"final_kernel": "gaussian"})
    seed = grid(first=20, spots=[(0.09, 0.8)], measure={"seed": 1})
    planned = gaussian | square | seed
    records = records_of(field_of_two, square)
    others = records_of(field_of_two, gaussian | seed)
    (one,) = around(planned, others + records, chosen=settings_of(records[2]))
    assert list(one.records) == records
    assert one.tried == {Spot(*spot) for spot in GRID}
    assert one.like == 10


def test_what_is_planned_or_failed_counts_as_tried(field_of_two, grid, around):
    planned = grid() | grid(first=4, spots=[(0.09, 0.8), (0.09, 0.7), (None, 0.7), (0.07, None)])
    records = records_of(field_of_two, grid())
    failed = record_without_result(planned[4], "FAILED", "no stars")
    skipped = record_without_result(planned[5], "SKIPPED", "not run")
    (one,) = around(planned, [*records, failed, skipped])
    assert list(one.records) == [*records, failed, skipped]
    assert one.tried == {Spot(*spot) for spot in (*GRID, (0.09, 0.8), (0.09, 0.7))}


def test_points_that_wait_are_tried_without_a_record(field_of_two, grid, around):
    planned = grid() | grid(first=4, spots=[(0.09, 0.8)])
    (one,) = around(planned, records_of(field_of_two, grid()))
    assert len(one.records) == 4
    assert Spot(0.09, 0.8) in one.tried
    assert Spot(0.09, 0.7) not in one.tried


def test_points_of_an_earlier_sweep_are_known_by_their_record(field_of_two, grid, around):
    earlier = field_of_two.record(field_of_two.point(0.065, 0.8))
    unknown = record_without_result(field_of_two.point(0.07, 0.8), "FAILED", "no stars")
    (one,) = around(grid(), [*records_of(field_of_two, grid()), earlier, unknown])
    assert spots(one.records) == {*GRID, (0.065, 0.8)}
    assert Spot(0.065, 0.8) in one.tried
    assert Spot(0.07, 0.8) not in one.tried


def test_points_of_another_filter_are_left_out(field_of_two, grid, around):
    other = replace(field_of_two.record(field_of_two.point(0.065, 0.8)), filter="f814w")
    (one,) = around(grid(), [other, *records_of(field_of_two, grid())])
    assert spots(one.records) == set(GRID)


def test_a_choice_of_a_sweep_that_is_planned_no_more_has_no_siblings(field_of_two, grid, around):
    turned = grid(drizzle={"final_rot": 30.0})
    assert around(turned, records_of(field_of_two, grid())) == []


def test_a_choice_that_is_planned_no_more_is_not_replaced_by_its_twin(field_of_two, grid, around):
    weighted, plain = grid(drizzle={"final_wht_type": "ERR"}), grid(first=4)
    records = records_of(field_of_two, weighted | plain)
    assert around(plain, records, chosen=settings_of(records[1])) == []


@pytest.mark.parametrize("twins", [True, False])
def test_other_weights_bring_the_exp_twins_by_which_they_are_judged(
    field_of_two, grid, around, twins
):
    weighted = grid(drizzle={"final_wht_type": "ERR"})
    plain = grid(first=4) if twins else {}
    records = records_of(field_of_two, weighted | grid(first=4))
    chosen = records[1]  # of the ERR points, whatever the rule thinks of the twins
    found = around(weighted | plain, records, chosen=settings_of(chosen))
    kinds = [{r.settings.final_wht_type for r in one.records} for one in found]
    likes = [one.like for one in found]
    assert (kinds, likes) == (([{"ERR"}, {"EXP"}], [0, 4]) if twins else ([{"ERR"}], [0]))


def test_a_scale_that_is_there_is_asked_for_as_it_was(field_of_two, grid, around):
    planned = grid(spots=[("native", 0.6), ("native", 1.0), ("psf/2", 0.6), ("psf/2", 1.0)])
    (one,) = around(planned, records_of(field_of_two, planned))
    assert set(one.asked.values()) == {"native", "psf/2"}
    for spot in one.tried:
        added = one.point(Spot(spot.final_scale_arcsec, 0.8))
        assert (added.like, added.final_pixfrac) == (0, 0.8)
        assert one.asked[spot.final_scale_arcsec] == added.final_scale
    new = one.point(Spot(0.0711, 0.55))
    assert (new.final_scale, new.final_pixfrac) == (0.0711, 0.55)


@pytest.mark.parametrize("choose", [{"common_scale": True}, {"rule": "curve_break"}, {}])
def test_where_the_scale_is_decided_elsewhere_pixfrac_alone_is_refined(
    field_of_two, grid, around, chosen_by_rule, choose
):
    planned = grid(
        spots=[(s, p) for s in (0.08, 0.1) for p in (0.1, 0.2, 0.4, 0.6, 0.8, 1.0)],
        choose=choose | {"max_fwhm_growth": 1.0},
    )
    records = records_of(field_of_two, planned)
    (one,) = around(planned, records)
    scales = {scale for scale, _ in spots(one.records)}
    chosen = chosen_by_rule(planned, records).chosen.settings.final_scale_arcsec
    assert scales == ({chosen} if choose else {0.08, 0.1})
    assert len(one.records) == (6 if choose else 12)
    assert len(one.tried) == 12
    assert set(one.asked) == {0.08, 0.1}
