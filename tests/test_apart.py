"""Work in a process of its own: what it gives, what it raises, what its death says."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from hstdriz_study.apart import apart, apart_each, done_apart, outcomes_apart
from hstdriz_study.errors import ConfigError, LostProcessError


def do(item):
    """Do what the item says."""
    kind, value = item
    if kind == "die":
        os.kill(os.getpid(), value)
    if kind == "leave":
        os._exit(value)
    if kind == "exit":
        sys.exit(value)
    if kind == "raise":
        raise value
    if kind == "raise one that cannot travel":
        raise NeedsTwoError("one", "two")
    return os.getpid(), value


class NeedsTwoError(Exception):
    """One whose pickled form cannot be made an error again."""

    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")


def test_the_work_is_done_in_another_process_again_and_again():
    with apart(do, "it") as ask:
        first, second = ask(("work", 1), None), ask(("work", 2), None)
    assert (first[1], second[1]) == (1, 2)
    assert first[0] == second[0] != os.getpid()


@pytest.mark.parametrize(
    ("ending", "told"),
    [
        (("die", signal.SIGSEGV), "was ended by SIGSEGV, a crash of compiled code; start again, "),
        (("die", signal.SIGABRT), "was ended by SIGABRT, a crash of compiled code; start again, "),
        (("die", signal.SIGBUS), "was ended by SIGBUS, a crash of compiled code, or a file that"),
        (("die", signal.SIGKILL), "was ended by SIGKILL, as the system does when memory runs out;"),
        (("leave", 3), "ended with exit code 3; start again, "),
        (("leave", 0), "ended with exit code 0; start again, "),
        # crds 14 does without a server
        (("exit", 1), "ended with exit code 1; start again, "),
    ],
)
def test_a_death_is_one_sentence_with_what_was_lost(ending, told):
    with pytest.raises(LostProcessError) as lost:
        done_apart(do, ending, "preparing f160w")
    assert str(lost.value).startswith(f"preparing f160w: its process {told}")
    assert "\n" not in str(lost.value)


def test_after_a_death_the_next_piece_of_work_is_done():
    with apart(do, "it") as ask:
        with pytest.raises(LostProcessError):
            ask(("die", signal.SIGSEGV), None)
        assert ask(("work", 1), None)[1] == 1


def test_where_compiled_code_crashed_is_in_the_log_and_of_what_was_done_there_is_none(tmp_path):
    log = tmp_path / "below" / "crash.log"
    with apart(do, "it") as ask:
        ask(("work", 1), log)
        assert not log.exists()
        with pytest.raises(LostProcessError):
            ask(("die", signal.SIGSEGV), log)
    assert "Segmentation fault" in log.read_text()
    assert "in do\n" in log.read_text()


def test_a_log_that_cannot_be_written_hinders_nothing(tmp_path):
    (tmp_path / "file").touch()
    with apart(do, "it") as ask:
        assert ask(("work", 1), tmp_path / "file" / "crash.log")[1] == 1


def test_what_the_work_raises_is_raised_as_it_is():
    with pytest.raises(ConfigError, match="a key is wrong") as raised:
        done_apart(do, ("raise", ConfigError("a key is wrong")), "it")
    assert not hasattr(raised.value, "__notes__")
    with pytest.raises(PermissionError) as refused:
        done_apart(do, ("raise", PermissionError(13, "Permission denied", "/where")), "it")
    assert refused.value.filename == "/where"
    with pytest.raises(ZeroDivisionError) as defect:
        done_apart(do, ("raise", ZeroDivisionError("of ours")), "it")
    assert "in do\n" in "".join(defect.value.__notes__)


def test_an_error_that_cannot_travel_is_told_in_words():
    with pytest.raises(RuntimeError, match="NeedsTwoError: one and two") as raised:
        done_apart(do, ("raise one that cannot travel", None), "it")
    assert "NeedsTwoError" in "".join(raised.value.__notes__)


def test_of_many_each_death_is_its_own():
    items = [("work", 0), ("die", signal.SIGKILL), ("work", 2), ("raise", ConfigError("no"))]
    found = outcomes_apart(do, items, 2, "a row")
    assert [found[0][1], found[2][1]] == [0, 2]
    assert isinstance(found[1], LostProcessError)
    assert str(found[3]) == "no"
    with pytest.raises(LostProcessError, match="a row: its process"):
        apart_each(do, items, 2, "a row")
    assert [value for _, value in apart_each(do, [("work", n) for n in range(5)], 2, "")] == [
        0, 1, 2, 3, 4,
    ]  # fmt: skip


def within(_):
    return done_apart(do, ("work", 1), "it")[0], os.getpid()


def test_within_such_a_process_the_work_is_done_in_place():
    inner, outer = done_apart(within, None, "it")
    assert inner == outer != os.getpid()


def within_each(_):
    return [pid for pid, _ in apart_each(do, [("work", n) for n in range(2)], 2, "it")], os.getpid()


def test_within_such_a_process_the_work_on_many_is_in_processes_of_its_own():
    inner, outer = done_apart(within_each, None, "it")
    assert len({*inner, outer, os.getpid()}) == 4


def test_within_a_process_that_may_start_none_the_work_on_many_is_done_in_place():
    ((inner, outer),) = apart_each(within_each, [None], 1, "it")
    assert {*inner} == {outer} != {os.getpid()}
