"""A configuration that takes simulated exposures for a user's own."""

import pytest


@pytest.fixture
def own_f160w(compose_config, sound_f160w):
    """Return a configuration of a user's own exposures, and the exposures to copy."""
    config = compose_config("filter=f160w", "dataset=local", f"dataset.path={sound_f160w}")
    config.filter.iref = str(sound_f160w / "ref")
    return config, sorted(sound_f160w.glob("*_flt.fits"))
