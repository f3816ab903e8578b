"""From what the headers of several exposures claim to what does not agree between them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

from hstdriz_study.contracts import Finding, FindingKind
from hstdriz_study.errors import DatasetError
from hstdriz_study.names import listed
from hstdriz_study.overrides import excluding

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from hstdriz_study.dataset.headers.claims import ChipClaims, Claims

MAX_PHOTOMETRY = 0.01  # 0.01 mag in the zero point, as far as depths are quoted
MAX_PIVOT = 0.001  # PHOTPLAM: another filter, or another synthetic photometry
# Two exposures of one chip differ in pixel scale by distortion and velocity aberration (1e-4),
# binned ones by a factor of two.
SCALE_AGREEMENT = 0.02
# The pixels of ACS/HRC, which are not square, are 6 % off the scale that is named for it.
NATIVE_AGREEMENT = 0.2

Key = TypeVar("Key", bound="Hashable")


def wrong_together(claims: Sequence[Claims]) -> Iterator[Finding]:
    """Give what does not agree between the exposures of one filter, their WCS apart."""
    yield from _photometry(claims)
    yield from _units(claims)
    yield from _transfer(claims)
    yield from _shapes(claims)


def check_one_filter(
    claims: Sequence[Claims], label: str, native_scale_arcsec: float, *, updatewcs: bool
) -> None:
    """Refuse exposures that no combination makes sense of.

    Parameters
    ----------
    claims : sequence of `Claims`
    label : str
        What they are exposures of, for the message.
    native_scale_arcsec : float
        Of the filter's detector, unbinned.
    updatewcs : bool
        Whether every WCS is made anew from the IDCTAB.

    Raises
    ------
    DatasetError
        If pixel scales are mixed or not those of the filter, ramp filters are set to several
        wavelengths, or a WCS cannot be made anew: no distortion table is named, or frames of
        ACS/WFC are binned.
    """
    _check_scales(claims, label, native_scale_arcsec)
    _check_ramp(claims, label)
    if updatewcs:
        _check_distortion(claims, label)


def _check_distortion(claims: Sequence[Claims], label: str) -> None:
    without = [one.name for one in claims if one.idctab in ("", "N/A")]
    if without:
        raise DatasetError(
            f"{label}: IDCTAB is N/A in {listed(without)}, so their distortion is not known; "
            f"calibrate them again or leave them out with {excluding(without)}"
        )
    binned = [one.name for one in claims if one.detector == "WFC" and _is_binned(one)]
    if binned:  # docs/wcs.md
        raise DatasetError(
            f"{label}: BINAXIS1 or BINAXIS2 is above 1 in {listed(binned)}; updatewcs puts binned "
            "frames of ACS/WFC a pixel off, for their tables are those of unbinned ones; take the "
            f"WCS in the files with prepare.wcs=active or leave them out with {excluding(binned)}"
        )


def _is_binned(claims: Claims) -> bool:
    return any(max(chip.binning) > 1 for chip in claims.chips)


def _check_scales(claims: Sequence[Claims], label: str, native_scale_arcsec: float) -> None:
    for of_chip in _by_chip(claims).values():
        finest, coarsest = (
            extreme(of_chip, key=lambda pair: pair[1].scale_arcsec) for extreme in (min, max)
        )
        if coarsest[1].scale_arcsec > (1 + SCALE_AGREEMENT) * finest[1].scale_arcsec:
            raise DatasetError(
                f"{label}: mixed pixel scales, {_scale(finest)} and {_scale(coarsest)}; leave one "
                "kind out with dataset.exclude=[...]"
            )
        off = max(coarsest[1].scale_arcsec / native_scale_arcsec - 1, 0.0)
        if off > NATIVE_AGREEMENT:
            raise DatasetError(
                f"{label}: {_scale(coarsest)}, but filter.native_scale_arcsec="
                f"{native_scale_arcsec:g}; for binned exposures set filter.native_scale_arcsec="
                f"{coarsest[1].scale_arcsec:.4g}, from which scales and rules are counted"
            )


def _scale(pair: tuple[Claims, ChipClaims]) -> str:
    claims, chip = pair
    binned = f", BINAXIS {chip.binning[0]} x {chip.binning[1]}" if max(chip.binning) > 1 else ""
    return f"{chip.scale_arcsec:.4f} arcsec in {claims.name}{binned}"


def _check_ramp(claims: Sequence[Claims], label: str) -> None:
    by_wavelength = grouped((one.ramp_wavelength_angstrom, one.name) for one in claims)
    if len(by_wavelength) > 1:
        fewest = min(by_wavelength.values(), key=len)
        raise DatasetError(
            f"{label}: the ramp filter is set to several wavelengths, LRFWAVE "
            f"{values_told({f'{key:g} Angstrom': names for key, names in by_wavelength.items()})}; "
            f"take one with {excluding(fewest)}"
        )


def _photometry(claims: Sequence[Claims]) -> Iterator[Finding]:
    """Compare the sensitivity of chips that are the same one; tell the chip that differs most."""
    for keyword, limit in (("PHOTFLAM", MAX_PHOTOMETRY), ("PHOTPLAM", MAX_PIVOT)):
        by_chip = {
            ccdchip: [(one.name, getattr(chip, keyword.lower())) for one, chip in of_chip]
            for ccdchip, of_chip in _by_chip(claims).items()
        }
        without = [name for pairs in by_chip.values() for name, value in pairs if value is None]
        if 0 < len(without) < sum(map(len, by_chip.values())):
            yield _partly_missing(keyword, list(dict.fromkeys(without)))
        elif without:
            yield Finding(
                FindingKind.PHOTOMETRY,
                f"{keyword} is missing or 0 in all exposures: there is no zero point, so no depth "
                "in magnitudes; calibrate them again if you need it",
                stops=False,
            )
        else:
            ccdchip, pairs = max(by_chip.items(), key=lambda item: _spread(item[1]))
            if _spread(pairs) > limit:
                chip = f" of chip {ccdchip}" if len(by_chip) > 1 else ""
                cure = _cure_of_sensitivity(_by_chip(claims)[ccdchip])
                yield _differing(f"{keyword}{chip}", pairs, cure)


def _spread(pairs: Iterable[tuple[str, float]]) -> float:
    values = [value for _, value in pairs]
    return max(values) / min(values) - 1


def _partly_missing(keyword: str, without: list[str]) -> Finding:
    return Finding(
        FindingKind.PHOTOMETRY,
        f"{keyword} is missing or 0 in {listed(without)} and there in the others: the zero point "
        f"is not theirs; calibrate them again or leave them out with {excluding(without)}",
    )


def _cure_of_sensitivity(of_chip: Sequence[tuple[Claims, ChipClaims]]) -> str:
    by_gain = grouped((chip.electrons_per_unit, one.name) for one, chip in of_chip)
    if len(by_gain) > 1:
        # photeq scales the pixels, which AstroDrizzle then multiplies by the gains as they were
        fewest = min(by_gain.values(), key=len)
        return (
            "each is over its gain, ATODGAIN, which differs too: leave one out with "
            f"{excluding(fewest)}"
        )
    return (
        "bring copies of them to one sensitivity first: drizzlepac's photeq(files, "
        "readonly=False), which changes nothing without readonly"
    )


def _differing(what: str, pairs: Sequence[tuple[str, float]], cure: str) -> Finding:
    by_value = grouped((f"{value:.5g}", name) for name, value in pairs)
    return Finding(
        FindingKind.PHOTOMETRY,
        f"{what} differs by {100 * _spread(pairs):.2g} %, {values_told(by_value)}: no one zero "
        f"point holds for their combination; {cure}",
    )


def _units(claims: Sequence[Claims]) -> Iterator[Finding]:
    by_unit = grouped((chip.unit or "missing", one.name) for one in claims for chip in one.chips)
    if len(by_unit) > 1:
        yield Finding(
            FindingKind.UNITS,
            f"BUNIT differs, {values_told(by_unit)}: AstroDrizzle takes counts and rates for each "
            "other then; calibrate them alike or leave one kind out with dataset.exclude=[...]",
        )
    elif "missing" in by_unit:
        yield Finding(
            FindingKind.UNITS,
            "BUNIT is missing in all exposures, which AstroDrizzle takes for electrons a second; "
            "calibrate them again",
        )


def _transfer(claims: Sequence[Claims]) -> Iterator[Finding]:
    without = [one.name for one in claims if not one.transfer_corrected]
    if 0 < len(without) < len(claims):
        yield Finding(
            FindingKind.TRANSFER,
            f"{listed(without)}: not corrected for losses in charge transfer, as the others are; "
            "get their _flc files, or take _flt files of all",
            stops=False,
        )


def _shapes(claims: Sequence[Claims]) -> Iterator[Finding]:
    """Tell exposures whose images of a chip are of another size than most: subarrays, cut ones."""
    for of_chip in _by_chip(claims).values():
        by_shape = grouped((_size(chip.shape), one.name) for one, chip in of_chip)
        usual = max(by_shape, key=lambda size: len(by_shape[size]))
        odd = [name for size, names in by_shape.items() if size != usual for name in names]
        if odd:
            others = {size: names for size, names in by_shape.items() if size != usual}
            yield Finding(
                FindingKind.SHAPE,
                f"SCI has {values_told(others)} pixels, {usual} in the others: the image is "
                "less deep where they do not reach; if that is not meant, leave them out with "
                f"{excluding(odd)}",
                stops=False,
            )


def _size(shape: tuple[int, int]) -> str:
    return f"{shape[1]} x {shape[0]}"


def _by_chip(claims: Iterable[Claims]) -> dict[int, list[tuple[Claims, ChipClaims]]]:
    """Put together the chips that are the same one of the camera, each with its exposure."""
    found: dict[int, list[tuple[Claims, ChipClaims]]] = defaultdict(list)
    for one in claims:
        for chip in one.chips:
            found[chip.ccdchip].append((one, chip))
    return found


def grouped(pairs: Iterable[tuple[Key, str]]) -> dict[Key, list[str]]:
    """Put together the names that have the same value, each once."""
    found: dict[Key, list[str]] = defaultdict(list)
    for key, name in pairs:
        if name not in found[key]:
            found[key].append(name)
    return found


def values_told(by_value: Mapping[str, Sequence[str]]) -> str:
    """Say which files have which value."""
    return " and ".join(f"{value} in {listed(names)}" for value, names in by_value.items())
