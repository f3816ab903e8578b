"""A sweep is counted before it is made, and points that are equal are one."""

import pytest
from hydra import initialize_config_dir
from omegaconf import OmegaConf

from hstdriz_study.cli.distinct import distinct_points
from hstdriz_study.cli.points import MAX_POINTS, SHIPPED, swept_overrides
from hstdriz_study.conf_files import conf_directory
from hstdriz_study.errors import ConfigError


@pytest.fixture(scope="module", autouse=True)
def _hydra():
    with initialize_config_dir(str(conf_directory()), version_base="1.3"):
        yield


def swept(*overrides):
    typed = {"sweeper": {"params": None}, "overrides": {"task": list(overrides)}}
    return swept_overrides(OmegaConf.create({"hydra": typed}))


@pytest.mark.parametrize(
    ("overrides", "size"),
    [
        (("dataset.seed=range(1000000)",), 1_000_000),
        (("dataset.seed=range(0,1000000000000)", "drizzle.final_pixfrac=0.4,0.6"), 2 * 10**12),
        (("drizzle.final_pixfrac=range(0.1,1,0.00001)",), 90_000),
        (("dataset.seed=range(101)", "measure.seed=range(100)"), 10_100),
    ],
)
def test_a_sweep_of_too_many_points_is_refused_with_their_number(overrides, size):
    with pytest.raises(ConfigError, match=f"has {size} points, more than {MAX_POINTS}"):
        swept(*overrides)


def test_a_range_shorter_than_its_step_is_refused():
    with pytest.raises(ConfigError, match=r"final_scale=range\(0\.05,0\.08\): is one value"):
        swept("drizzle.final_scale=range(0.05,0.08)")
    assert len(swept("dataset.seed=range(1,2)", "drizzle.final_pixfrac=range(0.4,0.5,0.2)")) == 1


def test_as_many_points_as_are_allowed_are_made():
    assert len(swept("dataset.seed=range(100)", "measure.seed=range(100)")) == MAX_POINTS


@pytest.mark.parametrize(
    ("key", "first", "second"),
    [
        ("drizzle.final_pixfrac", "0.6", "0.6000000000000001"),
        ("drizzle.final_scale", "native", "0.12825"),
        ("drizzle.final_scale", "0.08", "0.0800000000001"),
    ],
)
def test_values_equal_after_rounding_are_one_point_and_that_is_told(key, first, second, caplog):
    points = swept("filter=f160w", f"{key}={first},{second}")
    assert distinct_points(points, SHIPPED) == points[:1]
    (told,) = caplog.messages
    assert told.endswith(
        f"1 of 2 points equal others and are left out, such as {key}={second}, which is "
        f"{key}={first}"
    )


def test_points_that_differ_are_kept(caplog):
    scales, pixfracs = "drizzle.final_scale=0.08,0.081", "drizzle.final_pixfrac=0.6,0.7"
    points = swept("filter=f160w", scales, pixfracs)
    assert distinct_points(points, SHIPPED) == points
    assert not caplog.messages
