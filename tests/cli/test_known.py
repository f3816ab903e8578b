"""What is known without Hydra is what Hydra knows; the nearest to a misspelt word is offered."""

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.hydra_config import HydraConfig
from hydra.core.override_parser.overrides_parser import OverridesParser
from hypothesis import given
from hypothesis import strategies as st
from omegaconf import OmegaConf

from hstdriz_study.cli.catalogue import (
    groups,
    known,
    names_of,
    study_keys,
    validate_keys,
)
from hstdriz_study.cli.known_names import known_names
from hstdriz_study.conf_files import conf_directory
from hstdriz_study.nearest import did_you_mean, nearest_key


def test_the_table_in_the_package_is_that_of_the_schema():
    again = "run: python -m hstdriz_study.cli.known_names"
    assert known() == known_names(), again


def test_every_key_that_is_offered_is_one_of_the_composed_configuration():
    with initialize_config_dir(str(conf_directory()), version_base="1.3"):
        config = compose("config", return_hydra_config=True)
    HydraConfig.instance().set_config(config)
    for key in study_keys():
        room, _, name = key.rpartition(".")
        assert name in (OmegaConf.select(config, room) if room else config), key


# of Hydra's own: conf/hydra/launcher/joblib.yaml stands before the plugin's
@pytest.mark.filterwarnings("ignore:(?s).*validated against ConfigStore schema")
def test_every_name_of_every_group_can_be_composed(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for group in groups():
        assert names_of(group)
        for name in names_of(group):
            with initialize_config_dir(str(conf_directory()), version_base="1.3"):
                compose("config", [f"{group}={name}"])


def test_files_beside_where_one_works_are_names_of_their_groups(monkeypatch, tmp_path):
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "mine.yaml").touch()
    monkeypatch.chdir(tmp_path)
    assert {"mine", "quickstart"} <= set(names_of("study"))


@given(data=st.data())
def test_a_key_that_lacks_a_letter_is_answered_with_the_nearest(data):
    key = data.draw(st.sampled_from([*study_keys(), *validate_keys()]).filter(lambda k: len(k) > 6))
    gap = data.draw(st.integers(1, len(key) - 1))
    known_keys = [*study_keys(), *validate_keys()]
    misspelt = key[:gap] + key[gap + 1 :]
    told = nearest_key(misspelt, known_keys)
    assert told.startswith("did you mean ")
    OverridesParser.create().parse_override(f"{told[13:-1]}=1")


def test_the_nearest_is_found_in_capitals_and_without_its_room_and_nothing_is_forced():
    assert did_you_mean("F16W", ["f160w", "f814w"]) == "did you mean f160w?"
    assert did_you_mean("f160w", ["f160w"]) == ""
    assert did_you_mean("galaxy", ["f160w", "f814w"]) == ""
    assert nearest_key("final_scal", study_keys()) == "did you mean drizzle.final_scale?"
    assert nearest_key("drizle", ["drizzle", "drizzle.engine"]) == "did you mean drizzle?"
    assert nearest_key("zzz.qqq", study_keys()) == ""
