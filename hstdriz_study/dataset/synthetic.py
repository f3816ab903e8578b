"""From a seed to a cached directory of simulated exposures."""

from __future__ import annotations

import logging
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study import __version__
from hstdriz_study.cache import cached, content_key
from hstdriz_study.config import simulated_band
from hstdriz_study.simulate.spec import SyntheticSpec

if TYPE_CHECKING:
    from hstdriz_study.config import StudyConfig

log = logging.getLogger(__name__)

# Raised when the simulator makes other pixels of the same specification.
_RECIPE_VERSION = 2


def synthetic_spec(config: StudyConfig) -> SyntheticSpec:
    """Return the data set that is simulated for a configuration.

    Raises
    ------
    DatasetError
        If a number is out of range.
    """
    return SyntheticSpec(
        seed=config.dataset.seed,
        full_frame=config.dataset.full_frame,
        n_exposures=config.dataset.n_exposures,
        pointing_error_px=config.dataset.pointing_error_px,
    )


def synthetic_directory(config: StudyConfig) -> Path:
    """Return the directory of one filter's synthetic exposures, making it on first use.

    Raises
    ------
    DatasetError
        If the filter is not one that is simulated.
    """
    band, spec = simulated_band(config.filter), synthetic_spec(config)

    def build(directory: Path) -> None:
        # here, because exposures that are there need no simulator
        from hstdriz_study.simulate import generate_filter

        log.info("simulating %s: %d exposures", band.name, spec.n_exposures)
        generate_filter(directory, band, spec)

    parent = Path(config.prepare.cache_dir) / "synthetic"
    key = content_key([_RECIPE_VERSION, band.content(), asdict(spec), __version__])
    return cached(parent, f"{band.name}-{key}", build)
