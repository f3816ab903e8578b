"""Which entries are unwanted is what all options say together; what is told is what is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.cache import Entry, cached, entries
from hstdriz_study.errors import ConfigError
from hstdriz_study.study.caching import (
    Unwanted,
    print_entries,
    print_sizes,
    prune_entries,
    verify_entries,
)

DIGITS = "0123456789" * 2


def entry(number: int, n_bytes: int, days: float) -> Entry:
    used = datetime.now(UTC) - timedelta(days=days)
    return Entry(Path(f"/cache/prepared/{number}-{DIGITS}"), n_bytes, used, is_in_use=False)


@given(
    st.lists(st.tuples(st.integers(0, 10**10), st.floats(0, 100)), max_size=12), st.floats(0, 30)
)
def test_the_entries_used_last_stay_as_far_as_they_have_room(drawn, max_gb):
    sizes = sorted(drawn, key=lambda one: one[1])
    found = [entry(i, n_bytes, days) for i, (n_bytes, days) in enumerate(sizes)]
    gone = Unwanted(max_gb=max_gb).among(found)
    left = found[: len(found) - len(gone)]
    assert left + gone == found
    assert sum(one.n_bytes for one in left) <= max_gb * 1e9
    if gone:
        assert sum(one.n_bytes for one in left) + gone[0].n_bytes > max_gb * 1e9


def test_what_is_old_and_beyond_the_size_goes_where_both_are_asked_for():
    found = [entry(0, 10**9, 1), entry(1, 10**9, 5), entry(2, 10**9, 50)]
    assert Unwanted(unused_days=3).among(found) == found[1:]
    assert Unwanted(max_gb=1).among(found) == found[1:]
    assert Unwanted(unused_days=10, max_gb=0).among(found) == found[2:]
    assert Unwanted().among(found) == []


@pytest.fixture
def cache_of_two(tmp_path):
    for stage, name in (("prepared", "f160w"), ("regions", "f814w")):
        key = f"{name}-{DIGITS}"
        cached(tmp_path / stage, key, lambda at: (at / "a").write_bytes(bytes(2_000_000)))
    return tmp_path


def test_sizes_are_told_by_stage_and_together(cache_of_two, capsys):
    assert print_sizes(cache_of_two) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert rows[2:] == [
        ["prepared", "1", "2.0", "MB"],
        ["regions", "1", "2.0", "MB"],
        ["all", "2", "4.0", "MB"],
        ["in", str(cache_of_two)],
    ]


def test_what_this_very_process_uses_is_told_and_stays(cache_of_two, capsys):
    assert print_entries(cache_of_two) == 0
    assert capsys.readouterr().out.count(" yes ") == 2
    assert prune_entries(cache_of_two, Unwanted(max_gb=0), only_tell=False) == 0
    assert "0 entries, 0.0 MB, were removed" in capsys.readouterr().out
    assert len(entries(cache_of_two)) == 2


def test_what_is_damaged_is_told_with_exit_code_1_and_stays(cache_of_two, capsys):
    assert verify_entries(cache_of_two) == 0
    assert capsys.readouterr().out == "2 entries read, 0 damaged\n"
    path = cache_of_two / "regions" / f"f814w-{DIGITS}" / "a"
    path.write_bytes(b"\1" + path.read_bytes()[1:])
    assert verify_entries(cache_of_two) == 1
    told, summary = capsys.readouterr().out.splitlines()
    assert told.startswith(f"{path.parent}: a has another content")
    assert summary == "2 entries read, 1 damaged"
    assert path.is_file()


def test_pruning_without_a_word_of_what_is_one_sentence(cache_of_two):
    with pytest.raises(ConfigError, match="say what is to go"):
        prune_entries(cache_of_two, Unwanted(), only_tell=False)
