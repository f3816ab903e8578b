"""A tracked field: in the record of a point, filled where the point is run, sent to MLflow."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from hstdriz_study.study.track.client import connect

pytestmark = pytest.mark.endtoend

KEPT = Path(__file__).parents[1] / "kept" / "a23d761"


def follow(checkout) -> None:
    checkout.add(
        "hstdriz_study/contracts/records.py",
        "    n_exposures: int | None = None",
        after="    entries: dict[str, MetricEntry] = field(default_factory=dict)",
    )
    checkout.add(
        "hstdriz_study/study/run/point.py",
        "            n_exposures=len(field.prepared.exposures),",
        after="            entries=measured.entries,",
    )
    checkout.replace(
        "hstdriz_study/study/track/payload.py",
        "    if record.error is not None:\n",
        "    if record.n_exposures is not None:\n"
        '        tags["study.n_exposures"] = str(record.n_exposures)\n'
        "    if record.error is not None:\n",
    )


def tags_in_store(study_dir, key):
    """Return the tags that MLflow has of a point."""
    tracking = json.loads((study_dir / "study.json").read_text())["tracking"]
    found = connect(tracking["tracking_uri"]).search_runs(
        [tracking["experiment_id"]], f"tags.`study.key` = '{key}'"
    )
    return found[0].data.tags


def test_a_tracked_field_is_in_the_record_and_in_mlflow(checkout, keeps_to_its_recipe):
    follow(checkout)
    done = checkout.study(
        "filter=f160w", "drizzle.final_scale=native", "drizzle.final_pixfrac=0.8,1.0",
        "dataset.n_exposures=3",
    )  # fmt: skip
    assert done.code == 0, done.stderr
    records = [json.loads(path.read_text()) for path in done.study_dir.glob("points/*/record.json")]
    assert [record["n_exposures"] for record in records] == [3, 3]
    for record in records:
        assert tags_in_store(done.study_dir, record["key"])["study.n_exposures"] == "3"
    keeps_to_its_recipe(checkout, "a tracked field")
    checkout.lint()


def test_a_study_without_the_field_is_still_opened(checkout):
    follow(checkout)
    study = shutil.copytree(KEPT, checkout.work / "kept")
    done = checkout.program("rules", str(study))
    assert done.returncode == 0, done.stderr
    assert '0.03503", 0.6' in done.stdout
