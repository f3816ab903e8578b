"""From a seed to a cached directory of simulated exposures."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import TYPE_CHECKING

from hstdriz_study import __version__
from hstdriz_study.cache import cached, content_key

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.dataset.settings import SyntheticSource

log = logging.getLogger(__name__)

# Raised when the simulator makes other pixels of the same specification.
_RECIPE_VERSION = 2


def synthetic_directory(source: SyntheticSource) -> Path:
    """Return the directory of one filter's synthetic exposures, making it on first use."""
    band, spec = source.band, source.spec

    def build(directory: Path) -> None:
        # here, because exposures that are there need no simulator
        from hstdriz_study.simulate import generate_filter

        log.info("simulating %s: %d exposures", band.name, spec.n_exposures)
        generate_filter(directory, band, spec)

    key = content_key([_RECIPE_VERSION, band.content(), asdict(spec), __version__])
    return cached(source.cache_dir / "synthetic", f"{band.name}-{key}", build)
