"""From sky, noise and flags of exposures to those that are empty or not like the others.

Nothing of this needs a WCS: it is known before exposures are prepared.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.contracts import Finding, FindingKind
from hstdriz_study.names import listed
from hstdriz_study.overrides import excluding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hstdriz_study.checks.levels import ChipLevel
    from hstdriz_study.checks.settings import CheckLimits

    Levels = Sequence[tuple[ChipLevel, ...]]

_SKY_KNOWN_TO = 0.3
"""Noise of a pixel: bias and dark are not taken off better."""

_VARIANCE_KNOWN_TO = 0.2
_VARIANCE_RATIO = 2.0


def wrong_levels(names: Sequence[str], levels: Levels, limits: CheckLimits) -> tuple[Finding, ...]:
    """Return what is wrong with exposures as their pixels tell without a star.

    Parameters
    ----------
    names : sequence of str
        Of the files.
    levels : sequence of tuple of `~hstdriz_study.checks.levels.ChipLevel`
        Of the chips of each.
    limits : `~hstdriz_study.checks.CheckLimits`
    """
    return (
        *_empty(names, levels),
        *_twice(names, levels),
        *_few_good(names, levels, limits),
        *_noise(names, levels, limits),
        *_sky(names, levels, limits),
    )


def _empty(names: Sequence[str], levels: Levels) -> Iterator[Finding]:
    for name, chips in zip(names, levels, strict=True):
        for chip in chips:
            told = _why_empty(chip)
            if told:
                yield Finding(FindingKind.EMPTY, f"{name}: {told}; {leave_out(name)}")


def _why_empty(chip: ChipLevel) -> str | None:
    if chip.number_fraction == 0:
        return f"every pixel of SCI,{chip.extver} is NaN or infinite"
    if chip.good_fraction == 0:
        return f"every pixel of SCI,{chip.extver} is flagged in DQ, NaN or infinite"
    if chip.noise == 0:
        return f"most pixels of SCI,{chip.extver} are {chip.sky:g}"
    return None


def _twice(names: Sequence[str], levels: Levels) -> Iterator[Finding]:
    """Tell files that have the same pixels, whatever their names and headers say."""
    same: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, chips in zip(names, levels, strict=True):
        if not any(_why_empty(chip) for chip in chips):
            same[tuple(sorted(chip.digest for chip in chips))].append(name)
    for first, *others in same.values():
        if others:
            yield Finding(
                FindingKind.TWICE,
                f"{first} and {listed(others)} have the same pixels: one exposure under "
                f"{len(others) + 1} names, which would count as often in every weight; leave the "
                f"copies out with {excluding(others)}",
            )


def _few_good(names: Sequence[str], levels: Levels, limits: CheckLimits) -> Iterator[Finding]:
    few = limits.min_good_fraction
    for name, chips in zip(names, levels, strict=True):
        for chip in chips:
            if 0 < chip.good_fraction < few:
                yield Finding(
                    FindingKind.FLAGGED,
                    f"{name}: {chip.good_fraction:.1%} of the pixels of SCI,{chip.extver} are good "
                    f"(limit {few:.1%}, checks.min_good_fraction); good bits are "
                    f"drizzle.final_bits, or {leave_out(name)}",
                    stops=False,
                )


def _noise(names: Sequence[str], levels: Levels, limits: CheckLimits) -> Iterator[Finding]:
    """Hold the noise against ERR: by itself, and against the same ratio of the others."""
    limit, own = limits.max_noise_ratio, limits.max_noise_over_error
    ratios = np.array([_usable([c.noise_over_error for c in chips]) for chips in levels])
    agree = _agreeing(ratios, lambda number, others: _beyond(ratios[number] / others, limit))
    for number, name in enumerate(names):
        ratio, others = ratios[number], _of_others(ratios, agree, number)
        if _beyond(ratio, own):
            against, limit_told = "", f"{own:g} or its inverse, checks.max_noise_over_error"
        elif _beyond(ratio / others, limit):
            against = f", and {others:.2f} times in the others"
            limit_told = f"a factor {limit:g} between them, checks.max_noise_ratio"
        else:
            continue
        smooth = "its pixels are smeared, or " if ratio < 1 else ""
        yield Finding(
            FindingKind.NOISE,
            f"{name}: the noise of its pixels is {ratio:.3g} times what ERR says{against} (limit "
            f"{limit_told}): {smooth}BUNIT, the gain or ERR (a variance?) is wrong; download it "
            f"again or {leave_out(name)}",
        )


def _sky(names: Sequence[str], levels: Levels, limits: CheckLimits) -> Iterator[Finding]:
    """Tell skies that differ: scattered light brings noise of its own, a wrong scale does not."""
    skies, noises = (
        np.array([_usable([getattr(chip, what) for chip in chips]) for chips in levels])
        for what in ("sky", "noise")
    )
    seconds = np.array([chips[0].exptime_s for chips in levels])
    # variance in electrons that the sky does not explain: read noise and dark
    rest, whole = (noises * seconds) ** 2 - skies * seconds, (noises * seconds) ** 2
    limit = limits.max_sky_ratio

    def differs(number: int, others: float) -> bool:
        far = abs(skies[number] - others) > _SKY_KNOWN_TO * noises[number]
        return bool(far) and _beyond(skies[number] / others, limit)

    agree = _agreeing(skies, differs)
    for number, name in enumerate(names):
        others = _of_others(skies, agree, number)
        if not differs(number, others):
            continue
        # read noise stays with time, dark grows with it and unresolved sources with its square
        longer = (seconds[number] / seconds) ** 2
        least, most = (
            _of_others(rest * limit_of(longer, 1.0), agree, number)
            for limit_of in (np.minimum, np.maximum)
        )
        beyond = max(least - rest[number], rest[number] - most)
        contradicts = beyond > _VARIANCE_KNOWN_TO * whole[number] and (
            rest[number] > _VARIANCE_RATIO * most or rest[number] < least / _VARIANCE_RATIO
        )
        why = (
            "and its noise is not that of so much light: EXPTIME, BUNIT or the gain is wrong"
            if contradicts
            else "as scattered light does, whose noise the weight by exposure time does not know"
        )
        yield Finding(
            FindingKind.SKY,
            f"{name}: the sky is {skies[number]:.4g} a second and pixel, {others:.4g} in the "
            f"others (limit a factor {limit:g}, checks.max_sky_ratio), {why}; {leave_out(name)}",
            stops=bool(contradicts),
        )


def _usable(values: list[float]) -> float:
    """Return the mean of what is known and not 0; nan without any."""
    known = [value for value in values if np.isfinite(value) and value != 0]
    return float(np.mean(known)) if known else np.nan


def _agreeing(values: np.ndarray, differs: Callable[[int, float], bool]) -> np.ndarray:
    """Leave out the value that is farthest from the others until those that are left agree.

    Parameters
    ----------
    values : (E,) `~numpy.ndarray`
    differs : callable
        Tells of the number of a value, and of what the others are, whether they disagree.

    Returns
    -------
    (E,) bool `~numpy.ndarray`
    """
    agree = np.isfinite(values)
    while agree.sum() > 2:  # noqa: PLR2004 - of two, either may be the odd one
        left = np.flatnonzero(agree).tolist()
        others = {number: _of_others(values, agree, number) for number in left}
        odd = [number for number in left if differs(number, others[number])]
        if not odd:
            break
        agree[max(odd, key=lambda number: abs(values[number] - others[number]))] = False
    return agree


def _of_others(values: np.ndarray, agree: np.ndarray, number: int) -> float:
    """Return the median of those that agree, but for one."""
    return _median(values[agree & (np.arange(len(values)) != number)])


def _median(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else np.nan


def _beyond(ratio: float, limit: float) -> bool:
    return bool(ratio > limit or ratio < 1 / limit)


def leave_out(name: str) -> str:
    """Say how an exposure is left out."""
    return f"leave it out with {excluding([name])}"
