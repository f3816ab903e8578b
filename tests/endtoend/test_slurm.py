"""A sweep as the jobs of a real SLURM cluster."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import time

import mlflow
import pytest

pytestmark = [pytest.mark.endtoend, pytest.mark.slurm]


@pytest.fixture(scope="module")
def slurm() -> None:
    if importlib.util.find_spec("hydra_plugins.hydra_submitit_launcher") is None:
        pytest.skip("hydra-submitit-launcher is not installed")
    if shutil.which("sinfo") is None:
        pytest.skip("SLURM (sinfo, sbatch) is not installed")
    answer = subprocess.run(
        ["sinfo", "--noheader", "--format", "%T"], capture_output=True, text=True, check=False
    )
    if not {"idle", "mixed", "allocated"} & set(answer.stdout.split()):
        pytest.skip(f"no SLURM node is up: {answer.stdout}{answer.stderr}")


@pytest.mark.usefixtures("slurm")
def test_jobs_of_several_points_land_under_one_parent_run(program, tmp_path):
    ended = program(
        tmp_path,
        "--multirun", "hydra/launcher=submitit_slurm", "hydra.sweeper.points_per_job=2",
        "hydra.launcher.timeout_min=10", "hydra.launcher.cpus_per_task=1", "filter=f160w",
        "drizzle.final_scale=psf/2", "drizzle.final_pixfrac=0.6,0.8,1.0",
    )  # fmt: skip
    assert ended.code == 0, ended.stderr
    assert [record.status for record in ended.records] == ["FINISHED"] * 3
    submitted = list((ended.study_dir / ".submitit").glob("*/*_submitted.pkl"))
    assert len(submitted) == 2
    tracking = json.loads((ended.study_dir / "study.json").read_text())["tracking"]
    client = mlflow.MlflowClient(tracking_uri=tracking["tracking_uri"])
    of_study = f"tags.`mlflow.parentRunId` = '{tracking['parent_run_id']}'"
    children = client.search_runs(
        [tracking["experiment_id"]], f"{of_study} and tags.`study.kind` = 'point'"
    )
    assert [child.info.status for child in children] == ["FINISHED"] * 3
    assert _ends(*(path.name.removesuffix("_submitted.pkl") for path in submitted))


def _ends(*jobs: str) -> bool:
    """Tell whether jobs leave the queue soon."""
    asked = ["squeue", "--noheader", "--jobs", ",".join(jobs)]
    for _ in range(60):
        left = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
        if not left:
            return True
        time.sleep(0.5)
    return False
