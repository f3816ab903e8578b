"""A visit of WFPC2, and what is made of it and said of it."""

from __future__ import annotations

import pytest

from hstdriz_study.dataset import dataset_warnings, load_exposures
from hstdriz_study.study.config import dataset_settings
from tests.dataset.wfpc2.files import write_c0m


@pytest.fixture
def settings(compose_config, tmp_path):
    def compose(directory, name, *exclude):
        config = compose_config("dataset=local", f"dataset.path={directory}", f"filter={name}")
        config.dataset.exclude = list(exclude)
        config.prepare.cache_dir = str(tmp_path / "cache")
        return dataset_settings(config)

    return compose


@pytest.fixture
def loaded(settings):
    return lambda *asked: load_exposures(settings(*asked))


@pytest.fixture
def warned(settings):
    def load(*asked):
        wanted = settings(*asked)
        return dataset_warnings(wanted, load_exposures(wanted))

    return load


@pytest.fixture
def visit(tmp_path):
    directory = tmp_path / "data"
    directory.mkdir()
    for root in ("u40x0101m", "u40x0102m", "u40x0103m"):
        write_c0m(directory, root)
    return directory
