"""From the native-scale product to the sky regions where a study measures."""

from typing import TYPE_CHECKING

from lazy_loader import attach

if TYPE_CHECKING:
    from hstdriz_study.measure.regions.build import build_regions
else:
    __getattr__, *_ = attach(__name__, submod_attrs={"build": ["build_regions"]})

__all__ = ["build_regions"]
