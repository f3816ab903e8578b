"""A study in a real PostgreSQL database, in a private cluster."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hstdriz_study.errors import TrackingError
from hstdriz_study.study.track import close_study, send_point, send_study
from hstdriz_study.study.track.client import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import SimpleNamespace

pytestmark = pytest.mark.postgresql


def programs() -> Path:
    """Return the directory of PostgreSQL's programs; skip where there is none."""
    on_path = shutil.which("initdb")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if on_path is None and not found:
        pytest.skip("PostgreSQL's server programs (initdb, pg_ctl) are not installed")
    if importlib.util.find_spec("psycopg") is None:
        pytest.skip("psycopg is not installed")
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        pytest.skip("PostgreSQL does not run as root and runuser is not installed")
    return Path(on_path or found[-1]).parent


@pytest.fixture(scope="module")
def postgresql_uri(free_port: Callable[[], int]) -> Iterator[str]:
    """Start a private cluster."""
    binaries = programs()
    port = free_port()
    # Not below pytest's own directory, which only its owner may enter.
    directory = Path("/tmp") / f"hstdriz-study-postgresql-{os.getpid()}"  # noqa: S108
    directory.mkdir()
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(directory, "postgres", "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    data = directory / "data"

    def run(*command: str) -> None:
        subprocess.run([*as_user, *command], check=True, cwd=directory, stdout=subprocess.DEVNULL)

    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={directory}"
    control = str(binaries / "pg_ctl")
    run(str(binaries / "initdb"), "-D", str(data), "-U", "astronomer", "-A", "trust", "--no-sync")
    log = str(directory / "log")
    try:
        run(control, "-D", str(data), "-w", "-l", log, "-o", options, "start")
        yield f"postgresql+psycopg://astronomer@127.0.0.1:{port}/postgres"
        run(control, "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(directory)


def test_a_study_is_tracked_in_postgresql(
    make_study: SimpleNamespace, postgresql_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(make_study.root)
    study = make_study.open(postgresql_uri)
    points = [
        *make_study.points(study, 2),
        make_study.point(study, 2, 0.05, 0.1, error="no overlap"),
    ]
    runs = [send_point(study, point) for point in points]
    assert [send_point(study, point) for point in points] == runs
    make_study.results(study)
    close_study(study)
    assert send_study(study).already == 3
    client = connect(postgresql_uri)
    assert [client.get_run(run).info.status for run in runs] == ["FINISHED", "FINISHED", "FAILED"]
    assert (make_study.root / "mlartifacts").is_dir()
    assert not (make_study.root / "mlruns").exists()


def test_a_database_that_does_not_answer_is_a_sentence_in_seconds(
    make_study: SimpleNamespace, free_port: Callable[[], int]
) -> None:
    with pytest.raises(TrackingError, match="no database answers there"):
        make_study.open(f"postgresql://me@127.0.0.1:{free_port()}/runs")
