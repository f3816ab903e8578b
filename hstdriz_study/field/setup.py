"""What is drizzled and measured at every point of a field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hstdriz_study.cache import content_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from astropy.table import Table

    from hstdriz_study.contracts import PreparedFilter, StudyRegions


@dataclass(frozen=True)
class FieldSetup:
    """Where every point of a field starts from.

    Attributes
    ----------
    prepared : `~hstdriz_study.contracts.PreparedFilter`
    regions : `~hstdriz_study.contracts.StudyRegions`
    reference_dirs : mapping of str to `~pathlib.Path`
        Directories of calibration files by ``jref`` and ``iref``.
    stages : dict of str to dict
        The parts of the keys of what is cached: ``prepared``, ``regions`` and ``injected``.
    injected : `~hstdriz_study.contracts.PreparedFilter` or None
        Copies of the exposures with artificial stars, where there are some.
    """

    prepared: PreparedFilter
    regions: StudyRegions
    reference_dirs: Mapping[str, Path]
    stages: dict[str, dict[str, Any]]
    injected: PreparedFilter | None = None

    @property
    def regions_key(self) -> str:
        """Key of the stars and boxes."""
        return content_key(self.stages["regions"])


def of_stars(setup: FieldSetup, stars: Table, exposures: PreparedFilter) -> FieldSetup:
    """Return a setup in which nothing is measured but stars, on exposures that hold them."""
    nowhere = np.empty((0, 2))
    regions = replace(setup.regions, stars=stars, sky_boxes=nowhere, weight_boxes=nowhere)
    return replace(setup, prepared=exposures, regions=regions, injected=None)
