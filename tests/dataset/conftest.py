"""Headers of exposures, written as a test asks, and what is warned of them."""

import pytest

from hstdriz_study.dataset import dataset_warnings, load_exposures
from hstdriz_study.study.config import dataset_settings
from tests.dataset import exposure_files


@pytest.fixture(scope="session")
def write_exposure():
    """Write the headers of an exposure; return its path."""
    return exposure_files.write_exposure


@pytest.fixture
def two_exposures(tmp_path, write_exposure):
    """Write two exposures of a filter; return their paths."""
    names = ("j8xi00o1q_flc.fits", "j8xi00o2q_flc.fits")
    return lambda: [write_exposure(tmp_path / name) for name in names]


@pytest.fixture
def f814w(compose_config):
    return compose_config("filter=f814w").filter


@pytest.fixture
def warned(compose_config):
    """Load a directory; return what is warned of it."""

    def load(directory, *exclude, accept=(), wcs="updatewcs"):
        config = compose_config("dataset=local", f"dataset.path={directory}", "filter=f814w")
        config.dataset.exclude = list(exclude)
        config.checks.accept = list(accept)
        config.prepare.wcs = wcs
        asked = dataset_settings(config)
        return dataset_warnings(asked, load_exposures(asked))

    return load
