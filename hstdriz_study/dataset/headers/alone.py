"""From what the headers of one exposure claim to what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.contracts import Finding, FindingKind
from hstdriz_study.errors import DatasetError
from hstdriz_study.names import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hstdriz_study.dataset.headers.claims import Claims

# Space Telescope Science Institute's keyword dictionary: QUALITY tells in free words of lost guide
# stars and closed shutters; EXPFLAG is one word.
_LOST = ("GSFAIL", "GS FAIL", "LOCKLOST", "LOCK LOST", "TDF-DOWN", "TDF DOWN", "NO GUIDE", "GYRO")
_EXPTIME_UNKNOWN = ("INDETERMINATE", "UNCERTAIN")


def wrong_alone(claims: Claims) -> Iterator[Finding]:
    """Give what is wrong with one exposure.

    Raises
    ------
    DatasetError
        If the telescope followed a moving target: stars are trails then.
    """
    if claims.moving:
        raise DatasetError(
            f"{claims.name}: MTFLAG is T, the telescope followed a moving target, so stars are "
            "trails and no PSF can be measured; such an exposure cannot be used, "
            f"{_leave_out(claims)}"
        )
    yield from _guiding(claims)
    yield from _kind_of_exposure(claims)
    yield from _empty(claims)


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
    return f"leave it out with dataset.exclude=[{claims.name}]"
