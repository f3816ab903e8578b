"""From exposures side by side to those that are not like the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.checks.differences import MIN_STARS, against_others
from hstdriz_study.contracts import Finding, FindingKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hstdriz_study.checks.settings import CheckLimits
    from hstdriz_study.checks.side_by_side import SideBySide
    from hstdriz_study.checks.single import ChipLevel

_OUT_OF_PLACE_PX = 1.0
"""So far off, driz_cr takes stars for cosmic rays, or the product has each of them twice."""

_SKY_KNOWN_TO = 0.3
"""Noise of a pixel: bias and dark are not taken off better."""

_VARIANCE_KNOWN_TO = 0.2
_VARIANCE_RATIO = 2.0


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
        *_empty(seen),
        *_flagged(seen, limits),
        *_noise(seen, limits),
        *_sky(seen, limits),
        *_missing(seen),
        *_shifts(seen, limits, native_scale_arcsec),
        *_ratios(seen, limits),
        *_not_compared(seen),
    )


def _empty(seen: SideBySide) -> Iterator[Finding]:
    for name, chips in _by_name(seen):
        for chip in chips:
            if chip.good_fraction == 0:
                told = f"every pixel of SCI,{chip.extver} is flagged in DQ"
            elif chip.noise == 0:
                told = f"the pixels of SCI,{chip.extver} are all {chip.sky:g}"
            else:
                continue
            yield Finding(FindingKind.EMPTY, f"{name}: {told}; {_leave_out(name)}")


def _flagged(seen: SideBySide, limits: CheckLimits) -> Iterator[Finding]:
    limit, few = limits.max_cosmic_ray_fraction, limits.min_good_fraction
    for name, chips in _by_name(seen):
        flagged = float(np.mean([chip.cosmic_ray_fraction for chip in chips]))
        if flagged > limit:
            yield Finding(
                FindingKind.FLAGGED,
                f"{name}: {flagged:.1%} of the pixels are flagged as cosmic rays (limit "
                f"{limit:.1%}, checks.max_cosmic_ray_fraction): it differs from the others by more "
                f"than cosmic rays; {_leave_out(name)}",
            )
        for chip in chips:
            if 0 < chip.good_fraction < few:
                yield Finding(
                    FindingKind.FLAGGED,
                    f"{name}: {chip.good_fraction:.1%} of the pixels of SCI,{chip.extver} are good "
                    f"(limit {few:.1%}, checks.min_good_fraction); good bits are "
                    f"drizzle.final_bits, or {_leave_out(name)}",
                    stops=False,
                )


def _noise(seen: SideBySide, limits: CheckLimits) -> Iterator[Finding]:
    """Hold the noise against ERR: by itself, and against the same ratio of the others."""
    limit, own = limits.max_noise_ratio, limits.max_noise_over_error
    ratios = np.array([_usable([c.noise_over_error for c in chips]) for chips in seen.levels])
    for number, name in enumerate(seen.names):
        ratio, others = ratios[number], _median(np.delete(ratios, number))
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
            f"again or {_leave_out(name)}",
        )


def _sky(seen: SideBySide, limits: CheckLimits) -> Iterator[Finding]:
    """Tell skies that differ: scattered light brings noise of its own, a wrong scale does not."""
    skies, noises = (
        np.array([_usable([getattr(chip, what) for chip in chips]) for chips in seen.levels])
        for what in ("sky", "noise")
    )
    seconds = np.array([chips[0].exptime_s for chips in seen.levels])
    # variance in electrons that the sky does not explain: read noise and dark
    rest, whole = (noises * seconds) ** 2 - skies * seconds, (noises * seconds) ** 2
    limit = limits.max_sky_ratio
    for number, name in enumerate(seen.names):
        others = _median(np.delete(skies, number))
        far = abs(skies[number] - others) > _SKY_KNOWN_TO * noises[number]
        if not (far and _beyond(skies[number] / others, limit)):
            continue
        usual = _median(np.delete(rest, number))
        contradicts = abs(rest[number] - usual) > _VARIANCE_KNOWN_TO * whole[number] and (
            rest[number] > _VARIANCE_RATIO * usual or rest[number] < usual / _VARIANCE_RATIO
        )
        why = (
            "and its noise is not that of so much light: EXPTIME, BUNIT or the gain is wrong"
            if contradicts
            else "as scattered light does, whose noise the weight by exposure time does not know"
        )
        yield Finding(
            FindingKind.SKY,
            f"{name}: the sky is {skies[number]:.4g} a second and pixel, {others:.4g} in the "
            f"others (limit a factor {limit:g}, checks.max_sky_ratio), {why}; {_leave_out(name)}",
            stops=bool(contradicts),
        )


def _missing(seen: SideBySide) -> Iterator[Finding]:
    for name, expected, found in zip(seen.names, seen.n_expected, seen.n_found, strict=True):
        if expected >= MIN_STARS and found < expected / 2:
            yield Finding(
                FindingKind.STARS,
                f"{name}: it shows {found} of the {expected} stars that other exposures share and "
                "that it should show: it is trailed, blank, of another field, or off by more than "
                f"1.5 arcsec; {_leave_out(name)}",
            )


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
            f"{_leave_out(seen.names[number])}",
            stops=bool(out_of_place),
        )


def _ratios(seen: SideBySide, limits: CheckLimits) -> Iterator[Finding]:
    for kind, values, limit, key, follows in (
        (FindingKind.FLUX, seen.flux, limits.max_flux_difference, "max_flux_difference",
         "EXPTIME, BUNIT, the gain or the photometry is wrong"),
        (FindingKind.WIDTH, seen.fwhm_arcsec, limits.max_width_difference, "max_width_difference",
         "it is trailed or out of focus"),
    ):  # fmt: skip
        told = f"(limit {limit:.0%}, checks.{key}): {follows}"
        for number, ratio, n_stars in _odd_ratios(values, limit):
            name = seen.names[number]
            yield Finding(
                kind,
                f"{name}: the {kind} of {n_stars} stars is {ratio} times that in "
                f"{_others(seen, number, '')} {told}; {_leave_out(name)}",
            )


def _odd_ratios(values: np.ndarray, limit: float) -> Iterator[tuple[int, str, int]]:
    """Give exposures that differ by more than a limit, their ratio and of how many stars."""
    with np.errstate(invalid="ignore", divide="ignore"):
        found = against_others(np.log(values), np.log1p(limit))
    for number in np.flatnonzero(found.exceed(float(np.log1p(limit)))).tolist():
        ratio = np.exp(found.value[number])
        told = f"{ratio:.3g} ± {ratio * found.err[number]:.2g}"
        yield number, told, int(found.n_stars[number])


def _not_compared(seen: SideBySide) -> Iterator[Finding]:
    """Say which exposures could not be compared, and for want of what."""
    n_stars = against_others(seen.flux, np.inf).n_stars
    few = [
        f"{name} ({n} stars shared, of {m} sources)"
        for name, n, m, expected in zip(
            seen.names, n_stars, seen.n_sources, seen.n_expected, strict=True
        )
        if n < MIN_STARS and expected < MIN_STARS
    ]
    if few:
        yield Finding(
            FindingKind.STARS,
            "Flux, width and place of stars could not be compared between exposures for want of "
            f"{MIN_STARS} stars that two of them share: {', '.join(few[:_N_NAMED])}"
            + (f" and {len(few) - _N_NAMED} more" if len(few) > _N_NAMED else ""),
            stops=False,
        )


_N_NAMED = 12


def _others(seen: SideBySide, number: int, verb: str = " put") -> str:
    """Name what an exposure was compared with: of two, either may be the odd one."""
    if len(seen.names) == 2:  # noqa: PLR2004
        return f"{seen.names[1 - number]}{verb + 's' if verb else ''}"
    return f"the others{verb}"


def _by_name(seen: SideBySide) -> Iterator[tuple[str, tuple[ChipLevel, ...]]]:
    return zip(seen.names, seen.levels, strict=True)


def _usable(values: list[float]) -> float:
    """Return the mean of what is known and not 0; nan without any."""
    known = [value for value in values if np.isfinite(value) and value != 0]
    return float(np.mean(known)) if known else np.nan


def _median(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else np.nan


def _beyond(ratio: float, limit: float) -> bool:
    return bool(ratio > limit or ratio < 1 / limit)


def _leave_out(name: str) -> str:
    return f"leave it out with dataset.exclude=[{name}]"
