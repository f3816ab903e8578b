"""From prepared exposures to what can spoil a choice, and when to warn of it."""

from typing import TYPE_CHECKING

from lazy_loader import attach

from hstdriz_study.checks.settings import CheckLimits
from hstdriz_study.checks.warned import ExposureChecks, check_metrics, check_warnings

if TYPE_CHECKING:
    from hstdriz_study.checks.belonging import misalignment_arcsec, wrong_side_by_side
    from hstdriz_study.checks.exposures import check_exposures
    from hstdriz_study.checks.lacking import lacking_in_combination
    from hstdriz_study.checks.levels import ChipLevel, levels_of
    from hstdriz_study.checks.odd_levels import wrong_levels
    from hstdriz_study.checks.seen import SideBySide
    from hstdriz_study.checks.side_by_side import side_by_side
else:
    __getattr__, *_ = attach(
        __name__,
        submod_attrs={
            "belonging": ["misalignment_arcsec", "wrong_side_by_side"],
            "exposures": ["check_exposures"],
            "lacking": ["lacking_in_combination"],
            "levels": ["ChipLevel", "levels_of"],
            "odd_levels": ["wrong_levels"],
            "seen": ["SideBySide"],
            "side_by_side": ["side_by_side"],
        },
    )

__all__ = [
    "CheckLimits",
    "ChipLevel",
    "ExposureChecks",
    "SideBySide",
    "check_exposures",
    "check_metrics",
    "check_warnings",
    "lacking_in_combination",
    "levels_of",
    "misalignment_arcsec",
    "side_by_side",
    "wrong_levels",
    "wrong_side_by_side",
]
