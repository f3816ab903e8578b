"""A real server on bad days: slow, refusing, dying, answers lost, two senders at once."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from hstdriz_study.errors import TrackingError
from hstdriz_study.json_files import read_json
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.track import count_unsent, open_study, send_point, send_study
from hstdriz_study.study.track.client import connect
from hstdriz_study.study.track.ticket import set_status
from tests.study.track.faulty_server import FaultyProxy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import SimpleNamespace

    from mlflow.entities import Run

pytestmark = pytest.mark.server
QUICK = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1", "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "0"}


@pytest.fixture
def proxy(server: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyProxy]:
    for name, value in QUICK.items():
        monkeypatch.setenv(name, value)
    with FaultyProxy(server.port) as between:
        yield between


@pytest.fixture
def runs_of(server: SimpleNamespace) -> Callable[[StudyDirectory, str], list[Run]]:
    """Find what the server holds of a study, whoever sent it."""
    client = connect(server.uri)

    def find(study: StudyDirectory, kind: str) -> list[Run]:
        ticket = read_json(study.description)["tracking"]
        query = f"tags.`study.id` = '{ticket['study_id']}' and tags.`study.kind` = '{kind}'"
        return list(client.search_runs([ticket["experiment_id"]], query))

    return find


@pytest.fixture
def is_there_once(runs_of: Callable[[StudyDirectory, str], list[Run]]) -> Callable[..., bool]:
    """Tell whether a server holds one parent that has ended, and each point once, complete."""

    def check(study: StudyDirectory) -> bool:
        parents, points = runs_of(study, "sweep"), runs_of(study, "point")
        keys = sorted(read_json(point.record)["key"] for point in study.points())
        below = {run.data.tags["mlflow.parentRunId"] for run in points}
        return (
            [run.info.status for run in parents] == ["FINISHED"]
            and below == {run.info.run_id for run in parents}
            and sorted(run.data.tags["study.key"] for run in points) == keys
            and {run.info.status for run in points} == {"FINISHED"}
            and all("psf/fwhm_arcsec" in run.data.metrics for run in points)
        )

    return check


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, r"does not know you \(status 401\); set MLFLOW_TRACKING_USERNAME"),
        (403, r"does not let you \(status 403\)"),
        (500, r"fails by itself \(status 500\)"),
    ],
)
def test_refusal_is_a_sentence_with_the_way_on(
    make_study: SimpleNamespace, proxy: FaultyProxy, status: int, words: str
) -> None:
    proxy.trouble.status = status
    with pytest.raises(TrackingError, match=rf"{words}.*hstdriz-study send STUDY_DIR"):
        make_study.open(proxy.uri)


@pytest.mark.parametrize("n_answered", [3, 9, 14, 20])
def test_study_whose_server_dies_halfway_is_sent_once_when_it_is_back(
    make_study: SimpleNamespace,
    proxy: FaultyProxy,
    is_there_once: Callable[[StudyDirectory], bool],
    n_answered: int,
) -> None:
    study = make_study.unopened(proxy.uri, f"dies-{n_answered}")
    make_study.points(study, 3)
    make_study.results(study)
    set_status(study, "FINISHED")
    proxy.trouble.dies_after = n_answered
    with pytest.raises(TrackingError, match="cannot be used"):
        send_study(study)
    assert count_unsent(study)[0] > 0
    proxy.trouble.dies_after = None
    assert send_study(study).failed == 0
    assert is_there_once(study)
    assert send_study(study).already == 3


@pytest.mark.parametrize("n_lost", range(1, 5))
def test_answer_that_is_lost_doubles_neither_parent_nor_point(
    make_study: SimpleNamespace,
    proxy: FaultyProxy,
    is_there_once: Callable[[StudyDirectory], bool],
    n_lost: int,
) -> None:
    study = make_study.unopened(proxy.uri, f"lost-{n_lost}")
    make_study.points(study, 3)
    make_study.results(study)
    set_status(study, "FINISHED")
    proxy.trouble.lost_answers = {("runs/create", n_lost)}
    assert send_study(study).failed == 0
    asked = Counter(request.rpartition("/")[2] for request in proxy.trouble.requests)
    assert asked["create"] == 5  # one asked for again
    assert is_there_once(study)
    assert count_unsent(study) == (0, 3)


def test_two_machines_that_send_copies_of_a_study_at_once_make_each_run_once(
    make_study: SimpleNamespace,
    proxy: FaultyProxy,
    is_there_once: Callable[[StudyDirectory], bool],
    tmp_path: Path,
) -> None:
    proxy.trouble.delay_s = 0.02  # as far away as another continent's
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["mlflow", "hstdriz_study.study.track"])
    with context.Pool(2) as pool:
        for number in range(3):
            study = make_study.unopened(proxy.uri, f"copies-{number}")
            make_study.points(study, 3)
            make_study.results(study)
            set_status(study, "FINISHED")
            copy = StudyDirectory(shutil.copytree(study.path, tmp_path / f"elsewhere-{number}"))
            sending = pool.map_async(send_study, [study, copy], chunksize=1)
            assert [report.failed for report in sending.get(timeout=60)] == [0, 0]
            assert is_there_once(study)
            assert send_study(study).failed == send_study(copy).failed == 0
            assert is_there_once(study)


def test_process_killed_after_it_made_the_parent_leaves_none_running(
    make_study: SimpleNamespace,
    proxy: FaultyProxy,
    is_there_once: Callable[[StudyDirectory], bool],
) -> None:
    study = make_study.unopened(proxy.uri, "killed")
    before = study.description.read_bytes()
    open_study(study)
    study.description.write_bytes(before)  # it had not come to write down what it made
    make_study.points(study, 1)
    make_study.results(study)
    set_status(study, "FINISHED")
    send_study(study)
    assert is_there_once(study)


def test_points_of_a_study_of_an_earlier_version_are_found_and_not_doubled(
    make_study: SimpleNamespace,
    proxy: FaultyProxy,
    server: SimpleNamespace,
    is_there_once: Callable[[StudyDirectory], bool],
) -> None:
    study = make_study.open(proxy.uri, "earlier")
    (point,) = make_study.points(study, 1)
    run_id = send_point(study, point)
    client = connect(server.uri)
    for run in (run_id, make_study.parent_of(study)):
        client.delete_tag(run, "study.id")
    point.tracked.unlink()
    make_study.open(proxy.uri, "earlier")
    make_study.results(study)
    set_status(study, "FINISHED")
    send_study(study)
    assert read_json(point.tracked)["run_id"] == run_id
    assert is_there_once(study)


def test_sweep_does_not_wait_for_a_slow_server_and_says_what_is_unsent(
    proxy: FaultyProxy,
    is_there_once: Callable[[StudyDirectory], bool],
    cache_dir: Path,
    tmp_path: Path,
) -> None:
    environment = {**os.environ, "HSTDRIZ_STUDY_CACHE": str(cache_dir)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "hstdriz_study", *arguments],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip

    proxy.trouble.delay_s = 10.0
    started = time.time()
    done = run(
        "--multirun", "filter=f160w", "drizzle.final_pixfrac=0.6,1.0", "track=server",
        f"track.tracking_uri={proxy.uri}", "track.patience_s=1",
    )  # fmt: skip
    ended = time.time()
    (description,) = tmp_path.glob("hstdriz-runs/*/*/study.json")
    study = StudyDirectory(description.parent)
    points_s = max(point.record.stat().st_mtime for point in study.points()) - started
    assert ended - started < points_s + 1 + 15  # 5 s for what is on its way; choice and report
    assert done.returncode == 1
    assert done.stdout.rstrip().splitlines()[-1].startswith("Report ")
    (last,) = [line for line in done.stderr.splitlines() if "track" in line]
    assert last == (
        "not tracked: 2 of 2 points: the tracking store is slow, it was waited for 1 s "
        f"(track.patience_s); send it later: hstdriz-study send {study}"
    )
    proxy.trouble.delay_s = 0.0
    sent = [run("send", str(study)) for _ in range(2)]
    assert [one.stdout for one in sent] == [
        "sent 2, already there 0, failed 0\n",
        "sent 0, already there 2, failed 0\n",
    ]
    assert is_there_once(study)
