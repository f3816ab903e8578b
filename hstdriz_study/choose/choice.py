"""The choice for one filter, with everything a reader needs to judge it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.choose.words.edges import edge_said, overrides_of

if TYPE_CHECKING:
    from hstdriz_study.choose.edges import Edge, WiderGrid
    from hstdriz_study.choose.limitations import Limitation
    from hstdriz_study.choose.margin import Margin
    from hstdriz_study.choose.paired import Tolerance
    from hstdriz_study.choose.picks import GoalPick, RulePick
    from hstdriz_study.choose.points import PointSummary
    from hstdriz_study.choose.prices import Price
    from hstdriz_study.choose.regret import Regret
    from hstdriz_study.choose.rule_of_thumb import HandbookPick
    from hstdriz_study.choose.stability import Stability
    from hstdriz_study.choose.verdict import Stage
    from hstdriz_study.choose.words.cautions import Caution


@dataclass(frozen=True)
class Rejection:
    """A point that was not chosen.

    Attributes
    ----------
    point : PointSummary
    kind : Stage
        Where it fell out.
    stage, reason : str
        The same in a word or two, and in a sentence with numbers.
    """

    point: PointSummary
    kind: Stage
    stage: str
    reason: str


@dataclass(frozen=True)
class Alternative:
    """What the rule chooses under another limit on RMS/median.

    ``point`` is None, with the reason in ``note``, when it cannot choose.
    """

    max_rms_over_median: float
    point: PointSummary | None
    note: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The settings chosen for one filter, or the reason why none were.

    Attributes
    ----------
    filter, rule : str
    chosen : PointSummary or None
    cannot_choose : str or None
        One or two sentences when ``chosen`` is None.
    reasons : tuple of str
        Why this point, one sentence each.
    short_reason : str
        The same in a few words.
    limited_by : tuple of Limitation
        The limits that, and not the data, decided; empty when the data did.
    edges : tuple of Edge
        Where the answer leans on the edge of what was swept.
    sharpest : PointSummary or None
        The sharpest admissible point.
    fwhm_tolerance_arcsec, depth_tolerance_mag : Tolerance or None
        What counted as practically equal.
    alternatives : tuple of Alternative
        The choice under other limits on RMS/median.
    handbook : HandbookPick
        The rule of thumb's settings.
    handbook_point : PointSummary or None
        The swept point nearest to them.
    handbook_note : str
        How that point stands to the rule's limits.
    rejected : tuple of Rejection
        Every other point, in the order of the sweep.
    goal : str
        What the choice is for.
    runner_up : PointSummary or None
        The other point that most resamples go to; where none goes to another, what the
        rule takes when the chosen point is left out.
    margin : Margin or None
        By how much, and by how many sigma, the chosen point beats it; None where the rule
        does not rank it.
    resampling, grid_phases : Stability or None
        What the rule takes on each bootstrap resample, and at each sub-pixel
        phase of the output grid; None when that is not known.
    beyond : WiderGrid or None
        The grid that extends the sweep when the choice lies on its edge.
    cautions : tuple of Caution
        What a user should know before trusting the choice.
    by_goal : tuple of GoalPick
        What every goal takes from the same points.
    by_rule : tuple of RulePick
        What every rule takes from them.
    regrets : tuple of Regret
        What one loses at most by taking the chosen point, which comes first, and by taking
        any other: those that have a name come before those that are admissible alone.
    earlier : Price or None
        What the point that an earlier version of the rule would have taken costs against
        the chosen one; None where it is the same, or the rule has not changed.
    beaten : Price or None
        What the chosen point costs against one that is not worse in FWHM, RMS/median, depth
        and number of pixels, and better in one; None where there is none.
    common : Price or None
        What the filter pays for a scale common to all; None when the scale is
        its own.
    """

    filter: str
    rule: str
    chosen: PointSummary | None
    cannot_choose: str | None
    reasons: tuple[str, ...]
    short_reason: str
    limited_by: tuple[Limitation, ...]
    edges: tuple[Edge, ...]
    sharpest: PointSummary | None
    fwhm_tolerance_arcsec: Tolerance | None
    depth_tolerance_mag: Tolerance | None
    alternatives: tuple[Alternative, ...]
    handbook: HandbookPick
    handbook_point: PointSummary | None
    handbook_note: str
    rejected: tuple[Rejection, ...]
    goal: str
    runner_up: PointSummary | None = None
    margin: Margin | None = None
    resampling: Stability | None = None
    grid_phases: Stability | None = None
    beyond: WiderGrid | None = None
    cautions: tuple[Caution, ...] = ()
    by_goal: tuple[GoalPick, ...]
    by_rule: tuple[RulePick, ...]
    regrets: tuple[Regret, ...] = ()
    earlier: Price | None = None
    beaten: Price | None = None
    common: Price | None = None

    @property
    def grid_edges(self) -> tuple[str, ...]:
        """Where the answer leans on the edge of what was swept, one sentence each."""
        return tuple(edge_said(edge) for edge in self.edges)

    @property
    def extension(self) -> tuple[str, ...]:
        """Overrides that extend the sweep when the choice lies on its edge."""
        return () if self.beyond is None else overrides_of(self.beyond)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a user should know before trusting the choice, one or two sentences each."""
        return tuple(caution.sentence for caution in self.cautions)
