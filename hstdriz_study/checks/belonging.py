"""From exposures side by side to those whose stars or flags are not like the others'."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.checks.by_exposure import ellipticity, left_out, width_ratios
from hstdriz_study.checks.differences import MIN_STARS, SURE_SIGMA, against_others
from hstdriz_study.checks.odd_levels import leave_out
from hstdriz_study.contracts import Finding, FindingKind
from hstdriz_study.names import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hstdriz_study.checks.by_exposure import LeftOut
    from hstdriz_study.checks.differences import Differences
    from hstdriz_study.checks.levels import ChipLevel
    from hstdriz_study.checks.seen import SideBySide
    from hstdriz_study.checks.settings import CheckLimits

_OUT_OF_PLACE_PX = 1.0
"""So far off, driz_cr takes stars for cosmic rays, or the product has each of them twice."""


_CORE_PIXELS = 9
"""A cosmic ray in one of them may move a star off its place."""

_ROUGH = 0.95
"""Times the limit. The least faults that must be found (docs/validation.md) are 8 % of the width
and 10 % of the flux. 95 of 100 are found where that is `SURE_SIGMA` + 1.65 errors."""

_N_NAMED = 12

_LONG_S = 1000.0
"""Beyond it more cosmic rays are usual."""


def wrong_side_by_side(
    seen: SideBySide, limits: CheckLimits, native_scale_arcsec: float
) -> tuple[Finding, ...]:
    """Return what is wrong with exposures, or could not be compared.

    Parameters
    ----------
    seen : `~hstdriz_study.checks.side_by_side.SideBySide`
    limits : `~hstdriz_study.checks.CheckLimits`
    native_scale_arcsec : float
    """
    return (
        *_flagged(seen, limits),
        *_missing(seen),
        *_shifts(seen, limits, native_scale_arcsec),
        *_ratios(seen, limits),
        *_trailed(seen, limits),
        *_not_compared(seen),
    )


def _flagged(seen: SideBySide, limits: CheckLimits) -> Iterator[Finding]:
    for name, chips in zip(seen.names, seen.levels, strict=True):
        limit = limits.max_cosmic_ray_fraction * max(1.0, chips[0].exptime_s / _LONG_S)
        flagged = _flagged_fraction(chips)
        if flagged > limit:
            yield Finding(
                FindingKind.FLAGGED,
                f"{name}: {flagged:.1%} of the pixels are flagged as cosmic rays (limit "
                f"{limit:.1%}, checks.max_cosmic_ray_fraction): it differs from the others by more "
                f"than cosmic rays; {leave_out(name)}",
            )


def _flagged_fraction(chips: Sequence[ChipLevel]) -> float:
    return float(np.mean([chip.cosmic_ray_fraction for chip in chips]))


def _missing(seen: SideBySide) -> Iterator[Finding]:
    for name, expected, found, lacks in zip(
        seen.names, seen.n_expected, seen.n_found, _lacks_stars(seen), strict=True
    ):
        if lacks:
            yield Finding(
                FindingKind.STARS,
                f"{name}: it shows {found} of the {expected} stars that other exposures share and "
                "that it should show: it is trailed, blank, of another field, or off by more than "
                f"1.5 arcsec; {leave_out(name)}",
            )


def _lacks_stars(seen: SideBySide) -> list[bool]:
    """Tell which exposures show less than half of the stars that they should."""
    whole = [(1 - _flagged_fraction(chips)) ** _CORE_PIXELS for chips in seen.levels]
    return [
        expected >= max(MIN_STARS, needed) and found < expected * part / 2
        for expected, found, needed, part in zip(
            seen.n_expected, seen.n_found, seen.n_needed, whole, strict=True
        )
    ]


def misalignment_arcsec(seen: SideBySide, limits: CheckLimits, native_scale_arcsec: float) -> float:
    """Return how exposures are out of their places, rms on an axis; 0 where none surely is.

    Parameters are those of `wrong_side_by_side`.
    """
    limit = limits.max_misalignment_px * native_scale_arcsec
    moved = against_others(seen.place_arcsec, limit)
    if not moved.exceed(limit).any():
        return 0.0
    places = moved.value[moved.n_stars >= MIN_STARS]
    return float(np.sqrt(np.mean(np.abs(places - places.mean()) ** 2) / 2))


def _shifts(seen: SideBySide, limits: CheckLimits, native_scale_arcsec: float) -> Iterator[Finding]:
    limit = limits.max_misalignment_px
    moved = against_others(seen.place_arcsec, limit * native_scale_arcsec)
    for number in np.flatnonzero(moved.exceed(limit * native_scale_arcsec)).tolist():
        shift_px = abs(moved.value[number]) / native_scale_arcsec
        out_of_place = shift_px > _OUT_OF_PLACE_PX
        follows = ", so that stars do not lie on each other" if out_of_place else ""
        yield Finding(
            FindingKind.SHIFT,
            f"{seen.names[number]}: it is misaligned: its WCS puts {moved.n_stars[number]} stars "
            f'{abs(moved.value[number]):.3f}" ± {moved.err[number]:.3f}" ({shift_px:.2f} native '
            f"pixels; limit {limit:g}, checks.max_misalignment_px) from where "
            f"{_others(seen, number)} them{follows}; align the exposures with prepare=tweakreg or "
            f"{leave_out(seen.names[number])}",
            stops=bool(out_of_place),
        )


def _ratios(seen: SideBySide, limits: CheckLimits) -> Iterator[Finding]:
    for kind, values, limit, key, follows in (
        (FindingKind.FLUX, seen.flux, limits.max_flux_difference, "max_flux_difference", _scaled),
        (FindingKind.WIDTH, seen.fwhm_arcsec, limits.max_width_difference, "max_width_difference",
         _blurred),
    ):  # fmt: skip
        found, odd = _odd(values, limit)
        told = f"(limit {limit:.0%}, checks.{key})"
        for number in odd:
            name, ratio = seen.names[number], np.exp(found.value[number])
            yield Finding(
                kind,
                f"{name}: the {kind} of {found.n_stars[number]} stars is {ratio:.3g} ± "
                f"{ratio * found.err[number]:.2g} times that in {_others(seen, number, '')} "
                f"{told}: {follows(seen, number, limits)}",
            )
        yield from _roughly_known(seen, kind, found, limit)


def _odd(values: np.ndarray, limit: float) -> tuple[Differences, list[int]]:
    """Compare by ratios, and tell which exposures are surely off by more than a limit."""
    with np.errstate(invalid="ignore", divide="ignore"):
        found = against_others(np.log(values), np.log1p(limit))
    return found, np.flatnonzero(found.exceed(float(np.log1p(limit)))).tolist()


def _scaled(seen: SideBySide, number: int, _: CheckLimits) -> str:
    return f"EXPTIME, BUNIT, the gain or the photometry is wrong; {leave_out(seen.names[number])}"


def _blurred(seen: SideBySide, number: int, limits: CheckLimits) -> str:
    """Tell trailed from defocused by the shape, and say what leaving the exposure out gives."""
    why = _elongated(seen, limits).get(number, "it is trailed or out of focus")
    return f"{why}; {_without(seen, number, limits.max_width_difference)}"


def _trailed(seen: SideBySide, limits: CheckLimits) -> Iterator[Finding]:
    """Tell exposures that are trailed and whose stars are not surely wider.

    A trail shows in the shape before it does in the width, which breathing changes too.
    """
    _, told = _odd(seen.fwhm_arcsec, limits.max_width_difference)
    for number, why in _elongated(seen, limits).items():
        if number not in told:
            yield Finding(
                FindingKind.WIDTH,
                f"{seen.names[number]}: {why}; "
                f"{_without(seen, number, limits.max_width_difference)}",
            )


def _elongated(seen: SideBySide, limits: CheckLimits) -> dict[int, str]:
    """Say of which exposures the stars are surely more elongated than in the others."""
    (shape, shape_err), told = ellipticity(seen), {}
    for number in np.flatnonzero(np.isfinite(shape)).tolist():
        rest = np.delete(shape, number)
        if not np.isfinite(rest).any():
            continue
        own, err, others = shape[number], shape_err[number], float(np.nanmedian(rest))
        if own - others > max(limits.max_ellipticity_difference, SURE_SIGMA * err):
            told[number] = (
                f"it is trailed (ellipticity {own:.2f} ± {err:.2g}, {others:.2f} in "
                f"{_others(seen, number, '')}; limit {limits.max_ellipticity_difference:g} more, "
                "checks.max_ellipticity_difference)"
            )
    return told


def _without(seen: SideBySide, number: int, limit: float) -> str:
    """Say how to leave an exposure out, and what that gives."""
    without = left_out(seen, number, width_ratios(seen, limit)[0])
    gain = "" if without is None else f", which by estimate {_gain(without)}"
    return f"{leave_out(seen.names[number])}{gain}"


def _gain(without: LeftOut) -> str:
    """Say what the others would give, from exposure times and, in single exposures, widths."""
    shallower = (-without.depth.background_mag, -without.depth.read_noise_mag)
    lost = " to ".join(dict.fromkeys(f"{one:.2f}" for one in sorted(shallower)))
    return (
        f"makes the stars {without.fwhm_ratio:.3g} times as wide as all exposures do and the image "
        f"{lost} mag shallower"
    )


def _roughly_known(
    seen: SideBySide, kind: FindingKind, found: Differences, limit: float
) -> Iterator[Finding]:
    """Say of which exposures a difference of that size would not be told, for want of stars."""
    known_to = SURE_SIGMA * np.where(found.n_stars >= MIN_STARS, found.err, 0.0)
    rough = [
        f"{seen.names[number]} ({known_to[number]:.0%}, {found.n_stars[number]} stars)"
        for number in np.flatnonzero(known_to > _ROUGH * limit).tolist()
    ]
    if rough:
        yield Finding(
            FindingKind.STARS,
            f"The {kind} of stars could be compared only roughly, to {SURE_SIGMA:g} errors: "
            f"{listed(rough, _N_NAMED)}",
            stops=False,
        )


def _not_compared(seen: SideBySide) -> Iterator[Finding]:
    """Say which exposures could not be compared, and for want of what."""
    n_stars = against_others(seen.flux, np.inf).n_stars
    few = [
        f"{name} ({n} stars shared, of {m} sources)"
        for name, n, m, lacks in zip(
            seen.names, n_stars, seen.n_sources, _lacks_stars(seen), strict=True
        )
        if n < MIN_STARS and not lacks
    ]
    if few:
        yield Finding(
            FindingKind.STARS,
            "Flux, width and place of stars could not be compared between exposures for want of "
            f"{MIN_STARS} stars that two of them share: {listed(few, _N_NAMED)}",
            stops=False,
        )


def _others(seen: SideBySide, number: int, verb: str = " put") -> str:
    """Name what an exposure was compared with: of two, either may be the odd one."""
    if len(seen.names) == 2:  # noqa: PLR2004
        return f"{seen.names[1 - number]}{verb + 's' if verb else ''}"
    return f"the others{verb}"
