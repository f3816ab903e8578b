"""From a seed to a cached directory of simulated exposures."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import TYPE_CHECKING

from hstdriz_study.keys import Code, StageKey, cached_stage, stage_key

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.dataset.settings import SyntheticSource

log = logging.getLogger(__name__)

SIMULATING = Code(
    "simulating",
    roots=("hstdriz_study.simulate.generate:generate_filter",),
    libraries=("astropy", "numpy", "scipy", "stwcs"),
)


def synthetic_directory(source: SyntheticSource) -> Path:
    """Return the directory of one filter's synthetic exposures, making it on first use."""
    band, spec = source.band, source.spec

    def build(directory: Path) -> None:
        # here, because exposures that are there need no simulator
        from hstdriz_study.simulate import generate_filter

        log.info("simulating %s: %d exposures", band.name, spec.n_exposures)
        generate_filter(directory, band, spec)

    parent = source.cache_dir / "synthetic"
    needed = ("hstdriz_study.simulate.generate",)
    return cached_stage(parent, band.name, simulated_stage(source), build, imports=needed)


def simulated_stage(source: SyntheticSource) -> StageKey:
    """Return what determines the pixels of one filter's synthetic exposures."""
    return stage_key(
        [SIMULATING],
        source.cache_dir,
        inputs={},
        options={"band": source.band.content(), "spec": asdict(source.spec)},
    )
