"""The points of a sweep are those of Hydra's own sweeper."""

from dataclasses import replace

import pytest
from hydra import compose, initialize_config_dir
from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hypothesis import given
from hypothesis import strategies as st
from omegaconf import OmegaConf

from hstdriz_study.cli.plan import extended, make_plan, read_plan
from hstdriz_study.cli.points import point_config, swept_overrides, typed
from hstdriz_study.conf_files import conf_directory
from hstdriz_study.contracts import AddedPoint
from hstdriz_study.errors import ConfigError
from hstdriz_study.study.directory.layout import StudyDirectory


@pytest.fixture(scope="module", autouse=True)
def _hydra():
    with initialize_config_dir(str(conf_directory()), version_base="1.3"):
        yield


def multirun(overrides, params=None):
    return OmegaConf.create(
        {"hydra": {"sweeper": {"params": params}, "overrides": {"task": list(overrides)}}}
    )


SWEEPS = [
    ["filter=f814w,f160w", "drizzle.final_scale=0.03,psf/2,native"],
    ["drizzle.final_pixfrac=range(0.4,1.01,0.2)"],
    ["filter=glob(f1*,exclude=f110w)", "drizzle.final_scale=native"],
    ["drizzle.final_pixfrac=choice(0.4,0.6)", "dataset.seed=range(3)", "name=x"],
    ["drizzle.final_kernel=square,point", "prepare=default,tweakreg"],
    ["study=quickstart", "drizzle.final_pixfrac=0.5"],
    ["drizzle.final_refimage=null", "dataset.exclude=[a,b]"],
    ["dataset=local", "dataset.path=/data,/more"],
    ["drizzle.final_scale=psf/2,null,0.05", "filter.good_bits='64'"],
]


@pytest.mark.parametrize("overrides", SWEEPS)
def test_expansion_is_that_of_the_basic_sweeper(overrides):
    parser = OverridesParser.create(GlobalHydra.instance().config_loader())
    (expected,) = BasicSweeper.split_arguments(parser.parse_overrides(overrides), None)
    assert [list(point) for point in swept_overrides(multirun(overrides))] == expected


@pytest.mark.parametrize("overrides", SWEEPS)
def test_a_point_is_configured_as_hydra_would(overrides):
    for point in swept_overrides(multirun(overrides))[:4]:
        assert point_config(point) == typed(compose("config", overrides=list(point)))


def test_a_sweep_may_be_sent_to_a_server_whose_address_has_no_default():
    sweep = ["track=server", "track.tracking_uri=http://HOST:5000", "drizzle.final_pixfrac=0.4,0.6"]
    points = [point_config(point) for point in swept_overrides(multirun(sweep))]
    assert [point.track.tracking_uri for point in points] == ["http://HOST:5000"] * 2
    with pytest.raises(ConfigError, match=r"track\.tracking_uri: must have a value"):
        point_config(("track=server", "drizzle.final_pixfrac=0.8"))


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("+drizzle.final_wht=EXP", "final_wht"),
        ("drizzle.final_pixfrac=2", "final_pixfrac=2"),
        ("drizzle.final_pixfrac=wide", "final_pixfrac"),
        ("drizzle.final_pixfra=1", "did you mean drizzle.final_pixfrac"),
        ("filter=f1", "f1"),
    ],
)
def test_a_point_that_is_not_valid_is_one_sentence(override, words):
    point_config(("drizzle.final_pixfrac=0.5",))
    with pytest.raises(ConfigError, match=words) as caught:
        point_config((override,))
    assert "\n" not in str(caught.value)
    assert point_config(("drizzle.final_pixfrac=0.6",)).drizzle.final_pixfrac == 0.6


def test_what_is_typed_wins_over_what_a_study_sweeps():
    swept = {"drizzle.final_pixfrac": "0.4,0.6", "drizzle.final_scale": "0.05,0.06"}
    points = swept_overrides(multirun(["drizzle.final_pixfrac=0.8"], swept))
    assert points == [
        ("drizzle.final_pixfrac=0.8", "drizzle.final_scale=0.05"),
        ("drizzle.final_pixfrac=0.8", "drizzle.final_scale=0.06"),
    ]


def test_a_continuous_range_is_refused_in_one_sentence():
    with pytest.raises(ConfigError, match="does not support"):
        swept_overrides(multirun(["drizzle.final_pixfrac=interval(0.1,1)"]))


@given(n_points=st.integers(1, 200), points_per_job=st.none() | st.integers(1, 300))
def test_each_point_is_in_one_job_in_order(n_points, points_per_job):
    plan = make_plan([(f"x={n}",) for n in range(n_points)], points_per_job)
    assert [number for job in plan.jobs for number in job] == list(range(n_points))
    assert all(len(job) <= (points_per_job or n_points) for job in plan.jobs)


def test_plan_is_read_as_it_was_written(tmp_path):
    plan = make_plan([("a=1", "b=x y"), ("a=2", "b=[1,2]")], 1)
    plan = extended(plan, [AddedPoint(1, "psf/2", 0.7), AddedPoint(0, None, 1.0)], None)
    plan.write(StudyDirectory(tmp_path))
    assert read_plan(StudyDirectory(tmp_path)) == plan


SWEPT = [("filter=f160w", f"drizzle.final_pixfrac={p}", "workers=2") for p in (0.4, 0.8)]


def test_an_added_point_is_like_a_swept_one_in_all_but_scale_and_pixfrac():
    plan = extended(make_plan(SWEPT, None), [AddedPoint(1, "psf/2", 0.7)], None)
    added, like = point_config(plan.points[2]), point_config(SWEPT[1])
    assert added.drizzle.final_scale == "psf/2"
    assert added.drizzle.final_pixfrac == 0.7
    drizzle = replace(like.drizzle, final_scale=added.drizzle.final_scale, final_pixfrac=0.7)
    assert added == replace(like, drizzle=drizzle)


@given(
    n_added=st.lists(st.integers(1, 9), max_size=4), points_per_job=st.none() | st.integers(1, 6)
)
def test_added_points_come_in_jobs_of_their_own_and_again_when_the_sweep_is_resumed(
    n_added, points_per_job
):
    plan = make_plan(SWEPT, points_per_job)
    for number in n_added:
        earlier = plan.jobs
        plan = extended(plan, [AddedPoint(0, 0.06, 0.5)] * number, points_per_job)
        assert plan.jobs[: len(earlier)] == earlier
    assert [n for job in plan.jobs for n in job] == list(range(len(plan.points)))
    assert plan.swept == tuple(SWEPT)
    assert make_plan(SWEPT, points_per_job, plan.added).points == plan.points
