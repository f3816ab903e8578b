"""From prepared exposures to what can spoil a choice, and when to warn of it."""

from typing import TYPE_CHECKING

from hstdriz_study.checks.settings import CheckLimits
from hstdriz_study.checks.warned import ExposureChecks, check_metrics, check_warnings
from hstdriz_study.lazy import lazily

if TYPE_CHECKING:
    from hstdriz_study.checks.exposures import check_exposures
else:
    __getattr__ = lazily(__name__, {"check_exposures": "exposures"})

__all__ = ["CheckLimits", "ExposureChecks", "check_exposures", "check_metrics", "check_warnings"]
