"""The same rows for the same points, to the last digit, however a study is run."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess

import pytest
from astropy.table import QTable

pytestmark = pytest.mark.endtoend

POINTS = ("filter=f160w", "drizzle.final_scale=psf/2,native", "drizzle.final_pixfrac=0.6,1.0")
SUBSET = ("filter=f160w", "drizzle.final_scale=native", "drizzle.final_pixfrac=1.0")
JOBLIB = ("hydra/launcher=joblib", "hydra.sweeper.points_per_job=2", "workers=1")
SLURM = (
    "hydra/launcher=submitit_slurm", "hydra.sweeper.points_per_job=2",
    "hydra.launcher.timeout_min=10", "hydra.launcher.cpus_per_task=1",
)  # fmt: skip


def rows(outcome) -> dict[tuple[str, str, str], str]:
    """Return the lines of ``points.ecsv`` as they are written, by point."""
    assert outcome.code == 0, outcome.stderr
    path = outcome.study_dir / "points.ecsv"
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    table = QTable.read(path)
    names = zip(
        table["filter"], map(str, table["final_scale_arcsec"]), map(str, table["final_pixfrac"]),
        strict=True,
    )  # fmt: skip
    return dict(zip(names, lines[1:], strict=True))


@pytest.fixture(scope="module")
def reference(program, tmp_path_factory):
    """Rows of one process."""
    return rows(program(tmp_path_factory.mktemp("one"), *POINTS, "workers=1"))


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(("workers=2",), id="two processes"),
        pytest.param(JOBLIB, id="joblib"),
        pytest.param(("refine.enabled=true", "refine.max_points=2"), id="refined"),
    ],
)
def test_points_are_the_same_however_they_are_run(program, tmp_path, reference, how):
    assert reference.items() <= rows(program(tmp_path, *POINTS, *how)).items()


def test_points_are_the_same_in_slurm_jobs(program, tmp_path, reference):
    if importlib.util.find_spec("hydra_plugins.hydra_submitit_launcher") is None:
        pytest.skip("hydra-submitit-launcher is not installed")
    if shutil.which("sinfo") is None:
        pytest.skip("SLURM (sinfo, sbatch) is not installed")
    if subprocess.run(["sinfo"], capture_output=True, check=False).returncode:
        pytest.skip("no SLURM controller answers")
    assert rows(program(tmp_path, *POINTS, *SLURM)) == reference


def test_points_are_the_same_in_a_cold_cache_and_when_a_part_was_run_before(
    program, tmp_path, reference
):
    cold = f"prepare.cache_dir={tmp_path}/cache"
    part = program(tmp_path, *SUBSET, cold)
    (row,) = rows(part).items()
    assert row in reference.items()
    program(tmp_path, *POINTS, cold, f"hydra.sweep.dir={part.study_dir}")
    assert rows(part) == reference
