"""A sweep of nine points tells what is foretold between them, and keeps it without its cache."""

import json
import shutil

import pytest

from hstdriz_study.contracts.metric_table import RMS_OVER_MEDIAN

pytestmark = pytest.mark.endtoend

SWEEP = (
    "--multirun", "name=nine", "filter=f160w", "drizzle.final_scale=0.0648,0.072,0.08",
    "drizzle.final_pixfrac=0.4,0.6,0.8", "measure.grid_phases=1",
)  # fmt: skip


def test_places_between_the_points_are_foretold_and_stay(program, tmp_path):
    cache = tmp_path / "cache"
    swept = program(tmp_path, *SWEEP, f"prepare.cache_dir={cache}")
    assert swept.code == 0, swept.stderr
    stored = swept.study_dir / "filters" / "f160w" / "between.json"
    places = json.loads(stored.read_text())["places"]
    assert places
    measured = [record.metrics[RMS_OVER_MEDIAN.name].value for record in swept.records]
    for place in places:
        assert 0.5 * min(measured) < place["rms_over_median"] < 2 * max(measured)
        assert 0.16 < place["fwhm"]["value"] < 0.19
        assert 0 < place["fwhm"]["err"] < 0.004
    report = swept.study_dir / "report.md"
    assert "### Between the points" in report.read_text()
    shutil.rmtree(cache)
    again = program(tmp_path, "report", str(swept.study_dir))
    assert again.code == 0, again.stderr
    assert "### Between the points" in report.read_text()
    stored.unlink()
    gone = program(tmp_path, "report", str(swept.study_dir))
    assert gone.code == 0, gone.stderr
    assert "### Between the points" not in report.read_text()
