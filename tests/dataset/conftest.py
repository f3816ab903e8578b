import pytest

from hstdriz_study.dataset import dataset_warnings, load_exposures
from hstdriz_study.study.config import dataset_settings


@pytest.fixture
def f814w(compose_config):
    return compose_config("filter=f814w").filter


@pytest.fixture
def warned(compose_config):
    """Load a directory; return what is warned of it."""

    def load(directory, *exclude, accept=(), updatewcs=True):
        config = compose_config("dataset=local", f"dataset.path={directory}", "filter=f814w")
        config.dataset.exclude = list(exclude)
        config.checks.accept = list(accept)
        config.prepare.updatewcs = updatewcs
        asked = dataset_settings(config)
        return dataset_warnings(asked, load_exposures(asked))

    return load
