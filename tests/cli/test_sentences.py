"""What a value of the wrong kind is answered with: the key, the value and what it must be."""

from __future__ import annotations

import pytest
from hydra import compose, initialize_config_dir

from hstdriz_study.cli.registered import register
from hstdriz_study.cli.sentences import hydra_in_one_sentence
from hstdriz_study.conf_files import conf_directory
from hstdriz_study.errors import ConfigError


@pytest.fixture(scope="module", autouse=True)
def _hydra():
    register()
    with initialize_config_dir(str(conf_directory()), version_base="1.3"):
        yield


@pytest.mark.parametrize(
    ("override", "must"),
    [
        ("checks.accept=quality", "must be a list: KEY=[VALUE,VALUE]"),
        ("checks.accept=null", "must have a value"),
        ("drizzle.final_pixfrac=two", "must be a number"),
        ("drizzle.final_pixfrac=[1]", "must be a number"),
        ("workers=1.5", "must be a whole number"),
        ("refine.enabled=3.5", "must be true or false"),
        ("filter.cosmic_rays=true", "must be given by its keys: KEY.NAME=VALUE"),
    ],
)
def test_a_value_of_another_type_is_told_what_it_must_be(override, must):
    with pytest.raises(ConfigError) as told, hydra_in_one_sentence():
        compose("config", overrides=[override])
    assert str(told.value) == f"{override}: {must}"


def test_a_group_given_a_number_is_one_sentence():
    with pytest.raises(ConfigError) as told, hydra_in_one_sentence():
        compose("config", overrides=["drizzle=1"])
    assert str(told.value).startswith("a group needs a name: GROUP=NAME")


def test_a_value_error_that_is_not_of_hydra_is_left_as_it_is():
    with pytest.raises(ValueError, match="own"), hydra_in_one_sentence():
        raise ValueError("own")
