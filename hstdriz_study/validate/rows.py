"""One row of the validation: a claim, what was measured, what is allowed and why."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A claim that passes or fails.

    Attributes
    ----------
    family : str
        The check it belongs to.
    claim : str
        What is claimed, in words.
    measured : float
        NaN when it could not be measured, which never passes.
    expected : float
        NaN for a claim that only has a limit.
    low, high : float
        What is allowed; infinite on the side that is open.
    reason : str
        Why so much is allowed, and not more.
    source : str
        Where the expected value comes from.
    unit : str
        Of measured, expected and the limits.
    """

    family: str
    claim: str
    measured: float
    expected: float
    low: float
    high: float
    reason: str
    source: str
    unit: str = ""

    @property
    def passed(self) -> bool:
        """Whether the measured value is allowed."""
        return self.low <= self.measured <= self.high


@dataclass(frozen=True)
class Claims:
    """Makes the rows of one family that share a source.

    Attributes
    ----------
    family, source : str
        As in `Row`.
    """

    family: str
    source: str

    def near(
        self,
        claim: str,
        measured: float,
        expected: float,
        tolerance: float,
        *,
        reason: str,
        unit: str = "",
    ) -> Row:
        """Claim that a value lies within a tolerance of the expected one."""
        limits = (expected - tolerance, expected + tolerance)
        return self.within(claim, measured, expected, limits, reason=reason, unit=unit)

    def at_least(
        self, claim: str, measured: float, limit: float, *, reason: str, unit: str = ""
    ) -> Row:
        """Claim that a value is not below a limit."""
        limits = (limit, math.inf)
        return self.within(claim, measured, math.nan, limits, reason=reason, unit=unit)

    def at_most(
        self, claim: str, measured: float, limit: float, *, reason: str, unit: str = ""
    ) -> Row:
        """Claim that a value is not above a limit."""
        limits = (-math.inf, limit)
        return self.within(claim, measured, math.nan, limits, reason=reason, unit=unit)

    def within(
        self,
        claim: str,
        measured: float,
        expected: float,
        limits: tuple[float, float],
        *,
        reason: str,
        unit: str = "",
    ) -> Row:
        """Claim that a value lies between two limits around the expected one."""
        return Row(
            family=self.family,
            claim=claim,
            measured=float(measured),
            expected=float(expected),
            low=float(limits[0]),
            high=float(limits[1]),
            reason=reason,
            source=self.source,
            unit=unit,
        )
