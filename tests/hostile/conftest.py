"""Sound exposures to spoil, and a configuration that takes them for a user's own."""

import pytest

from hstdriz_study.dataset import synthetic_directory
from hstdriz_study.study.config import synthetic_source


@pytest.fixture(scope="session")
def sound_f160w(compose_config, cache_dir):
    """Return a directory of simulated exposures, made once."""
    config = compose_config("filter=f160w", "dataset=synthetic")
    config.prepare.cache_dir = str(cache_dir)
    return synthetic_directory(synthetic_source(config))


@pytest.fixture
def own_f160w(compose_config, sound_f160w):
    """Return a configuration of a user's own exposures, and the exposures to copy."""
    config = compose_config("filter=f160w", "dataset=local", f"dataset.path={sound_f160w}")
    config.filter.iref = str(sound_f160w / "ref")
    return config, sorted(sound_f160w.glob("*_flt.fits"))
