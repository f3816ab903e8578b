"""The steps of the default rule: which points are practically equal to the best, which is taken."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.choose.margin import SHALLOWER, WIDER
from hstdriz_study.choose.paired import Tolerance, practical_tolerance
from hstdriz_study.choose.points import DEPTH, FWHM, metric_of, value
from hstdriz_study.choose.verdict import Rejected, Stage, Worse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hstdriz_study.choose.paired import PairedSigma
    from hstdriz_study.choose.points import Order
    from hstdriz_study.choose.screen import Screening
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.verdict import Dominated
    from hstdriz_study.contracts import PointRecord


@dataclass(frozen=True)
class Contest:
    """The steps of the default rule among candidates.

    Attributes
    ----------
    records : tuple of `~hstdriz_study.contracts.PointRecord`
        All points of the filter.
    candidates : tuple of `~hstdriz_study.contracts.PointRecord`
        The admissible points that no other one beats.
    n_beaten : int
        The admissible points that one of these beats.
    sharpest : `~hstdriz_study.contracts.PointRecord`
        Smallest FWHM of the candidates, and so of all admissible points.
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

    records: tuple[PointRecord, ...]
    candidates: tuple[PointRecord, ...]
    n_beaten: int
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


def hold_contest(screening: Screening, settings: ChoiceSettings, order: Order) -> Contest:
    """Find the practically equal points and take one of them.

    Parameters
    ----------
    screening : Screening
        Whose admissible points are the candidates: at least one, each with a finite FWHM.
    settings : ChoiceSettings
        Tolerances.
    order : callable
        Gives the sort key of points, of which the smallest is preferred.
    """
    candidates, sigma = screening.admissible, screening.sigma
    sharpest = min(candidates, key=lambda record: (value(record, FWHM), order(record)))
    sharp = tuple(record for record in candidates if _as_sharp(record, sharpest, settings, sigma))
    deepest = min(
        (record for record in sharp if math.isfinite(value(record, DEPTH))),
        key=lambda record: (-value(record, DEPTH), order(record)),
        default=None,
    )
    equal = tuple(record for record in sharp if not _shallower(record, deepest, settings, sigma))
    return Contest(
        records=screening.records,
        candidates=candidates,
        n_beaten=len(screening.dominated),
        sharpest=sharpest,
        sharp=sharp,
        deepest=deepest,
        equal=equal,
        chosen=min(equal, key=order),
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
    """Practically equal to the chosen point, which is smoother for its size."""

    stage = Stage.EQUAL
    contest: Contest
    record: PointRecord


def why_not(contest: Contest, dominated: Mapping[str, Dominated]) -> dict[str, Rejected]:
    """Return the verdict on every other admissible point, by its key.

    Parameters
    ----------
    contest : Contest
    dominated : mapping of str to Dominated
        The admissible points that are no candidates, because another beats them.
    """
    others = [record for record in contest.candidates if record is not contest.chosen]
    others += [record for record in contest.records if record.key in dominated]
    return {
        record.key: _worse_than_best(record, contest)
        or dominated.get(record.key)
        or EqualBut(contest, record)
        for record in others
    }


def _worse_than_best(record: PointRecord, contest: Contest) -> Worse | None:
    """Tell in what a point, a candidate or not, is not practically equal to the best."""
    if not _as_sharp(record, contest.sharpest, contest.settings, contest.sigma):
        return Wider(WIDER, contest, record)
    if _shallower(record, contest.deepest, contest.settings, contest.sigma):
        return Shallower(SHALLOWER, contest, record)
    return None
