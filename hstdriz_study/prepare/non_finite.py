"""From exposures with pixels that hold no number to copies in which these are bad pixels.

The drizzle library passes over a NaN of weight 0. AstroDrizzle (drizzlepac 3.11.0) multiplies it by
its weight, so that every output pixel its drop touches is NaN while WHT shows the others' weight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

from hstdriz_study.contracts import NonFinite
from hstdriz_study.errors import DatasetError
from hstdriz_study.good_bits import COSMIC_RAY_BIT, bad_pixel_flag, good_pixels
from hstdriz_study.overrides import excluding

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_N_NAMED = 12  # exposures in one sentence


def find_non_finite(paths: Iterable[Path], good: int | None) -> tuple[NonFinite, ...]:
    """Count the pixels of exposures that hold no number, and check that they can be flagged.

    Parameters
    ----------
    paths : iterable of `~pathlib.Path`
        They are only read.
    good : int or None
        DQ flags that do not make a pixel bad in every step
        (`~hstdriz_study.good_bits.good_bits`).

    Returns
    -------
    tuple of `~hstdriz_study.contracts.NonFinite`
        Of the exposures that have such pixels.

    Raises
    ------
    DatasetError
        If an exposure holds no number at all, or pixels that cannot be flagged.
    """
    counted = [_count(path, good) for path in paths]
    found = tuple(one for one in counted if one.science or one.error)
    marked = [one.exposure for one in found if one.science]
    if marked and bad_pixel_flag(good) is None:
        raise DatasetError(
            f"{marked[0]}: pixels are NaN or infinite, and no DQ flag can mark them as bad, for "
            "prepare.driz_sep_bits or drizzle.final_bits takes every flag for good; leave 4 out of "
            "both"
        )
    return found


def _count(path: Path, good: int | None) -> NonFinite:
    with fits.open(path) as hdus:
        science = [hdu for hdu in hdus if hdu.name == "SCI"]
        counts = np.sum([_count_chip(hdus, hdu, path, good) for hdu in science], axis=0)
        n_pixels = sum(hdu.data.size for hdu in science)
    if counts[0] == n_pixels:
        raise DatasetError(
            f"{path.name}: every pixel is NaN or infinite; drop it with {excluding([path.name])}"
        )
    return NonFinite(path.name, *counts.tolist())


def _count_chip(
    hdus: fits.HDUList, science: fits.ImageHDU, path: Path, good: int | None
) -> tuple[int, int, int, int]:
    """Count pixels without a number and without a usable error, each also where not flagged."""
    without = ~np.isfinite(science.data)
    flags, error = (_beside(hdus, name, science) for name in ("DQ", "ERR"))
    if flags is None and without.any():
        raise DatasetError(
            f"{path.name}: pixels are NaN or infinite, and there is no DQ extension of the size of "
            f"SCI,{science.ver} to flag them in; download it again or drop it with "
            f"{excluding([path.name])}"
        )
    fine = np.ones_like(without) if flags is None else good_pixels(flags, good)
    weightless = np.zeros_like(without) if error is None else gives_no_weight(error)
    masks = without, without & fine, weightless, weightless & fine & ~without
    return tuple(int(np.count_nonzero(mask)) for mask in masks)  # type: ignore[return-value]


def _beside(hdus: fits.HDUList, name: str, science: fits.ImageHDU) -> np.ndarray | None:
    """Return the array that belongs to a chip; None when there is none of its size."""
    if (name, science.ver) not in hdus or hdus[name, science.ver].shape != science.shape:
        return None
    return np.asarray(hdus[name, science.ver].data)


# The product script holds the text of the two functions below: they need nothing but numpy,
# astropy.io.fits and pathlib.Path.


def gives_no_weight(error: np.ndarray) -> np.ndarray:
    """Tell where (EXPTIME / ERR)**2, the weight of a pixel by its error, is no positive number."""
    return ~np.isfinite(error) | (error == 0)


def make_bad(path: Path, flag: int) -> None:
    """Turn the pixels of an exposure that hold no number into bad pixels, in the file itself.

    SCI that is NaN or infinite becomes 0 and is flagged in DQ. ERR that is NaN or 0 becomes
    infinite, which weighs nothing.
    """
    with fits.open(path, mode="update", memmap=False) as hdus:
        for science in [hdu for hdu in hdus if hdu.name == "SCI"]:
            without = ~np.isfinite(science.data)
            if without.any():
                science.data[without] = 0
                hdus["DQ", science.ver].data[without] |= flag
            if ("ERR", science.ver) in hdus:
                error = hdus["ERR", science.ver].data
                error[gives_no_weight(error)] = np.inf


def take_off_cosmic_rays(path: Path, original: Path) -> None:
    """Take the flags of cosmic rays off pixels that hold no number in the original.

    The 0 in their place is no cosmic ray, however bright the star that it lies in; counted as one
    it would be told that stars are taken for cosmic rays.
    """
    with fits.open(original) as before, fits.open(path, mode="update", memmap=False) as hdus:
        for science in (hdu for hdu in before if hdu.name == "SCI"):
            without = ~np.isfinite(science.data)
            if without.any():
                flags = hdus["DQ", science.ver].data
                flags[without] -= flags[without] & COSMIC_RAY_BIT


def non_finite_warnings(found: Sequence[NonFinite]) -> tuple[str, ...]:
    """Say which exposures have pixels that count as bad for want of a number."""
    science = [f"{one.science} in {one.exposure}{_unflagged(one)}" for one in found if one.science]
    error = [f"{n} in {one.exposure}" for one in found if (n := one.error_unflagged)]
    told = (
        ("pixels that are NaN or infinite count as bad", science),
        ("pixels whose ERR is NaN, infinite or 0 weigh nothing with final_wht_type=ERR", error),
    )
    return tuple(f"{what}: {_listed(names)}" for what, names in told if names)


def _unflagged(one: NonFinite) -> str:
    return f" ({one.science_unflagged} of them not flagged)" if one.science_unflagged else ""


def _listed(phrases: Sequence[str]) -> str:
    named = ", ".join(phrases[:_N_NAMED])
    more = len(phrases) - _N_NAMED
    return f"{named}, and in {more} more exposures" if more > 0 else named
