"""From exposures and their static masks to the sky in their headers (MDRIZSKY)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits

from hstdriz_study.good_bits import good_pixels

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.prepare.fast.chip import FastChip

# AstroDrizzle's defaults of its step 2.
_STATISTICS: dict[str, Any] = {
    "skystat": "median",
    "lower": None,
    "upper": None,
    "nclip": 5,
    "lsigma": 4.0,
    "usigma": 4.0,
    "binwidth": 0.1,
}
_SKY_BITS = 0
_KEYWORD = "MDRIZSKY"

_MATCHING = "match"

EACH_ALONE = ("localmin",)
"""Methods by which the sky of an exposure does not depend on the others."""


class SkyMethodError(Exception):
    """Skies cannot be matched; AstroDrizzle would go on with another method."""


def measure_skies(exposures: Sequence[Sequence[FastChip]], method: str) -> None:
    """Measure the sky of exposures, given by their chips, and write it into their headers.

    It is what AstroDrizzle calls, stsci.skypac, with the masks that AstroDrizzle gives it.

    Raises
    ------
    SkyMethodError
        If skies cannot be matched.
    """
    from stsci.skypac.skymatch import skymatch
    from stsci.skypac.utils import MultiFileLog

    opened = [_opened(chips) for chips in exposures]
    try:
        skymatch(
            opened, skymethod=method, **_STATISTICS,
            skyuser_kwd=_KEYWORD, units_kwd="BUNIT", readonly=False, dq_bits=None,
            optimize="balanced", clobber=True, clean=True, verbose=True,
            flog=MultiFileLog(console=True, enableBold=False), _taskname4history="AstroDrizzle",
        )  # fmt: skip
    except Exception as error:
        if _MATCHING in method:
            raise SkyMethodError from error
        raise
    finally:
        for one in opened:
            one.release_all_images()
    for chips in exposures:
        _forget_sky_of_file(chips[0].exposure)


def skies(chips: Sequence[FastChip]) -> list[float]:
    """Return the skies of the chips of an exposure, in the unit of their pixels."""
    with fits.open(chips[0].exposure) as hdus:
        return [float(hdus["SCI", chip.extver].header.get(_KEYWORD, 0.0)) for chip in chips]


def _forget_sky_of_file(exposure: Path) -> None:
    """Take a sky off the primary header, as AstroDrizzle does."""
    if _KEYWORD in fits.getheader(exposure):
        fits.delval(exposure, _KEYWORD)


def _opened(chips: Sequence[FastChip]) -> Any:
    """Open an exposure with the masks of its chips, in skypac's terms."""
    from stsci.skypac.parseat import FileExtMaskInfo
    from stsci.skypac.utils import temp_mask_file

    opened = FileExtMaskInfo(default_ext=("SCI", "*"), doNotOpenDQ=True, im_fmode="update")
    opened.image = str(chips[0].exposure)
    opened.append_ext([("SCI", chip.extver) for chip in chips])
    for chip in chips:
        good = good_pixels(chip.flags(), _SKY_BITS) & np.load(chip.static_mask)
        _, mask = temp_mask_file(
            good.astype(np.uint8), chip.exposure.stem, prefix="", suffix="sky_mask",
            ext=("SCI", chip.extver), randomize_prefix=False,
        )  # fmt: skip
        opened.append_mask(mask, 0)
        mask.release()
    opened.finalize()
    return opened
