"""The default rule: practically as sharp and as deep as the best, then coarse and smooth.

FWHM falls with final_scale and with final_pixfrac all the way, so the sharpest
point within the limits is always a point at a limit. The rule therefore asks
which points are *practically equal* to the sharpest and takes of those the
one that pays least for it: the largest drop (smoothest weights), then the
coarsest grid (smallest files, least correlated noise).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hstdriz_study.choose.contest import hold_contest
from hstdriz_study.choose.limits import Violation, limits, nearest_miss, violations
from hstdriz_study.choose.points import FWHM, finished, value
from hstdriz_study.choose.reasons import in_short, why_chosen, why_not
from hstdriz_study.choose.verdict import Rejected, Verdict, not_measured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.handbook import HandbookPick
    from hstdriz_study.config import ChooseConfig
    from hstdriz_study.contracts import PointRecord

Excluded = dict[str, "tuple[PointRecord, tuple[Violation, ...]]"]


def practically_sharpest(
    records: Sequence[PointRecord],
    config: ChooseConfig,
    handbook: HandbookPick,  # noqa: ARG001  every rule has the same signature
) -> Verdict:
    """Choose among the admissible points that are practically the sharpest.

    1. Admissible: every limit is kept and every value it needs is finite.
    2. Practically as sharp: FWHM within ``fwhm_tolerance`` of the sharpest
       admissible point, or within ``paired_sigma`` paired sigma if larger.
    3. Practically as deep: of those, depth within ``depth_tolerance_mag`` (or
       the same number of paired sigma) of the deepest. A point without a
       depth is kept: depth may only reject a point that is shown to be
       shallower.
    4. The largest pixfrac, then the coarsest scale.
    """
    rejected = not_measured(records)
    measured = finished(records)
    if not any(math.isfinite(value(record, FWHM)) for record in measured):
        return Verdict(
            None, _no_psf(records), short_reason="cannot choose: no FWHM", rejected=rejected
        )
    excluded: Excluded = {
        record.key: (record, faults)
        for record in measured
        if (faults := violations(record, records, config))
    }
    rejected |= {
        key: Rejected("inadmissible", "; ".join(fault.sentence for fault in faults))
        for key, (_, faults) in excluded.items()
    }
    admissible = [record for record in measured if record.key not in excluded]
    if not admissible:
        return Verdict(
            None,
            _none_admissible(excluded, config),
            short_reason="cannot choose: no admissible point",
            rejected=rejected,
        )
    contest = hold_contest(admissible, config)
    return Verdict(
        chosen=contest.chosen,
        reasons=why_chosen(contest),
        short_reason=in_short(contest),
        sharpest=contest.sharpest,
        fwhm_tolerance_arcsec=contest.fwhm_tolerance(contest.chosen),
        depth_tolerance_mag=contest.depth_tolerance(contest.chosen),
        rejected=rejected | why_not(contest),
    )


def _no_psf(records: Sequence[PointRecord]) -> str:
    if not finished(records):
        return "No point was measured: every point failed or was not run."
    told = sorted({warning for record in finished(records) for warning in record.warnings})
    hint = f" The points warned: {' '.join(told[:3])}" if told else ""
    return (
        f"The rule needs the FWHM ({FWHM}), and no point has it: too few stars, or the PSF metric "
        f"is not in measure.metrics. Weight and noise were still measured.{hint}"
    )


def _none_admissible(excluded: Excluded, config: ChooseConfig) -> str:
    names = {limit.key: limit.text for limit in limits(config)}
    tally: dict[str, int] = {}
    for _, faults in excluded.values():
        for name in dict.fromkeys(fault.limit for fault in faults):
            tally[name] = tally.get(name, 0) + 1
    said = ", ".join(
        f"{names.get(name, name + ' known')} excludes {number}"
        for name, number in sorted(tally.items(), key=lambda item: (-item[1], item[0]))
    )
    return (
        f"No admissible point among {len(excluded)}: {said}. "
        f"The nearest miss is {nearest_miss(excluded)}."
    )
