import json
import shutil
from pathlib import Path

import pytest

from hstdriz_study.errors import ConfigError
from hstdriz_study.study.directory.ended import read_ended
from hstdriz_study.study.directory.layout import StudyDirectory

KEPT = Path(__file__).parents[2] / "kept" / "a23d761"


def test_value_of_a_renamed_key_is_taken_under_its_new_name(compose_config):
    config = compose_config("prepare.max_star_core_flagged=0.07")
    assert config.checks.max_star_core_flagged == 0.07
    assert config.prepare.max_star_core_flagged is None


def test_new_name_alone_is_read_as_before(compose_config):
    assert compose_config("checks.max_star_core_flagged=0.03").checks.max_star_core_flagged == 0.03


def test_range_of_the_new_name_holds_for_the_old_one(compose_config):
    with pytest.raises(ConfigError, match=r"checks\.max_star_core_flagged=1\.5"):
        compose_config("prepare.max_star_core_flagged=1.5")


@pytest.mark.parametrize(("given", "meant"), [("true", "updatewcs"), ("false", "active")])
def test_a_renamed_key_whose_values_are_others_is_read_as_they_are_now(
    compose_config, given, meant
):
    config = compose_config(f"prepare.updatewcs={given}")
    assert (config.prepare.wcs, config.prepare.updatewcs) == (meant, None)


def test_study_that_was_made_with_the_old_name_is_opened(tmp_path):
    study = StudyDirectory(shutil.copytree(KEPT, tmp_path / "kept"))
    described = json.loads(study.description.read_text())
    del described["config"]["checks"]
    described["config"]["prepare"]["max_star_core_flagged"] = 0.04
    study.description.write_text(json.dumps(described))
    assert read_ended(study).config.checks.max_star_core_flagged == 0.04
