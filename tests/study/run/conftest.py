"""A field that is set up once, and records of points of it whose metrics follow a smooth law."""

from __future__ import annotations

import math
import shutil
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from hstdriz_study.contracts import Metric, PointRecord
from hstdriz_study.study.config import drizzle_settings
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.directory.record import write_record
from hstdriz_study.study.run.filter_setup import set_up_filter
from hstdriz_study.study.run.identity import pixels_per_psf
from hstdriz_study.study.run.point_key import point_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.field import Field, FieldSetup
    from hstdriz_study.study.config import StudyConfig

NATIVE_ARCSEC = 0.128
COMMON = np.random.default_rng(1).normal(size=(3, 24))


def metrics_at(scale: float, pixfrac: float) -> dict[str, Metric]:
    """Width and depth grow with drop and pixel, weights flatten; errors are mostly in common."""
    drop_arcsec = NATIVE_ARCSEC * pixfrac
    factors = 1 + 0.02 * COMMON
    fwhm = math.sqrt(0.14**2 + 0.35 * drop_arcsec**2 + 0.12 * scale**2)
    replicates = np.sqrt(
        0.14**2 + 0.35 * factors[0] * drop_arcsec**2 + 0.12 * factors[1] * scale**2
    ) * (1 + 0.01 * COMMON[2])
    rms = 0.03 + 0.9 * math.exp(-drop_arcsec / scale / 0.35)
    depth = 26 + 0.1 * pixfrac
    return {
        "psf/fwhm_arcsec": Metric(fwhm, 0.01 * fwhm, "arcsec", replicates),
        "psf/pixels_per_fwhm": Metric(fwhm / scale, 0.0, "pix"),
        "weight/rms_over_median": Metric(rms, 1e-4),
        "weight/hole_fraction": Metric(0.0, 0.0),
        "noise/depth_abmag": Metric(depth, 0.01, "mag(AB)", depth + 0.01 * COMMON[2]),
    }


@dataclass(frozen=True)
class FieldOfTwo:
    """Two simulated exposures of F160W, prepared, and a study that has them."""

    shipped: StudyConfig
    study_dir: StudyDirectory
    field: Field

    @property
    def setup(self) -> FieldSetup:
        return self.field.setup

    def point(self, scale: Any, pixfrac: float | None, **rooms: dict[str, Any]) -> StudyConfig:
        """Return the configuration of a point; other rooms change as given."""
        asked = {"final_scale": scale, "final_pixfrac": pixfrac} | rooms.pop("drizzle", {})
        rooms = {"drizzle": asked} | rooms
        return replace(
            self.shipped,
            **{name: replace(getattr(self.shipped, name), **one) for name, one in rooms.items()},
        )

    def record(self, config: StudyConfig, **changes: Any) -> PointRecord:
        """Return the record of a point that was measured."""
        settings = drizzle_settings(config)
        record = PointRecord(
            key=point_key(config, settings, self.setup),
            status="FINISHED",
            filter=config.filter.name,
            settings=settings,
            final_scale_asked=config.drizzle.final_scale,
            pixels_per_psf=pixels_per_psf(config, settings),
            metrics=metrics_at(settings.final_scale_arcsec, settings.final_pixfrac),
            provenance={"config": asdict(config)},
        )
        return replace(record, **changes)


@pytest.fixture(scope="session")
def field_of_two(compose_config, cache_dir, tmp_path_factory) -> FieldOfTwo:
    """Set up a filter in a study without points."""
    config = compose_config(
        "filter=f160w", "dataset=synthetic", "dataset.n_exposures=2",
        f"prepare.cache_dir={cache_dir}", "choose.min_pixels_per_fwhm=1",
    )  # fmt: skip
    study_dir = StudyDirectory(tmp_path_factory.mktemp("study"))
    return FieldOfTwo(config, study_dir, set_up_filter(config, study_dir))


@pytest.fixture
def study_dir(field_of_two, tmp_path) -> StudyDirectory:
    """Return a copy of that study which a test may change."""
    return StudyDirectory(shutil.copytree(field_of_two.study_dir.path, tmp_path / "study"))


@pytest.fixture
def leave(study_dir) -> Callable[[int, PointRecord], None]:
    """Write a record into that copy."""

    def written(number: int, record: PointRecord) -> None:
        write_record(record, study_dir.point(number))

    return written
