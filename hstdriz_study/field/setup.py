"""What is drizzled and measured at every point of a field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

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
    injected : `~hstdriz_study.contracts.PreparedFilter` or None
        Copies of the exposures with artificial stars, where there are some.
    """

    prepared: PreparedFilter
    regions: StudyRegions
    reference_dirs: Mapping[str, Path]
    injected: PreparedFilter | None = None

    def of_stars(self, stars: Table, exposures: PreparedFilter) -> FieldSetup:
        """Return a setup in which nothing is measured but stars, on exposures that hold them."""
        nowhere = np.empty((0, 2))
        regions = replace(self.regions, stars=stars, sky_boxes=nowhere, weight_boxes=nowhere)
        return replace(self, prepared=exposures, regions=regions, injected=None)
