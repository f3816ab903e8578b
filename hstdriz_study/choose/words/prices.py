"""What a point costs against another, in sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hstdriz_study.choose.words.numbers import joined, with_error

if TYPE_CHECKING:
    from hstdriz_study.choose.prices import Price
    from hstdriz_study.contracts import Metric


def price_said(price: Price) -> str:
    """Say what a point costs: what is the same, or not known, is left out.

    Examples
    --------
    A point that is wider, shallower and larger has ``a FWHM 1.5 ± 0.2 % wider, a depth 0.012 ±
    0.003 mag shallower and 2.3 times the pixels``.
    """
    said = [
        _differs(price.fwhm_growth) and f"a FWHM {percent_with_error(price.fwhm_growth)} wider",
        _differs(price.depth_loss_mag)
        and f"a depth {with_error(price.depth_loss_mag)} mag shallower",
        _differs(price.rms_over_median_change)
        and f"RMS/median larger by {with_error(price.rms_over_median_change)}",
        price.size_ratio != 1.0 and f"{price.size_ratio:.2g} times the pixels",
    ]
    return joined([one for one in said if one]) or "nothing that differs"


def percent_with_error(metric: Metric) -> str:
    """Write a fraction in percent with its error; a dash where it is not known."""
    if not math.isfinite(metric.value):
        return "-"
    said = f"{100 * metric.value:.1f}"
    return f"{said} ± {100 * metric.err:.1f} %" if math.isfinite(metric.err) else f"{said} %"


def _differs(metric: Metric) -> bool:
    return math.isfinite(metric.value) and metric.value != 0
