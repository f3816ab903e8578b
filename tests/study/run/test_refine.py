"""What a study proposes to measure next, and what it writes of that."""

from __future__ import annotations

import logging
import shutil
from dataclasses import asdict, replace

import pytest

from hstdriz_study.errors import ConfigError
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.refine import Spot
from hstdriz_study.study.config import drizzle_settings
from hstdriz_study.study.directory.refinement_record import read_refinement
from hstdriz_study.study.run.between import foresight
from hstdriz_study.study.run.identity import record_without_result
from hstdriz_study.study.run.refine import next_points

GRID = [(scale, pixfrac) for scale in (0.065, 0.081, 0.128) for pixfrac in (0.4, 0.7, 1.0)]


@pytest.fixture
def study(field_of_two, study_dir, leave):
    """Run rounds of a study: its points are measured as soon as they are asked for."""
    filters = {"f160w": asdict(field_of_two.shipped.filter)}
    write_json(study_dir.description, {"filter_configs": filters, "title": "kept"})

    class Study:
        directory = study_dir

        def __init__(self, points):
            self.points = list(points)
            self.measured = 0

        def measure(self):
            for number, config in list(enumerate(self.points))[self.measured :]:
                leave(number, field_of_two.record(config))
            self.measured = len(self.points)

        def round(self):
            self.measure()
            added = next_points(study_dir, self.points)
            self.points += [
                replace(like, drizzle=replace(
                    like.drizzle, final_scale=new.final_scale, final_pixfrac=new.final_pixfrac))
                for new in added for like in [self.points[new.like]]
            ]  # fmt: skip
            return added

        @property
        def refinement(self):
            return read_refinement(study_dir)

        @property
        def said(self):
            return read_json(study_dir.description)

    def made(spots=GRID, **rooms):
        return Study(field_of_two.point(*spot, **rooms) for spot in spots)

    return made


def places(added):
    return [(one.final_scale, one.final_pixfrac) for one in added]


def test_rounds_follow_until_the_choice_is_known_and_all_is_written(study):
    swept, rounds = study(), []
    while added := swept.round():
        rounds.append(added)
        assert swept.said == {
            "filter_configs": swept.said["filter_configs"], "title": "kept",
            "n_points": len(swept.points),
        }  # fmt: skip
        assert swept.refinement.endings == {}
    assert len(rounds) > 1
    kept = swept.refinement
    assert [list(one.points) for one in kept.rounds] == [places(added) for added in rounds]
    assert [one.n_points for one in kept.rounds] == [len(added) for added in rounds]
    assert {one.filter for one in kept.rounds} == {"f160w"}
    assert kept.rounds[0].chosen.startswith("0.")
    assert kept.rounds[0].purpose.startswith("around the choice")
    ending = kept.endings["f160w"]
    assert ending.reason
    assert "refine.max" not in ending.reason
    assert {*ending.known.scale.bounds, *ending.known.pixfrac.bounds} <= {"near", "errors", "limit"}
    asked = [*GRID, *(place for added in rounds for place in places(added))]
    assert len({Spot.of(*place) for place in asked}) == len(asked)


def test_a_round_is_told_in_the_log(study, caplog):
    caplog.set_level(logging.INFO)
    swept = study()
    added = swept.round()
    (one,) = swept.refinement.rounds
    assert f"f160w, {one.chosen}: {len(added)} more, {one.purpose}" in caplog.messages


@pytest.mark.parametrize("max_points", [1, 3, 5])
def test_no_more_points_are_added_than_are_allowed_the_most_wanted_first(study, max_points):
    first = places((unbounded := study()).round())
    unbounded.directory.refinement.unlink()
    capped = study(refine={"max_points": max_points})
    added = places(capped.round())
    assert added == first[:max_points]
    while capped.round():
        pass
    assert sum(one.n_points for one in capped.refinement.rounds) == max_points
    assert capped.refinement.endings["f160w"].reason == (
        f"refine.max_points={max_points} is reached; more points would make it closer."
    )
    assert capped.refinement.endings["f160w"].known is not None


def test_no_more_rounds_are_run_than_are_allowed(study):
    swept = study(refine={"max_rounds": 2})
    assert swept.round()
    assert swept.round()
    assert swept.round() == []
    assert swept.refinement.endings["f160w"].reason == (
        "refine.max_rounds=2 is reached; more rounds would make it closer."
    )
    assert swept.said["n_points"] == len(swept.points)


def test_a_study_that_was_told_to_stop_is_not_refined(study):
    swept = study()
    swept.directory.stopped.write_text("a point failed\n")
    assert swept.round() == []
    ending = swept.refinement.endings["f160w"]
    assert ending.reason == (
        "A point failed and stop_on_failure=true; more points would make the choice closer."
    )
    assert ending.known is not None


def test_what_ended_goes_on_when_more_is_allowed(study):
    swept = study(refine={"max_points": 1})
    swept.round()
    assert swept.round() == []
    assert "f160w" in swept.refinement.endings
    swept.points = [replace(p, refine=replace(p.refine, max_points=4)) for p in swept.points]
    assert 1 <= len(swept.round()) <= 3
    assert swept.refinement.endings == {}
    assert len(swept.refinement.rounds) == 2


def test_without_a_choice_the_reason_is_kept(study, leave):
    swept = study()
    swept.measured = len(GRID)
    for number, config in enumerate(swept.points):
        leave(number, record_without_result(config, "FAILED", "no stars"))
    assert swept.round() == []
    ending = swept.refinement.endings["f160w"]
    assert ending.reason.startswith("There is no choice to add points around: ")
    assert len(ending.reason) > 60
    assert ending.known is None
    assert swept.said["n_points"] == len(GRID)


def test_a_choice_of_an_earlier_sweep_is_not_refined(study):
    swept = study()
    swept.measure()
    swept.points = [replace(p, drizzle=replace(p.drizzle, final_rot=30.0)) for p in swept.points]
    assert swept.round() == []
    assert swept.refinement.endings["f160w"].reason == (
        "The choice is of an earlier sweep of this study that is not swept any more."
    )


def test_a_filter_of_an_earlier_run_is_left_as_it_was(study, field_of_two, leave):
    swept = study()
    other = replace(field_of_two.shipped.filter, name="f098m")
    filters = swept.said["filter_configs"] | {"f098m": asdict(other)}
    write_json(swept.directory.description, {"filter_configs": filters})
    for number, spot in enumerate(GRID, start=100):
        record = field_of_two.record(field_of_two.point(*spot))
        leave(number, replace(record, filter="f098m", key=f"other {number}"))
    added = swept.round()
    assert added
    assert {one.filter for one in swept.refinement.rounds} == {"f160w"}
    assert swept.refinement.endings == {}
    assert {swept.points[one.like].filter.name for one in added} == {"f160w"}


@pytest.fixture
def of_two_filters(study, study_dir, field_of_two):
    """A study with a second filter on the same exposures, whose points come first."""
    shutil.copytree(study_dir.of_filter("f160w").path, study_dir.of_filter("twin").path)
    twin = replace(field_of_two.shipped.filter, name="twin")
    swept = study()
    swept.points = [replace(p, filter=twin) for p in swept.points] + swept.points
    filters = swept.said["filter_configs"] | {"twin": asdict(twin)}
    write_json(study_dir.description, {"filter_configs": filters})
    return swept


def test_every_filter_is_refined_with_its_own_points(of_two_filters):
    added = of_two_filters.round()
    rounds = {one.filter: one for one in of_two_filters.refinement.rounds}
    assert rounds.keys() == {"f160w", "twin"}
    names = [of_two_filters.points[one.like].filter.name for one in added]
    assert {name: names.count(name) for name in rounds} == {
        name: one.n_points for name, one in rounds.items()
    }
    assert of_two_filters.said["n_points"] == 2 * len(GRID) + len(added)


@pytest.mark.parametrize("ended", ["f160w", "twin"])
def test_a_filter_that_has_ended_keeps_no_other_from_going_on(of_two_filters, ended):
    of_two_filters.points = [
        replace(p, refine=replace(p.refine, max_points=0)) if p.filter.name == ended else p
        for p in of_two_filters.points
    ]
    assert of_two_filters.round()
    assert of_two_filters.refinement.endings.keys() == {ended}
    assert {one.filter for one in of_two_filters.refinement.rounds} == {"f160w", "twin"} - {ended}


def test_points_of_other_weights_are_added_with_their_exp_twins(study, field_of_two, leave):
    swept = study(drizzle={"final_wht_type": "ERR"}, refine={"max_points": 5})
    weighted = len(swept.points)
    swept.points += [
        replace(p, drizzle=replace(p.drizzle, final_wht_type="EXP")) for p in swept.points
    ]
    swept.measure()
    for number, config in list(enumerate(swept.points))[weighted:]:
        record = field_of_two.record(config)
        fwhm = record.metrics["psf/fwhm_arcsec"]
        blurred = replace(fwhm, value=1.3 * fwhm.value, replicates=1.3 * fwhm.replicates)
        leave(number, replace(record, metrics=record.metrics | {"psf/fwhm_arcsec": blurred}))
    added = next_points(swept.directory, swept.points)
    (one,) = swept.refinement.rounds
    assert one.chosen.endswith("ERR weights")
    kinds = [swept.points[new.like].drizzle.final_wht_type for new in added]
    assert kinds == ["ERR", "EXP"] * 2  # a third place would need two points, and one is left
    assert places(added)[::2] == places(added)[1::2] == list(one.points)
    assert one.n_points == 4


@pytest.mark.parametrize(("finest", "coarsest"), [("psf/2.6", "native"), (0.06, 0.13)])
def test_points_beyond_the_sweep_stay_between_the_scales_that_are_allowed(study, finest, coarsest):
    spots = [(scale, pixfrac) for scale in (0.09, 0.1) for pixfrac in (0.4, 0.7, 1.0)]
    swept = study(spots, refine={"finest_scale": finest, "coarsest_scale": coarsest})
    while swept.round():
        pass
    scales = [place[0] for one in swept.refinement.rounds for place in one.points]
    assert scales
    limits = {"psf/2.6": 0.0612, "native": 0.1283}
    assert min(scales) >= limits.get(finest, finest) - 1e-3
    assert max(scales) <= limits.get(coarsest, coarsest) + 1e-3


@pytest.mark.parametrize("key", ["finest_scale", "coarsest_scale"])
def test_a_scale_that_is_none_is_named_with_its_key(study, key):
    with pytest.raises(ConfigError, match=f"^refine.{key}=fine: must be a size in arcsec"):
        study(refine={key: "fine"}).round()


@pytest.mark.parametrize("kernel", ["square", "lanczos3"])
def test_weights_are_foreseen_of_kernels_that_can_be_alone(field_of_two, study_dir, kernel):
    config = field_of_two.point(0.081, 0.7)
    like = replace(drizzle_settings(config), final_kernel=kernel)
    assert (foresight(config, like, study_dir) is None) == (kernel == "lanczos3")
