"""From the native-scale product to the sky regions where a study measures."""

from hstdriz_study.foreign import without_package_survey

with without_package_survey():  # before any module here imports photutils
    from hstdriz_study.measure.regions.build import build_regions

__all__ = ["build_regions"]
