"""What is imported before the first point of a study whose exposures are prepared."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata

import pytest

from hstdriz_study import measure, simulate, study
from hstdriz_study.foreign import without_package_survey
from hstdriz_study.study import report

BEFORE_THE_FIRST_POINT = """
import sys
from omegaconf import OmegaConf
from hstdriz_study.conf_files import conf_directory
from hstdriz_study.measure import resolve_metrics
from hstdriz_study.study import run_points, start_study
resolve_metrics(OmegaConf.load(conf_directory() / "measure" / "default.yaml").metrics)
print(*sys.modules)
"""
# Needed to prepare, to send or to report; seconds in all.
FOR_LATER = {
    "drizzlepac.astrodrizzle",
    "hstdriz_study.simulate.generate",
    "matplotlib.figure",
    "mlflow",
    "photutils.detection",
    "photutils.segmentation",
    "plotly",
    "scipy.stats",
    "shapely",
    "stwcs",
}


def test_the_first_point_waits_for_nothing_that_it_does_not_need() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BEFORE_THE_FIRST_POINT], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "hstdriz_study.measure.noise" in loaded
    assert not FOR_LATER & loaded


@pytest.mark.parametrize("package", [measure, report, simulate, study])
def test_every_name_that_a_package_offers_is_there(package: object) -> None:
    assert all(hasattr(package, name) for name in package.__all__)  # type: ignore[attr-defined]
    assert not hasattr(package, "no_such_name")


def test_the_survey_of_packages_is_left_out_for_one_import_only() -> None:
    survey = metadata.packages_distributions
    with without_package_survey():
        assert metadata.packages_distributions() == {}
    assert metadata.packages_distributions is survey
