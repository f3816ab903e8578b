"""The choice for one filter, with everything a reader needs to judge it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hstdriz_study.choose.goals import GoalPick
    from hstdriz_study.choose.handbook import HandbookPick
    from hstdriz_study.choose.margin import Margin
    from hstdriz_study.choose.paired import Tolerance
    from hstdriz_study.choose.points import PointSummary
    from hstdriz_study.choose.prices import Price
    from hstdriz_study.choose.rule_picks import RulePick
    from hstdriz_study.choose.stability import Stability


@dataclass(frozen=True)
class Rejection:
    """A point that was not chosen, and why (see `~hstdriz_study.choose.verdict.Rejected`)."""

    point: PointSummary
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


@dataclass(frozen=True)
class Limitation:
    """A limit that decided: without it the rule would take ``point``."""

    limit: str
    bound: float
    point: PointSummary
    sentence: str


@dataclass(frozen=True)
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
    grid_edges : tuple of str
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
        What the rule takes when the chosen point is left out.
    margin : Margin or None
        By how much, and by how many sigma, the chosen point beats it.
    resampling, grid_phases : Stability or None
        What the rule takes on each bootstrap resample, and at each sub-pixel
        phase of the output grid; None when that is not known.
    extension : tuple of str
        Overrides that extend the sweep when the choice lies on its edge.
    warnings : tuple of str
        What a user should know before trusting the choice.
    by_goal : tuple of GoalPick
        What every goal takes from the same points.
    by_rule : tuple of RulePick
        What every rule takes from them.
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
    grid_edges: tuple[str, ...]
    sharpest: PointSummary | None
    fwhm_tolerance_arcsec: Tolerance | None
    depth_tolerance_mag: Tolerance | None
    alternatives: tuple[Alternative, ...]
    handbook: HandbookPick
    handbook_point: PointSummary | None
    handbook_note: str
    rejected: tuple[Rejection, ...]
    goal: str = "default"
    runner_up: PointSummary | None = None
    margin: Margin | None = None
    resampling: Stability | None = None
    grid_phases: Stability | None = None
    extension: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    by_goal: tuple[GoalPick, ...] = ()
    by_rule: tuple[RulePick, ...] = ()
    common: Price | None = None


def choice_to_json(choice: Choice) -> dict[str, Any]:
    """Return a choice as plain dicts, lists, strings and numbers.

    The chosen settings stand at the top (null when nothing was chosen), the
    full record below them. Numbers that are not finite stay as they are;
    `hstdriz_study.record.write_json` writes them as null.
    """
    content = asdict(choice)
    chosen = content.pop("chosen") or {}
    for rejection in content["rejected"]:
        rejection["point"].pop("metrics")
    head = {
        "filter": content.pop("filter"),
        "final_scale_arcsec": chosen.get("final_scale_arcsec"),
        "final_pixfrac": chosen.get("final_pixfrac"),
        "final_kernel": chosen.get("final_kernel"),
        "final_wht_type": chosen.get("final_wht_type"),
        "key": chosen.get("key"),
        "metrics": chosen.get("metrics", {}),
        "reason": choice.cannot_choose or " ".join(choice.reasons),
    }
    return _plain(head | content)


def _plain(content: Any) -> Any:
    """Turn tuples into lists and leave out the (empty) replicates and phases."""
    if isinstance(content, dict):
        return {
            key: _plain(item)
            for key, item in content.items()
            if key not in ("replicates", "phases")
        }
    if isinstance(content, (list, tuple)):
        return [_plain(item) for item in content]
    return content
