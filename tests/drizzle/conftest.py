from __future__ import annotations

from types import SimpleNamespace

import pytest

from hstdriz_study.config import dataset_settings, prepare_settings
from hstdriz_study.dataset import load_exposures
from hstdriz_study.prepare import prepare_filter


@pytest.fixture(scope="session")
def prepared_set(compose_config, cache_dir):
    """Synthetic exposures of a filter, prepared, with their configuration."""

    def prepare(name: str, *overrides: str) -> SimpleNamespace:
        config = compose_config(
            f"filter={name}", f"prepare.cache_dir={cache_dir}", "drizzle.final_scale=psf/2",
            "drizzle.final_pixfrac=0.6", *overrides,
        )  # fmt: skip
        found = load_exposures(dataset_settings(config))
        return SimpleNamespace(
            config=config, found=found, prepared=prepare_filter(prepare_settings(config), found)
        )

    return prepare
