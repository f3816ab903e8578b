"""The exposures of a filter as one image at the detector's own scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.config import native_settings
from hstdriz_study.drizzle import drizzle_frame, weighting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hstdriz_study.config import StudyConfig
    from hstdriz_study.contracts import Drizzled, PreparedFilter


def native_product(
    config: StudyConfig, prepared: PreparedFilter, reference_dirs: Mapping[str, Path]
) -> Drizzled:
    """Drizzle the product at the detector's own scale."""
    native = native_settings(config)
    weights = weighting(prepared, native, reference_dirs=reference_dirs)
    return drizzle_frame(prepared, native, weights)
