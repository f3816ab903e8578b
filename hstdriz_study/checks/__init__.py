"""From prepared exposures to what can spoil a choice, and when to warn of it."""

from typing import TYPE_CHECKING

from lazy_loader import attach

from hstdriz_study.checks.settings import CheckLimits
from hstdriz_study.checks.warned import ExposureChecks, check_metrics, check_warnings

if TYPE_CHECKING:
    from hstdriz_study.checks.exposures import check_exposures
else:
    __getattr__, *_ = attach(__name__, submod_attrs={"exposures": ["check_exposures"]})

__all__ = ["CheckLimits", "ExposureChecks", "check_exposures", "check_metrics", "check_warnings"]
