"""A sweep whose files were cut off goes on to the same numbers, in one process at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from hstdriz_study.cli.processes import descendants

GRID = (
    "filter=f160w", "drizzle.final_scale=0.09,0.08", "drizzle.final_pixfrac=0.7",
    "hydra.sweep.dir=hstdriz-runs/mine/one",
)  # fmt: skip


def cut(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def values(outcome):
    return {
        record.key: {name: (metric.value, metric.err) for name, metric in record.metrics.items()}
        for record in outcome.records
    }


def test_cut_off_files_cost_their_point_and_nothing_else(program, tmp_path):
    first = program(tmp_path, *GRID)
    assert first.code == 0, first.stderr
    measured = values(first)
    points = first.study_dir / "points"
    cut(points / "0" / "record.json")
    cut(points / "1" / "replicates.npz")
    cut(first.study_dir / "plan.json")
    cut(first.study_dir / "study.json")
    report = program(tmp_path, "report", "hstdriz-runs/mine/one")
    assert report.code == 2
    assert "start the study again in its directory" in report.stderr
    again = program(tmp_path, *GRID)
    assert again.code == 0, again.stderr
    assert values(again) == measured
    assert "record.json: cannot be read, kept as record.json.damaged" in again.stderr
    assert (points / "1" / "replicates.npz.damaged").is_file()


def test_a_second_process_in_the_same_directory_is_refused_and_the_first_one_ends_well(
    program, tmp_path, cache_dir
):
    command = [
        sys.executable, "-m", "hstdriz_study", *GRID,
        f"track.tracking_uri=sqlite:///{cache_dir}/mlflow.db",
    ]  # fmt: skip
    environment = {**os.environ, "HSTDRIZ_STUDY_CACHE": str(cache_dir)}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as first:  # fmt: skip
        study = tmp_path / "hstdriz-runs/mine/one"
        deadline = time.monotonic() + 300
        lock = study / ".driver.lock"
        while not (lock.exists() and lock.read_text()):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        os.killpg(first.pid, signal.SIGSTOP)  # as long as it takes
        at_work = descendants(first.pid)
        second = program(tmp_path, *GRID)
        os.killpg(first.pid, signal.SIGCONT)
        first.communicate(timeout=600)
    assert second.code == 2
    assert any(f"process {pid} on " in second.stderr for pid in at_work), second.stderr
    assert "is at work on this study" in second.stderr
    assert first.returncode == 0
    assert len(program(tmp_path, "report", str(study)).records) == 2
