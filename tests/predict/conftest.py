from __future__ import annotations

from types import SimpleNamespace

import pytest

from hstdriz_study.contracts import DrizzleSettings
from hstdriz_study.field import Field
from hstdriz_study.predict import CosmicRayAllowance, sketch_filter
from hstdriz_study.study.config import field_options


@pytest.fixture(scope="session")
def exposures_of(compose_config, cache_dir):
    """Synthetic exposures of a filter as they are, with their configuration."""

    def load(name: str, *overrides: str) -> SimpleNamespace:
        config = compose_config(f"filter={name}", f"prepare.cache_dir={cache_dir}", *overrides)
        field = Field(field_options(config))
        return SimpleNamespace(config=config, field=field, found=field.exposures)

    return load


@pytest.fixture(scope="session")
def prepared_of(exposures_of):
    """The same, prepared."""

    def prepare(name: str, *overrides: str) -> SimpleNamespace:
        item = exposures_of(name, *overrides)
        item.prepared = item.field.prepared
        return item

    return prepare


@pytest.fixture
def sketched(tmp_path_factory):
    """The same, sketched; by default with the shipped allowance for cosmic rays."""

    def sketch(item: SimpleNamespace, pixel_fraction_per_1000s: float | None = None):
        rate = item.config.filter.cosmic_ray_rate
        fraction = pixel_fraction_per_1000s
        if fraction is None:
            fraction = rate.pixel_fraction_per_1000s
        allowance = CosmicRayAllowance(fraction, rate.pixels_per_hit)
        directory = tmp_path_factory.mktemp("sketch")
        return sketch_filter(
            item.found, allowance, directory, item.field.options.prepare,
            seed=item.config.predict.seed,
        )  # fmt: skip

    return sketch


@pytest.fixture(scope="session")
def points_of():
    """Settings at scales given in native pixels, for every pixfrac given."""

    def make(config, scales_px=(0.5, 0.65, 1.0), pixfracs=(0.1, 0.4, 0.8)) -> list[DrizzleSettings]:
        native = config.filter.native_scale_arcsec
        return [
            DrizzleSettings(
                final_scale_arcsec=native * scale, final_pixfrac=pixfrac, final_kernel="square",
                final_wht_type="EXP", final_rot=0.0, final_refimage=None,
                final_bits=config.drizzle.final_bits,
            )
            for scale in scales_px for pixfrac in pixfracs
        ]  # fmt: skip

    return make
