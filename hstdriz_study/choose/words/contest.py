"""The sentences of the default rule: why the chosen point, why not the others."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hstdriz_study.choose.contest import EqualBut, Shallower, Wider
from hstdriz_study.choose.limits import POINT_LIMITS, limits_of
from hstdriz_study.choose.paired import ToleranceSource
from hstdriz_study.choose.points import (
    DEPTH,
    FWHM,
    HOLE_FRACTION,
    PIXELS_PER_FWHM,
    RMS_OVER_MEDIAN,
    finished,
    label,
    metric_of,
    n_pixels,
    settings_of,
    value,
)
from hstdriz_study.choose.twins import JUDGED_WEIGHTS, judged
from hstdriz_study.choose.words.numbers import count, percent, with_error
from hstdriz_study.choose.words.rejections import why_not
from hstdriz_study.choose.words.told import Told

if TYPE_CHECKING:
    from hstdriz_study.choose.contest import Contest
    from hstdriz_study.choose.paired import Tolerance
    from hstdriz_study.choose.rule_of_thumb import HandbookPick
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.verdict import Verdict
    from hstdriz_study.contracts import PointRecord


def contest_told(
    verdict: Verdict,
    settings: ChoiceSettings,  # noqa: ARG001  every rule's words have the same signature
    handbook: HandbookPick,  # noqa: ARG001
) -> Told:
    """Say why the default rule took its point."""
    contest: Contest = verdict.evidence
    compared = () if _is_alone(contest) else (_depth(contest), _among_equals(contest))
    return Told(_in_short(contest), (_sharpness(contest), *compared, _within_limits(contest)))


@why_not.register(Wider)
def _wider(rejected: Wider) -> str:
    record, contest = rejected.record, rejected.contest
    return (
        f'FWHM {with_error(record.metrics[FWHM])}", {percent(contest.fwhm_excess(record))} wider '
        f"than the sharpest ({label(contest.sharpest)}); practically equal is within "
        f"{_allowed(contest.fwhm_tolerance(record), contest)}"
    )


@why_not.register(Shallower)
def _shallower(rejected: Shallower) -> str:
    record, contest = rejected.record, rejected.contest
    deepest, tolerance = contest.deepest, contest.depth_tolerance(record)
    if deepest is None or tolerance is None:  # pragma: no cover - without depths none is shallower
        raise AssertionError
    return (
        f"{contest.depth_lack_mag(record):.3f} mag shallower than {label(deepest)}, which is as "
        f"sharp, beyond {tolerance.value:.3f} mag ({tolerance.source})"
    )


@why_not.register(EqualBut)
def _equal_but(rejected: EqualBut) -> str:
    record, contest = rejected.record, rejected.contest
    chosen = contest.chosen
    size = n_pixels(record) / n_pixels(chosen)
    return (
        f"practically equal to the chosen point, but with {size:.2g} times its pixels and "
        f"RMS/median {_rms(record, contest):.3f} against {_rms(chosen, contest):.3f}: the product "
        "is not smaller"
    )


def _rms(record: PointRecord, contest: Contest) -> float:
    return judged(record, contest.records, RMS_OVER_MEDIAN).value


def _is_alone(contest: Contest) -> bool:
    return len(contest.candidates) == 1


def _why_alone(contest: Contest) -> str:
    if contest.n_beaten:
        return "the only admissible point that no other beats"
    if len(finished(contest.records)) == 1:
        return "the only point that was measured"
    return "the only admissible point"


def _in_short(contest: Contest) -> str:
    number = len(contest.equal)
    if _is_alone(contest):
        return _why_alone(contest)
    if contest.chosen is contest.sharpest:
        start = "sharpest admissible"
    else:
        start = f"{percent(contest.fwhm_excess(contest.chosen))} wider than the sharpest"
    if number == 1:
        return start
    return f"{start}; of {number} practically equal points the smoothest for its size"


def _allowed(tolerance: Tolerance, contest: Contest) -> str:
    relative = percent(tolerance.value / value(contest.sharpest, FWHM))
    if tolerance.source is ToleranceSource.CONFIGURED:
        return relative
    return f"{relative} ({contest.settings.paired_sigma:g} paired sigma)"


def _sharpness(contest: Contest) -> str:
    chosen, sharpest = contest.chosen, contest.sharpest
    width = with_error(chosen.metrics[FWHM])
    if _is_alone(contest):
        return f'It is {_why_alone(contest)}; its FWHM is {width}".'
    if chosen is sharpest:
        return f'Its FWHM, {width}", is the smallest of all admissible points.'
    tolerance = contest.fwhm_tolerance(chosen)
    sentence = (
        f'Its FWHM, {width}", is {percent(contest.fwhm_excess(chosen))} wider than that of the '
        f'sharpest admissible point ({label(sharpest)}: {with_error(sharpest.metrics[FWHM])}"): '
        f"practically equal, within {_allowed(tolerance, contest)}."
    )
    if tolerance.source is ToleranceSource.PAIRED_SIGMA:
        sentence += " The data cannot tell the two apart more finely; more stars would."
    return sentence


def _depth(contest: Contest) -> str:
    chosen, deepest, tolerance = (
        contest.chosen,
        contest.deepest,
        contest.depth_tolerance(contest.chosen),
    )
    if deepest is None or tolerance is None:
        return "Depth was not measured at any point as sharp, so it did not take part."
    if not math.isfinite(value(chosen, DEPTH)):
        return "Its depth was not measured, so depth could not count against it."
    if chosen is deepest:
        sentence = "No point as sharp is deeper"
    else:
        sentence = (
            f"Its 5-sigma depth is {contest.depth_lack_mag(chosen):.3f} mag from the deepest point "
            f"as sharp ({label(deepest)}), within {tolerance.value:.3f} mag ({tolerance.source})"
        )
    if dropped := len(contest.sharp) - len(contest.equal):
        verb = "was" if dropped == 1 else "were"
        sentence += f"; {count(dropped, 'point')} as sharp {verb} really shallower"
    return sentence + "."


def _among_equals(contest: Contest) -> str:
    chosen, equal = contest.chosen, contest.equal
    if len(equal) == 1:
        return "No other admissible point that none beats is practically equal to it."
    return (
        f"Of the {len(equal)} practically equal points that none beats, it has the smallest "
        f"product of RMS/median ({_rms(chosen, contest):.3f}) and number of pixels: the smoothest "
        "weights for the smallest file."
    )


def _within_limits(contest: Contest) -> str:
    chosen = contest.chosen
    measured = {
        RMS_OVER_MEDIAN: f"{value(chosen, RMS_OVER_MEDIAN):.3f}",
        HOLE_FRACTION: with_error(metric_of(chosen, HOLE_FRACTION)),
        PIXELS_PER_FWHM: f"{value(chosen, PIXELS_PER_FWHM):.2f}",
    }
    if (wht_type := settings_of(chosen).final_wht_type) != JUDGED_WEIGHTS:
        return (
            f"It keeps every limit. Its weights are {wht_type}, for which the limit on RMS/median "
            "was not made; it was judged by the point with EXP weights on the same grid."
        )
    parts = [
        f"{limit.phrase} {measured[limit.metric]} (limit {limit.sign} {limit.bound:g})"
        for limit in limits_of(contest.settings, POINT_LIMITS)
        if math.isfinite(limit.bound)
    ]
    return f"It keeps every limit: {', '.join(parts)}."
