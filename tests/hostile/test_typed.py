"""What is typed and cannot be meant: one sentence with key and cure."""

from __future__ import annotations

import pytest
from hydra import initialize_config_dir

from hstdriz_study.cli.meant import as_meant
from hstdriz_study.cli.points import composed_point
from hstdriz_study.cli.sentences import hydra_in_one_sentence
from hstdriz_study.conf_files import conf_directory
from hstdriz_study.errors import ConfigError
from tests.hostile.judged import assert_one_sentence
from tests.hostile.settings import typed_settings

ROWS = typed_settings()


@pytest.fixture(scope="module", autouse=True)
def shipped():
    """Read the shipped configuration as the command does, once."""
    with initialize_config_dir(str(conf_directory()), version_base="1.3"):
        yield


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.kind}: {row.typed[:40]!r}" for row in ROWS])
def test_what_cannot_be_meant_is_one_sentence(row):
    with pytest.raises(ConfigError) as told, hydra_in_one_sentence():
        composed_point((as_meant(row.typed),))
    assert_one_sentence(str(told.value), row.said)
