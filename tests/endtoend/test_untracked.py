"""A study that could not be tracked says so last, with the way on, and in its exit code."""

import shutil
import socket
import sqlite3
from contextlib import closing

import pytest

pytestmark = pytest.mark.endtoend


@pytest.fixture
def nobody():
    """Give a port at which nobody answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def said_last(outcome, lacking):
    """Tell whether the last line says what is missing and how to send it."""
    last = outcome.said[-1]
    return last.startswith(f"not tracked: {lacking}: ") and (
        f"hstdriz-study send {outcome.study_dir}" in last
    )


@pytest.mark.parametrize(
    ("track", "reason"),
    [
        (["track=server", "track.tracking_uri=http://{}"], "the tracking store cannot be used"),
        (["track.tracking_uri=postgresql://me@{}/runs"], "no database answers there"),
    ],
)
def test_store_that_is_away_is_told_last_and_in_the_exit_code(
    program, tmp_path, nobody, track, reason
):
    outcome = program(
        tmp_path, "--multirun", "filter=f160w", "drizzle.final_pixfrac=0.6,1.0",
        *(argument.format(nobody) for argument in track),
    )  # fmt: skip
    assert outcome.code == 1
    assert [record.status for record in outcome.records] == ["FINISHED"] * 2
    assert reason in outcome.said[-1]
    assert said_last(outcome, "2 of 2 points")
    assert program(tmp_path, "send", str(outcome.study_dir)).code == 1


def test_store_that_cannot_be_used_leaves_a_study_to_be_sent_once(program, small_sweep, tmp_path):
    store = tmp_path / "mlflow.db"
    shutil.copy(small_sweep.directory / "hstdriz-runs" / "mlflow.db", store)
    revision = with_revision(store, "ffff00001111")
    outcome = program(tmp_path, "filter=f160w", f"track.tracking_uri=sqlite:///{store}")
    assert outcome.code == 1
    assert "was made by a newer MLflow" in outcome.said[-1]
    assert said_last(outcome, "1 of 1 points")
    again = program(tmp_path, "send", str(outcome.study_dir))
    assert again.code == 1
    assert again.said[-1] == outcome.said[-1]
    with_revision(store, revision)
    sent = [program(tmp_path, "send", str(outcome.study_dir)) for _ in range(2)]
    assert [done.code for done in sent] == [0, 0]
    assert [done.stdout for done in sent] == [
        "sent 1, already there 0, failed 0\n",
        "sent 0, already there 1, failed 0\n",
    ]


def with_revision(store, revision):
    """Give a store another revision of MLflow's schema; return the one it had."""
    with closing(sqlite3.connect(store)) as connection:
        (earlier,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        connection.execute("UPDATE alembic_version SET version_num = ?", [revision])
        connection.commit()
    return earlier


def test_database_of_something_else_is_refused_before_any_work(program, tmp_path):
    with closing(sqlite3.connect(tmp_path / "stars.db")) as connection:
        connection.execute("CREATE TABLE stars (x)")
    before = (tmp_path / "stars.db").read_bytes()
    outcome = program(tmp_path, "filter=f160w", "track.tracking_uri=sqlite:///stars.db")
    assert outcome.code == 2
    (line,) = outcome.said
    assert line.startswith("error: track.tracking_uri=sqlite:///stars.db: holds something else")
    assert (tmp_path / "stars.db").read_bytes() == before
    assert not (tmp_path / "hstdriz-runs").exists()
