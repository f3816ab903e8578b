"""From what the headers of one exposure claim to what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.contracts import Finding, FindingKind
from hstdriz_study.dataset.units import in_units
from hstdriz_study.errors import DatasetError
from hstdriz_study.names import shown
from hstdriz_study.overrides import excluding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hstdriz_study.dataset.headers.claims import ChipClaims, Claims

# Space Telescope Science Institute's keyword dictionary: QUALITY tells in free words of lost guide
# stars and closed shutters; EXPFLAG is one word.
_LOST = ("GSFAIL", "GS FAIL", "LOCKLOST", "LOCK LOST", "TDF-DOWN", "TDF DOWN", "NO GUIDE", "GYRO")
_AXES = ("RA---TAN", "DEC--TAN")
_EXPTIME_UNKNOWN = ("INDETERMINATE", "UNCERTAIN")


def wrong_alone(claims: Claims) -> Iterator[Finding]:
    """Give what is wrong with one exposure.

    Raises
    ------
    DatasetError
        If the telescope followed a moving target, so that stars are trails, or it is not known
        what its pixels are or where they lie.
    """
    if claims.moving:
        raise DatasetError(
            f"{claims.name}: MTFLAG is T, the telescope followed a moving target, so stars are "
            "trails and no PSF can be measured; such an exposure cannot be used, "
            f"{_leave_out(claims)}"
        )
    for chip in claims.chips:
        _check_wcs(claims, chip)
        _check_unit(claims, chip)
    yield from _guiding(claims)
    yield from _kind_of_exposure(claims)
    yield from _empty(claims)


def _check_wcs(claims: Claims, chip: ChipClaims) -> None:
    for name, axis, value in zip(("CTYPE1", "CTYPE2"), _AXES, chip.axes, strict=True):
        if not value.startswith(axis):
            raise DatasetError(
                f"{claims.name}: SCI,{chip.extver}: {name} is {shown(value or 'missing')}, not "
                f"{axis} or {axis}-SIP, so its WCS cannot be read; download it again or "
                f"{_leave_out(claims)}"
            )
    if not chip.scale_arcsec > 0:
        values = ", ".join(f"{value:g}" for value in chip.linear[4:])
        raise DatasetError(
            f"{claims.name}: SCI,{chip.extver}: CD1_1, CD1_2, CD2_1, CD2_2 are {values}, which "
            f"give pixels no area on the sky; download it again or {_leave_out(claims)}"
        )


def _check_unit(claims: Claims, chip: ChipClaims) -> None:
    if in_units(chip.unit, claims.detector) is None:
        raise DatasetError(
            f"{claims.name}: SCI,{chip.extver}: BUNIT is {shown(chip.unit)}; calibrated flt or flc "
            f"files are in ELECTRONS or ELECTRONS/S: calibrate it again or {_leave_out(claims)}"
        )


def _guiding(claims: Claims) -> Iterator[Finding]:
    if any(word in claims.quality for word in _LOST):
        yield Finding(
            FindingKind.QUALITY,
            f"{claims.name}: QUALITY is {shown(claims.quality)}: without its guide stars the "
            f"telescope drifts and stars are trailed; {_leave_out(claims)}",
        )
    if claims.exposure_flag not in ("", "NORMAL"):
        unknown = claims.exposure_flag in _EXPTIME_UNKNOWN
        follows = "the exposure time in its header may be wrong" if unknown else "look at it first"
        yield Finding(
            FindingKind.INTERRUPTED,
            f"{claims.name}: EXPFLAG is {shown(claims.exposure_flag)}: {follows}; "
            f"{_leave_out(claims)}",
            stops=unknown,
        )


def _kind_of_exposure(claims: Claims) -> Iterator[Finding]:
    if claims.image_type not in ("", "EXT"):
        yield Finding(
            FindingKind.NOT_IMAGING,
            f"{claims.name}: IMAGETYP is {shown(claims.image_type)}, not EXT: no exposure of the "
            f"sky; {_leave_out(claims)}",
        )
    if claims.observation_type not in ("", "IMAGING"):
        yield Finding(
            FindingKind.NOT_IMAGING,
            f"{claims.name}: OBSTYPE is {shown(claims.observation_type)}, not IMAGING; "
            f"{_leave_out(claims)}",
        )


def _empty(claims: Claims) -> Iterator[Finding]:
    empty = [chip for chip in claims.chips if chip.n_good == 0]
    if empty:
        where = ", ".join(f"SCI,{chip.extver}" for chip in empty)
        yield Finding(
            FindingKind.EMPTY,
            f"{claims.name}: NGOODPIX of {where} is 0: AstroDrizzle leaves it out of the product "
            f"without a word; {_leave_out(claims)}",
        )


def _leave_out(claims: Claims) -> str:
    return f"leave it out with {excluding([claims.name])}"
