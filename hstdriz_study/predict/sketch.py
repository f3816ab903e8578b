"""From a user's exposures as they are to what the weights of a drizzled image depend on.

The pixel maps come from the headers, on copies of the headers alone; the flags, and the pixels
that hold no number, are read from the user's files, which are never written to. Cosmic rays,
which only preparing finds, are allowed for at random places; pointing errors, which only aligning
finds, are not.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

from hstdriz_study.contracts import PreparedFilter
from hstdriz_study.dataset.copies import copy_name
from hstdriz_study.dataset.opening import drop
from hstdriz_study.drizzle import Weighting
from hstdriz_study.errors import ConfigError, DatasetError
from hstdriz_study.foreign import confined
from hstdriz_study.good_bits import with_cosmic_rays
from hstdriz_study.prepare.chips import describe_chips, load_chips, load_mosaic, place_chips
from hstdriz_study.prepare.geometry import footprints
from hstdriz_study.prepare.non_finite import find_non_finite, non_finite_warnings
from hstdriz_study.prepare.prepare import never_bad
from hstdriz_study.prepare.references import reference_environment, reference_files
from hstdriz_study.prepare.wcs import set_wcs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hstdriz_study.contracts import DrizzleSettings
    from hstdriz_study.dataset import FilterExposures
    from hstdriz_study.predict.allowance import CosmicRayAllowance
    from hstdriz_study.prepare.chips import StaticMask
    from hstdriz_study.prepare.settings import PrepareSettings

# The look-up tables of non-polynomial distortion and of the detector, which headers refer to, and
# other solutions.
_OF_WCS = ("WCSDVARR", "D2IMARR", "HDRLET")


def sketch_filter(
    found: FilterExposures,
    allowance: CosmicRayAllowance,
    directory: Path,
    settings: PrepareSettings,
    *,
    seed: int,
) -> PreparedFilter:
    """Describe the exposures of one filter as if they were prepared, without their pixels.

    Parameters
    ----------
    found : `~hstdriz_study.dataset.FilterExposures`
        The user's files; they are only read.
    allowance : `CosmicRayAllowance`
    directory : `~pathlib.Path`
        An empty directory; receives copies of the headers, nodes and masks,
        which the result refers to.
    settings : `~hstdriz_study.prepare.PrepareSettings`
        Its ``wcs`` says which WCS is taken; nothing is aligned.
    seed : int
        Of the places of cosmic rays.

    Returns
    -------
    PreparedFilter
        Its chips name the user's own files, whose flags are to be read with
        `unflagged_weighting`.

    Raises
    ------
    ReferenceFileError, DatasetError
        Each with a sentence naming the file and the cure.
    """
    inputs = [exposure.path for exposure in found.exposures]
    if settings.updatewcs:
        reference_files(inputs, found.reference_dirs)
    copies = [directory / copy_name(path) for path in inputs]
    original = dict(zip(copies, inputs, strict=True))
    environment = reference_environment(found.reference_dirs)
    with confined(directory, environment, directory / "sketch.log"):
        for path, copy in zip(inputs, copies, strict=True):
            _copy_headers(path, copy)
        non_finite = find_non_finite(inputs, never_bad(settings))
        set_wcs([path.name for path in copies], inputs, settings)
        masks = _masks(original, allowance, seed)
        content = describe_chips(place_chips(copies, directory), directory, masks)
        outlines = footprints(copies)
    chips = load_chips(content, directory)
    return PreparedFilter(
        name=settings.filter_name,
        directory=directory,
        exposures=tuple(inputs),
        chips=tuple(replace(chip, exposure=original[chip.exposure]) for chip in chips),
        mosaic=load_mosaic(content),
        key="sketch",
        footprints=outlines,
        zero_point_abmag=None,
        alignment_rms_arcsec=None,
        inputs=tuple(inputs),
        warnings=non_finite_warnings(non_finite),
        non_finite=non_finite,
    )


def unflagged_weighting(settings: DrizzleSettings) -> Weighting:
    """Return the weighting of exposures whose cosmic rays are not flagged yet.

    Flags of cosmic rays that the files carry count as good, because preparing
    finds them anew.

    Raises
    ------
    ConfigError
        For ERR and IVM, which are made from pixels.
    """
    if settings.final_wht_type != "EXP":
        raise ConfigError(
            f"drizzle.final_wht_type={settings.final_wht_type}: these weights are made from "
            "prepared pixels; set predict.exposures=prepared, or drizzle.final_wht_type=EXP"
        )
    return Weighting("EXP", with_cosmic_rays(settings.final_bits))


def _copy_headers(path: Path, copy: Path) -> None:
    """Copy an exposure with zeros for science pixels, without what does not bear on the WCS."""
    with fits.open(path) as hdus:
        kept = [fits.PrimaryHDU(header=hdus[0].header)]
        for hdu in hdus[1:]:
            if hdu.name == "SCI":
                _check_flags(hdus, hdu, path)
                kept.append(fits.ImageHDU(np.zeros(hdu.shape, np.uint8), hdu.header))
            elif hdu.name in _OF_WCS:
                kept.append(hdu.copy())
        fits.HDUList(kept).writeto(copy, output_verify="silentfix")


def _check_flags(hdus: fits.HDUList, science: fits.ImageHDU, path: Path) -> None:
    flags = ("DQ", science.ver)
    if flags not in hdus or hdus[flags].shape != science.shape:
        raise DatasetError(
            f"{path.name}: no DQ extension of the size of SCI,{science.ver}, so its bad pixels are "
            f"not known; download it again or {drop(path)}"
        )


def _masks(original: Mapping[Path, Path], allowance: CosmicRayAllowance, seed: int) -> StaticMask:
    """Return what writes, for each chip, a mask of the pixels that count.

    It is False where a cosmic ray may hit and where the user's own exposure holds no number.
    """
    number = {path: index for index, path in enumerate(original)}

    def write(path: Path, science: fits.ImageHDU) -> str:
        rng = np.random.default_rng([seed, number[path], science.ver])
        exptime_s = float(fits.getval(path, "EXPTIME"))
        name = f"{path.stem}_sci{science.ver}_mask.npy"
        pixels = fits.getdata(original[path], ("SCI", science.ver))
        hits = allowance.hits(exptime_s, science.shape, rng)
        np.save(path.parent / name, np.isfinite(pixels) & ~hits)
        return name

    return write
