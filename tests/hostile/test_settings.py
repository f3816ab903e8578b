"""Settings that cannot be meant: one sentence with key and cure, before any work."""

from __future__ import annotations

import os
import shutil

import pytest
from hydra import compose, initialize_config_dir

from hstdriz_study.cli.points import composed_point, swept_overrides
from hstdriz_study.cli.sentences import hydra_in_one_sentence
from hstdriz_study.conf_files import conf_directory
from hstdriz_study.errors import ConfigError, StudyError
from hstdriz_study.study import start_study
from hstdriz_study.study.directory.layout import StudyDirectory
from tests.hostile.judged import assert_one_sentence, tree
from tests.hostile.settings import STUDY_FILES, started_settings

ROWS = started_settings()


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.kind}: {row.typed[:60]!r}" for row in ROWS])
def test_what_files_make_impossible_is_told_before_any_work(
    compose_config, own_f160w, tmp_path, monkeypatch, row
):
    monkeypatch.chdir(tmp_path)
    config, sound = own_f160w
    (tmp_path / "data").mkdir()
    for path in sound:
        shutil.copy(path, tmp_path / "data")
    (tmp_path / "adir").mkdir()
    (tmp_path / "afile").write_text("a file")
    (tmp_path / "alink").symlink_to("nowhere")
    os.mkfifo(tmp_path / "apipe")
    before = tree(tmp_path)
    given = (
        f"dataset.path={tmp_path}/data", f"filter.iref={config.filter.iref}",
        f"prepare.cache_dir={tmp_path}/cache", row.typed.format(tmp=tmp_path),
    )  # fmt: skip
    with pytest.raises(StudyError) as told:
        start_study([compose_config(*given)], StudyDirectory(tmp_path / "study"), [])
    assert_one_sentence(str(told.value), row.said)
    shutil.rmtree(tmp_path / "cache", ignore_errors=True)
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("content", "said"), [row[1:] for row in STUDY_FILES], ids=[row[0] for row in STUDY_FILES]
)
def test_a_study_file_that_cannot_be_meant_is_one_sentence(tmp_path, monkeypatch, content, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "mine.yaml").write_bytes(content)
    shipped = initialize_config_dir(str(conf_directory()), version_base="1.3")
    with shipped, pytest.raises(ConfigError) as told:
        _compose("study=mine")
    assert_one_sentence(str(told.value), said)


def _compose(*typed):
    """Compose every point of a sweep, as the command does before its first."""
    with hydra_in_one_sentence():
        config = compose("config", overrides=list(typed), return_hydra_config=True)
        for point in swept_overrides(config):
            composed_point(point)
