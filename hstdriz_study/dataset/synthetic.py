"""From a seed to a cached directory of simulated exposures."""

from __future__ import annotations

import logging
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study import __version__
from hstdriz_study.cache import cached, content_key
from hstdriz_study.errors import DatasetError
from hstdriz_study.simulate import SyntheticSpec, generate_filter

if TYPE_CHECKING:
    from hstdriz_study.config import StudyConfig

log = logging.getLogger(__name__)


def synthetic_directory(config: StudyConfig) -> Path:
    """Return the directory of one filter's synthetic exposures, making it on first use.

    Raises
    ------
    DatasetError
        If the filter is not one that is simulated.
    """
    name = config.filter.name
    spec = SyntheticSpec(
        seed=config.dataset.seed,
        full_frame=config.dataset.full_frame,
        n_exposures=config.dataset.n_exposures,
        pointing_error_px=config.dataset.pointing_error_px,
    )

    def build(directory: Path) -> None:
        log.info("simulating %s: %d exposures", name, spec.n_exposures)
        try:
            generate_filter(directory, name, spec)
        except (KeyError, ValueError) as error:
            raise DatasetError(f"filter={name}: cannot be simulated ({error})") from error

    parent = Path(config.prepare.cache_dir).expanduser() / "synthetic"
    return cached(parent, f"{name}-{content_key([name, asdict(spec), __version__])}", build)
