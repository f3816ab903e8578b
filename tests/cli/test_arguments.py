"""A command is the sweep that it says it is."""

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.hydra_config import HydraConfig
from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.cli.arguments import hydra_arguments, point_arguments, sweep_arguments
from hstdriz_study.cli.unrun import PreviewCallback, arguments_of
from hstdriz_study.conf_files import conf_directory
from hstdriz_study.errors import ConfigError

SWEPT = [
    "drizzle.final_scale=0.065,0.08",
    "drizzle.final_scale=choice(0.065,0.08)",
    "drizzle.final_pixfrac=range(0.4,1.01,0.2)",
    "drizzle.final_pixfrac=interval(0.4,1)",
    "filter=glob(f1*)",
    "filter=f160w,f814w",
]
ONE_VALUE = [
    "filter=f160w",
    "study=quickstart",
    "drizzle.final_scale=psf/2",
    "measure.metrics=[a,b]",
    "title='one, two'",
    "+choose.weights={psf/ee50_arcsec: 1, noise/depth_abmag: 2}",
    "hydra.run.dir=here",
    "dataset.path=/data/${filter.name}",
]


@pytest.mark.parametrize("override", [*SWEPT, "hydra.sweep.dir=hstdriz-runs/mine/first"])
def test_a_value_that_is_swept_or_a_directory_to_go_on_in_makes_a_sweep(override):
    typed = ["filter=f160w", override, "--config-dir", "own"]
    assert hydra_arguments(typed) == ["--multirun", *typed]


@pytest.mark.parametrize("override", ONE_VALUE)
def test_one_value_of_everything_is_one_point(override):
    typed = ["--config-name", "mine", override]
    assert hydra_arguments(typed) == typed


@pytest.mark.parametrize(
    "flag", ["--multirun", "-m", "--run", "--cfg=job", "--hydra-help", "--info=config",
             "--shell-completion"]
)  # fmt: skip
@pytest.mark.parametrize("override", [SWEPT[0], ONE_VALUE[0]])
def test_what_is_asked_of_hydra_itself_is_left_as_it_is(flag, override):
    assert hydra_arguments([flag, override]) == [flag, override]


@given(typed=st.lists(st.sampled_from(ONE_VALUE + SWEPT), min_size=1))
def test_a_command_is_a_sweep_when_one_of_its_overrides_is(typed):
    given_to_hydra = hydra_arguments(typed)
    assert given_to_hydra[-len(typed) :] == typed
    assert (given_to_hydra[0] == "--multirun") == any(one in SWEPT for one in typed)


@pytest.mark.parametrize("typed", [["--config-dir=own", "filter=f160w"],
                                   ["filter=f160w", "--config-dir=own"],
                                   ["--config-dir", "own", "filter=f160w"]])  # fmt: skip
def test_what_a_preview_adds_stands_beside_the_overrides(typed):
    given = arguments_of(PreviewCallback, typed)
    place = given.index("filter=f160w")
    assert given[place - 1].startswith("hydra.callbacks.study._target_=")


@pytest.mark.parametrize("override", [SWEPT[0], ONE_VALUE[0]])
def test_a_sweep_and_a_preview_are_of_a_sweep_but_where_hydra_is_asked_to_show(override):
    assert sweep_arguments([override]) == ["--multirun", override]
    assert arguments_of(PreviewCallback, [override])[0] == "--multirun"
    assert sweep_arguments(["--cfg", "job", override]) == ["--cfg", "job", override]


def test_a_point_is_one_whatever_a_study_sweeps_and_several_values_are_refused():
    assert point_arguments(["study=quickstart"]) == ["study=quickstart", "hydra.mode=RUN"]
    for swept in SWEPT:
        with pytest.raises(ConfigError, match="several values are a sweep"):
            point_arguments([swept])


@pytest.mark.parametrize("read", [hydra_arguments, sweep_arguments, point_arguments])
def test_short_words_are_written_out_and_flags_that_are_none_are_one_sentence(read):
    assert "refine.enabled=true" in read(["refine=true"])
    with pytest.raises(ConfigError, match=r"^unrecognized arguments: --foo; hstdriz-study --hydra"):
        read(["--foo"])


@pytest.mark.parametrize(
    ("overrides", "mode"),
    [
        (["study=quickstart"], "MULTIRUN"),
        (["study=pixfrac_curve", "drizzle.final_pixfrac=0.5"], "MULTIRUN"),
        (["study=quickstart", "hydra.mode=RUN"], "RUN"),
        (["filter=f160w"], None),
    ],
)
def test_a_study_that_sweeps_is_run_as_a_sweep_in_the_directory_of_a_run(overrides, mode):
    with initialize_config_dir(str(conf_directory()), version_base="1.3"):
        config = compose("config", [*overrides, "hydra.run.dir=here"], return_hydra_config=True)
        HydraConfig.instance().set_config(config)
        assert (config.hydra.mode and config.hydra.mode.name) == mode
        assert config.hydra.sweep.dir == "here"
