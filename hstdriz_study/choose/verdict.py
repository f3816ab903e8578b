"""What a rule says about the points of one filter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hstdriz_study.choose.handbook import HandbookPick
from hstdriz_study.config import ChooseConfig
from hstdriz_study.contracts import PointRecord

if TYPE_CHECKING:
    from hstdriz_study.choose.margin import Margin
    from hstdriz_study.choose.paired import Tolerance


@dataclass(frozen=True)
class Rejected:
    """Why a point was not chosen.

    Attributes
    ----------
    stage : str
        Where it fell out: ``failed``, ``not run``, ``inadmissible``,
        ``practically equal``, or in what it is worse: ``wider`` (FWHM),
        ``shallower`` (depth), ``less uniform`` (weights), ``dominated``,
        ``further`` (from what the rule aims at) or ``worse`` (score).
    reason : str
        One sentence with numbers.
    limits : tuple of str
        Keys of the limits it breaks, when it is inadmissible.
    """

    stage: str
    reason: str
    limits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """A rule's answer.

    Attributes
    ----------
    chosen : `~hstdriz_study.contracts.PointRecord` or None
    cannot_choose : str or None
        The reason when nothing was chosen.
    reasons : tuple of str
        Sentences: why this point.
    short_reason : str
        The same in a few words, for one cell of a table.
    sharpest : `~hstdriz_study.contracts.PointRecord` or None
        The sharpest admissible point.
    fwhm_tolerance_arcsec, depth_tolerance_mag : Tolerance or None
        What counted as practically equal, at the chosen point.
    rejected : dict of str to Rejected
        Every other point, by its key.
    runner_up : `~hstdriz_study.contracts.PointRecord` or None
        What the rule takes of the admissible points when the chosen one is
        left out.
    margin : Margin or None
        By how much the chosen point beats it.
    """

    chosen: PointRecord | None
    cannot_choose: str | None = None
    reasons: tuple[str, ...] = ()
    short_reason: str = ""
    sharpest: PointRecord | None = None
    fwhm_tolerance_arcsec: Tolerance | None = None
    depth_tolerance_mag: Tolerance | None = None
    rejected: dict[str, Rejected] = field(default_factory=dict)
    runner_up: PointRecord | None = None
    margin: Margin | None = None


Rule = Callable[[Sequence[PointRecord], ChooseConfig, HandbookPick], Verdict]


def not_measured(records: Sequence[PointRecord]) -> dict[str, Rejected]:
    """Return the verdict on the points that have no measurement."""
    rejected = {}
    for record in records:
        if record.status == "FAILED":
            reason = f"failed: {record.error or 'no reason recorded'}"
            rejected[record.key] = Rejected("failed", reason)
        elif record.status != "FINISHED":
            reason = (record.error or "no reason recorded").removeprefix("not run: ")
            rejected[record.key] = Rejected("not run", f"was not run: {reason}")
    return rejected
