"""Filters that are set up, and their points, as a study does it."""

from __future__ import annotations

import pytest

from hstdriz_study.study.directory.layout import PointDirectory, StudyDirectory
from hstdriz_study.study.run.filter_setup import set_up_filter
from hstdriz_study.study.run.point import PointRunner, StudyPoint


@pytest.fixture(scope="session")
def set_up(compose_config, cache_dir, tmp_path_factory):
    """Set a filter up as a study does; return its configuration and its field."""

    def make(name: str, *overrides: str, study_dir=None):
        config = compose_config(
            f"filter={name}", f"prepare.cache_dir={cache_dir}", "drizzle.final_scale=psf/2",
            "drizzle.final_pixfrac=0.8", *overrides,
        )  # fmt: skip
        study_dir = study_dir or StudyDirectory(tmp_path_factory.mktemp("study"))
        return config, set_up_filter(config, study_dir)

    return make


@pytest.fixture(scope="session")
def record_of():
    """Run one point."""

    def run(config, field, directory):
        point = StudyPoint(0, config, PointDirectory(directory))
        return PointRunner({config.filter.name: field}, {})(point)

    return run


@pytest.fixture(scope="session")
def injected(set_up):
    """Default simulated sets of both detectors with twenty bright artificial stars."""
    return {name: set_up(name, "measure.inject_stars=20") for name in ("f160w", "f814w")}
