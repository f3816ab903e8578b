"""A handful of broken input and settings through the command itself."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.hostile.judged import assert_one_sentence, tree

pytestmark = pytest.mark.endtoend


@pytest.fixture
def data(sound_f160w, tmp_path):
    """A user's directory with a space and brackets in its name, and calibration files below."""
    return Path(shutil.copytree(sound_f160w, tmp_path / "M 31 (new)"))


def _refused(outcome, said):
    assert outcome.code == 2, outcome.stderr
    (line,) = outcome.said
    assert line.startswith("error: ")
    assert_one_sentence(line, said)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["preview", "=x"], "has no key before its equals sign"),
        (["preview", "drizzle=[1]"], "cannot be composed"),
        (["preview", "--resolve"], "--resolve"),
        (["preview", "drizzle.final_scale=range(1,0,0.1)"], "the sweep has no point"),
        (["preview", "drizzle.final_scale=range(0,1,0)"], "must not be zero"),
        (["preview", "hydra.sweeper=basic"], "is chosen with a slash, hydra/sweeper=NAME"),
        (["preview", "hydra.searchpath=[nope://x]"], "nope"),
        (["preview", "measure.metrics=[nope]"], "'nope' is not a dotted name"),
        (["point", "hydra.run.dir="], "hydra.run.dir= names no directory"),
    ],
)
def test_a_setting_that_cannot_be_meant(program, tmp_path, typed, said):
    before = tree(tmp_path)
    _refused(program(tmp_path, *typed), said)
    assert tree(tmp_path) == before


def test_a_broken_file_in_a_directory_of_odd_name(program, tmp_path, data):
    (data / "isy16002q_flt.fits").write_bytes(b"<html>503</html>")
    before = tree(data)
    typed = [f"dataset.path={data}", f"filter.iref={data}/ref", "filter=f160w"]
    _refused(program(tmp_path / "cwd", "sweep", *typed), "it is a page of HTML")
    assert tree(data) == before
    assert not list((tmp_path / "cwd").iterdir())


def test_who_may_not_read_an_exposure_is_told_so(program, tmp_path, data):
    if os.geteuid() == 0:
        pytest.skip("root reads what nobody may read")
    (data / "isy16002q_flt.fits").chmod(0)
    outcome = program(tmp_path / "cwd", "preview", f"dataset.path={data}", "filter=f160w")
    _refused(outcome, "cannot be read (Permission denied); change its permissions")
