"""Exposures that cannot be used: one sentence with file and cure, before any work."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from hstdriz_study.errors import StudyError
from hstdriz_study.study import start_study
from hstdriz_study.study.directory.layout import StudyDirectory
from tests.hostile.inputs import all_inputs
from tests.hostile.judged import assert_one_sentence, tree

# astropy warns of what it reads in spite of, and leaves open what it cannot read
pytestmark = pytest.mark.filterwarnings("ignore::Warning")

ROWS = all_inputs()


@pytest.fixture
def refused(own_f160w, tmp_path, monkeypatch):
    """Spoil copies of sound exposures, start a study of them; return what is said."""
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    config, sound = own_f160w
    directory = tmp_path / "data"
    directory.mkdir()
    paths = [Path(shutil.copy(path, directory)) for path in sound]

    def start(row) -> str:
        row.spoil(paths)
        config.dataset.path = str(directory)
        config.prepare.cache_dir = str(tmp_path / "cache")
        before = tree(directory)
        with pytest.raises(StudyError) as told:
            start_study([config], StudyDirectory(tmp_path / "study"), [])
        assert tree(directory) == before
        return str(told.value)

    return start


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.kind}: {row.what}" for row in ROWS])
def test_broken_exposures_are_one_sentence_and_nothing_is_left(row, refused, tmp_path):
    told = refused(row)
    assert_one_sentence(told, row.said)
    if row.names_file:
        assert "isy16002q_flt.fits" in told
    assert re.search("dataset[.]|filter[.]|unpack them|it holds|rename|needs two or more", told)
    assert {path.name for path in tmp_path.iterdir()} <= {"cwd", "data", "cache"}
    assert not list((tmp_path / "cwd").iterdir())
    # sky and noise are kept, whole, for the next time; nothing was prepared
    rooms = {path.name for path in (tmp_path / "cache").glob("*") if not path.name.startswith(".")}
    assert rooms <= {"compared", "code"}
    assert not [path for path in (tmp_path / "cache").rglob(".*") if "scratch" in path.name]


def test_who_may_not_read_is_told_to_change_permissions(refused, tmp_path):
    row = replace(ROWS[0], spoil=lambda paths: paths[1].chmod(0))
    if (tmp_path / "data" / "isy16002q_flt.fits").owner() == "root":
        pytest.skip("root reads what nobody may")
    assert "cannot be read (Permission denied); change its permissions" in refused(row)


def test_a_hundred_and_fifty_inputs_at_least():
    assert len({f"{row.kind}: {row.what}" for row in ROWS}) == len(ROWS) >= 150
