"""An entry of the cache that is built in a process of its own."""

from __future__ import annotations

import os
import signal
from functools import partial

import pytest

from hstdriz_study.apart import done_apart
from hstdriz_study.errors import DatasetError, LostProcessError
from hstdriz_study.keys.building import cached_apart


def build(ending, directory):
    """Leave a log and what is wanted, or end as it is asked for."""
    (directory / "foreign.log").write_text("AstroDrizzle says this\n")
    (directory / "pid").write_text(str(os.getpid()))
    if isinstance(ending, Exception):
        raise ending
    if ending is not None:
        os.kill(os.getpid(), ending)


def made(entry, ending=None):
    return cached_apart(entry, partial(build, ending), name="f160w", what="preparing")


def left_in(cache_dir):
    return sorted(path.name for path in cache_dir.rglob("*") if path.parent.name != ".in-use")


def test_an_entry_is_built_in_another_process_and_once(tmp_path):
    entry = tmp_path / "prepared" / "f160w-1"
    assert made(entry) == entry
    assert int((entry / "pid").read_text()) != os.getpid()
    before = (entry / "pid").read_text()
    assert made(entry, signal.SIGKILL) == entry
    assert (entry / "pid").read_text() == before
    assert left_in(tmp_path) == [
        ".in-use", "f160w-1", "foreign.log", "manifest.json", "pid", "prepared",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "likely", "said"),
    [
        (signal.SIGSEGV, "a crash of compiled code", "Segmentation fault"),
        (signal.SIGKILL, "as the system does when memory runs out", "AstroDrizzle says this"),
    ],
)
def test_a_death_names_filter_stage_likely_cause_and_log_and_leaves_nothing_else(
    number, likely, said, tmp_path
):
    with pytest.raises(LostProcessError) as lost:
        made(tmp_path / "prepared" / "f160w-1", number)
    told = str(lost.value)
    head = f"filter=f160w: preparing was not finished: its process was ended by {number.name}, "
    assert told.startswith(f"{head}{likely}; start again")
    log = tmp_path / "failed-f160w.log"
    assert told.endswith(f"; {log} has its last words")
    assert "\n" not in told
    assert "AstroDrizzle says this" in log.read_text()
    assert said in log.read_text()
    assert left_in(tmp_path) == [".in-use", "failed-f160w.log", "prepared"]
    assert made(tmp_path / "prepared" / "f160w-1").is_dir()


def test_what_cannot_be_built_says_so_in_its_own_words_and_its_log_is_kept(tmp_path, caplog):
    with pytest.raises(DatasetError, match="no exposures"):
        made(tmp_path / "prepared" / "f160w-1", DatasetError("no exposures"))
    assert (tmp_path / "failed-f160w.log").read_text() == "AstroDrizzle says this\n"
    assert f"the log of what failed is {tmp_path / 'failed-f160w.log'}" in caplog.messages


def test_scratch_of_what_was_built_within_is_gone_with_the_process(tmp_path):
    inner = tmp_path / "compared" / "f160w-2"

    def outer(_):
        made(inner, signal.SIGSEGV)

    with pytest.raises(LostProcessError):
        cached_apart(tmp_path / "regions" / "f160w-3", outer, name="f160w", what="choosing")
    assert not list(tmp_path.glob("*/.scratch*"))
    assert done_apart(made, inner, "it") == inner
