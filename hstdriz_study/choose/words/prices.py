"""What a point costs against another, in sentences."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from hstdriz_study.choose.words.numbers import joined, with_error

if TYPE_CHECKING:
    from hstdriz_study.choose.prices import Price
    from hstdriz_study.contracts import Metric


def price_said(price: Price) -> str:
    """Say what a point has that another has not; what is the same, or not known, is left out.

    Of a point that is wider, deeper and larger: ``a FWHM 1.5 ± 0.2 % larger, a depth 0.012 ±
    0.003 mag deeper and 2.3 times the pixels``.
    """
    growth, loss, change = price.fwhm_growth, price.depth_loss_mag, price.rms_over_median_change
    said = [
        _differs(growth)
        and f"a FWHM {percent_with_error(_size(growth))} {_sign(growth, 'larger', 'smaller')}",
        _differs(loss)
        and f"a depth {with_error(_size(loss))} mag {_sign(loss, 'shallower', 'deeper')}",
        _differs(change)
        and f"an RMS/median {with_error(_size(change))} {_sign(change, 'larger', 'smaller')}",
        price.size_ratio != 1.0 and f"{price.size_ratio:.2g} times the pixels",
    ]
    return joined([one for one in said if one]) or "nothing that differs"


def earlier_said(price: Price) -> str:
    """Say which point an earlier version of the rule would have taken, and how it differs."""
    return (
        f"An earlier version of this rule would have taken {price.point.label}: against the "
        f"chosen point, {price_said(price)}."
    )


def percent_with_error(metric: Metric) -> str:
    """Write a fraction in percent with its error; a dash where it is not known."""
    if not math.isfinite(metric.value):
        return "-"
    said = f"{100 * metric.value:.1f}"
    return f"{said} ± {100 * metric.err:.1f} %" if math.isfinite(metric.err) else f"{said} %"


def _size(metric: Metric) -> Metric:
    return replace(metric, value=abs(metric.value))


def _sign(metric: Metric, above: str, below: str) -> str:
    return above if metric.value > 0 else below


def _differs(metric: Metric) -> bool:
    return math.isfinite(metric.value) and metric.value != 0
