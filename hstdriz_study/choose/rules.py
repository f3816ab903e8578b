"""The rules by name. A new rule is one function and one line in `RULES`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.default_rule import practically_sharpest
from hstdriz_study.choose.handbook import HandbookPick, nearest_point
from hstdriz_study.choose.limits import violations
from hstdriz_study.choose.points import label
from hstdriz_study.choose.verdict import Rejected, Rule, Verdict, not_measured
from hstdriz_study.errors import ChoiceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.config import ChooseConfig
    from hstdriz_study.contracts import PointRecord

WEIGHT_LIMITS = ("max_rms_over_median", "max_hole_fraction")


def nearest_to_handbook(
    records: Sequence[PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> Verdict:
    """Choose the point nearest to the handbook's pick that keeps the weight map's limits.

    The measured width plays no part, so this rule works without any star.
    """
    rejected = not_measured(records)
    kept = []
    for record in records:
        if record.key in rejected:
            continue
        faults = [v for v in violations(record, records, config) if v.limit in WEIGHT_LIMITS]
        if faults:
            reason = "; ".join(fault.sentence for fault in faults)
            rejected[record.key] = Rejected("inadmissible", reason)
        else:
            kept.append(record)
    chosen = nearest_point(kept, handbook)
    if chosen is None:
        return Verdict(
            None,
            "No point keeps the limits on the weight map (choose.max_rms_over_median, "
            "choose.max_hole_fraction); sweep a larger pixfrac or a coarser scale.",
            short_reason="cannot choose: no admissible point",
            rejected=rejected,
        )
    target = f'{handbook.final_scale_arcsec:.4g}"'
    further = Rejected(
        "further", f"further than {label(chosen)} from the handbook's {target} and its pixfrac"
    )
    why = (
        f'1.22 lambda / D = {handbook.psf_arcsec:.4f}" at {handbook.wavelength_nm:g} nm, so two '
        f"pixels per PSF are {target}. Of the points that keep the weight map's limits this has "
        "the nearest scale and, there, the smallest pixfrac not below the ratio of the scales."
    )
    return Verdict(
        chosen,
        reasons=(why, "The measured width played no part."),
        short_reason="nearest to the handbook's pick",
        rejected=rejected | {record.key: further for record in kept if record is not chosen},
    )


RULES: dict[str, Rule] = {
    "default": practically_sharpest,
    "handbook": nearest_to_handbook,
}


def find_rule(name: str) -> Rule:
    """Return the rule of a name.

    Raises
    ------
    ChoiceError
        If there is no such rule.
    """
    try:
        return RULES[name]
    except KeyError:
        raise ChoiceError(
            f"choose.rule: there is no rule {name!r}; use one of {', '.join(sorted(RULES))}"
        ) from None
