"""The steps of the default rule: which points are practically equal to the best, which is taken."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.choose.margin import SHALLOWER, WIDER
from hstdriz_study.choose.paired import Tolerance, practical_tolerance
from hstdriz_study.choose.points import DEPTH, FWHM, metric_of, preference, value
from hstdriz_study.choose.verdict import Rejected, Stage, Worse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.paired import PairedSigma
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.contracts import PointRecord


@dataclass(frozen=True)
class Contest:
    """The steps of the default rule among admissible points.

    Attributes
    ----------
    admissible : tuple of `~hstdriz_study.contracts.PointRecord`
    sharpest : `~hstdriz_study.contracts.PointRecord`
        Smallest FWHM of the admissible points.
    sharp : tuple
        The points practically as sharp.
    deepest : `~hstdriz_study.contracts.PointRecord` or None
        The deepest of ``sharp``; None when no depth was measured.
    equal : tuple
        The points of ``sharp`` that are also practically as deep.
    chosen : `~hstdriz_study.contracts.PointRecord`
    settings : ChoiceSettings
    sigma : PairedSigma
        The error of the difference of two points.
    """

    admissible: tuple[PointRecord, ...]
    sharpest: PointRecord
    sharp: tuple[PointRecord, ...]
    deepest: PointRecord | None
    equal: tuple[PointRecord, ...]
    chosen: PointRecord
    settings: ChoiceSettings
    sigma: PairedSigma

    def fwhm_excess(self, record: PointRecord) -> float:
        """Return by which fraction a point is wider than the sharpest."""
        return value(record, FWHM) / value(self.sharpest, FWHM) - 1.0

    def fwhm_tolerance(self, record: PointRecord) -> Tolerance:
        """Return the FWHM difference, arcsec, at which a point equals the sharpest."""
        return _fwhm_tolerance(record, self.sharpest, self.settings, self.sigma)

    def depth_lack_mag(self, record: PointRecord) -> float:
        """Return by how much a point is shallower than the deepest; NaN when unknown."""
        return math.nan if self.deepest is None else _lack_mag(record, self.deepest)

    def depth_tolerance(self, record: PointRecord) -> Tolerance | None:
        """Return the depth difference, mag, at which a point equals the deepest."""
        if self.deepest is None:
            return None
        return _depth_tolerance(record, self.deepest, self.settings, self.sigma)


def hold_contest(
    admissible: Sequence[PointRecord], settings: ChoiceSettings, sigma: PairedSigma
) -> Contest:
    """Find the practically equal points and take one of them.

    Parameters
    ----------
    admissible : sequence of `~hstdriz_study.contracts.PointRecord`
        At least one; each with a finite FWHM.
    settings : ChoiceSettings
        Tolerances.
    sigma : PairedSigma
        Gives the error of the difference of two points.
    """
    sharpest = min(admissible, key=lambda record: (value(record, FWHM), preference(record)))
    sharp = tuple(record for record in admissible if _as_sharp(record, sharpest, settings, sigma))
    deepest = min(
        (record for record in sharp if math.isfinite(value(record, DEPTH))),
        key=lambda record: (-value(record, DEPTH), preference(record)),
        default=None,
    )
    equal = tuple(record for record in sharp if not _shallower(record, deepest, settings, sigma))
    return Contest(
        admissible=tuple(admissible),
        sharpest=sharpest,
        sharp=sharp,
        deepest=deepest,
        equal=equal,
        chosen=min(equal, key=preference),
        settings=settings,
        sigma=sigma,
    )


def _fwhm_tolerance(
    record: PointRecord, best: PointRecord, settings: ChoiceSettings, sigma: PairedSigma
) -> Tolerance:
    configured = settings.fwhm_tolerance * value(best, FWHM)
    return practical_tolerance(
        metric_of(record, FWHM), metric_of(best, FWHM), configured, settings.paired_sigma, sigma
    )


def _depth_tolerance(
    record: PointRecord, best: PointRecord, settings: ChoiceSettings, sigma: PairedSigma
) -> Tolerance:
    return practical_tolerance(
        metric_of(record, DEPTH),
        metric_of(best, DEPTH),
        settings.depth_tolerance_mag,
        settings.paired_sigma,
        sigma,
    )


def _as_sharp(
    record: PointRecord, best: PointRecord, settings: ChoiceSettings, sigma: PairedSigma
) -> bool:
    excess = value(record, FWHM) - value(best, FWHM)
    return excess <= _fwhm_tolerance(record, best, settings, sigma).value


def _lack_mag(record: PointRecord, best: PointRecord) -> float:
    return value(best, DEPTH) - value(record, DEPTH)


def _shallower(
    record: PointRecord, best: PointRecord | None, settings: ChoiceSettings, sigma: PairedSigma
) -> bool:
    if best is None:
        return False
    # NaN, a depth that was not measured, compares false: the point stays.
    return _lack_mag(record, best) > _depth_tolerance(record, best, settings, sigma).value


@dataclass(frozen=True)
class Wider(Worse):
    """Wider than the sharpest by more than counts as practically equal."""

    contest: Contest
    record: PointRecord


@dataclass(frozen=True)
class Shallower(Worse):
    """As sharp, but shallower than the deepest by more than counts as practically equal."""

    contest: Contest
    record: PointRecord


@dataclass(frozen=True)
class EqualBut(Rejected):
    """Practically equal to the chosen point, which has the larger pixfrac or coarser scale."""

    stage = Stage.EQUAL
    contest: Contest
    record: PointRecord


def why_not(contest: Contest) -> dict[str, Rejected]:
    """Return the verdict on every other admissible point, by its key."""
    return {
        record.key: _why_not(record, contest)
        for record in contest.admissible
        if record is not contest.chosen
    }


def _why_not(record: PointRecord, contest: Contest) -> Rejected:
    if record not in contest.sharp:
        return Wider(WIDER, contest, record)
    if record not in contest.equal:
        return Shallower(SHALLOWER, contest, record)
    return EqualBut(contest, record)
