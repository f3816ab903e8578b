"""Every keyword that is given to stwcs and DrizzlePac: updatewcs, TweakReg and AstroDrizzle.

Functions of plain values, one a call; what a user may set comes in, what is decided once is here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hstdriz_study.good_bits import COSMIC_RAY_BIT, without_cosmic_rays

if TYPE_CHECKING:
    from hstdriz_study.contracts import DrizzleSettings, Shift

# Words of drizzlepac 3.11's pars/astrodrizzle.cfgspc. AstroDrizzle itself does not refuse others:
# it takes an image of zeros for the median, and another sky.
COMBINE_TYPES = ("minmed", "iminmed", "median", "imedian", "mean", "imean", "sum")
SKY_METHODS = ("localmin", "globalmin", "match", "globalmin+match")
WHT_TYPES = ("EXP", "ERR", "IVM")

# What carries out steps 1 to 6 when exposures are prepared.
FAST, ASTRODRIZZLE = "fast", "astrodrizzle"
PREPARING_ENGINES = (FAST, ASTRODRIZZLE)

# The fits of tweakreg.cfgspc; what a visit with other guide stars needs is rscale.
FIT_GEOMETRIES = ("shift", "rscale", "general")

SHIFT_FILE, SHIFT_WCS_FILE = "shift.txt", "shift_wcs.fits"
"""Where TweakReg writes its shifts, and the WCS in whose pixels they are."""

# The first guess is the peak of a histogram with bins of a pixel, and was more than TweakReg's
# default of 1 pixel off for one simulated set of ten. What a wider search takes in that is no pair
# is clipped, which three rounds at 3 sigma do not do.
_TOLERANCE_PX, _CLIP_SIGMA, _CLIP_ROUNDS = 1.5, 2.5, 10
CATALOGUE_FILE, IMAGE_FILE = "align_to.cat", "align_to.fits"
"""Names of what TweakReg aligns to, in its working directory."""

# No display, nothing kept beside the product, and no multiprocessing of its own: that is slower
# here and dies inside workers.
_ALWAYS: dict[str, Any] = {
    "build": True,
    "clean": True,
    "preserve": False,
    "num_cores": 1,
    # by default WFPC2 comes out in the numbers of one chip, and single images are compared so
    "proc_unit": "electrons",
}
# AstroDrizzle writes the flags of cosmic rays only in its final step, so preparing runs one, as
# cheap as it can be; the static masks are kept.
_CHEAP_FINAL: dict[str, Any] = {
    "final_wcs": True,
    "final_kernel": "point",
    "final_scale": 1.0,
    "context": False,
    "clean": False,
}
# Steps 2 to 6 were done when the exposures were prepared. The sky is the one measured then
# (skyuser); the static mask is made again because it is kept nowhere; resetbits=0 keeps the
# cosmic-ray flags, which stand for the masks that one call applies. The product equals the
# one-call run bit for bit.
_FINAL_ONLY: dict[str, Any] = {
    "static": True,
    "skysub": False,
    "skyuser": "MDRIZSKY",
    "driz_separate": False,
    "median": False,
    "blot": False,
    "driz_cr": False,
    "resetbits": 0,
    "context": False,
}


@dataclass(frozen=True)
class PreparingOptions:
    """What a user may set of AstroDrizzle's steps 1 to 6, by its own names."""

    skymethod: str
    driz_sep_bits: int | None
    driz_cr: bool
    combine_type: str
    driz_cr_snr: str
    driz_cr_scale: str


CARRIED_OUT_FAST = frozenset(
    ("skymethod", "driz_sep_bits", "driz_cr", "combine_type", "driz_cr_snr", "driz_cr_scale")
)
"""The options of these that ``prepare.engine=fast`` knows; one added later is AstroDrizzle's."""


@dataclass(frozen=True)
class TweakRegOptions:
    """What a user may set of TweakReg and of its source finder, by their own names.

    ``native_scale_arcsec`` is the side of a native pixel, in which TweakReg
    searches; ``dqbits`` are the DQ bits of pixels in which sources may be found.
    """

    minobj: int
    fitgeometry: str
    searchrad_arcsec: float
    native_scale_arcsec: float
    dqbits: int | None
    computesig: bool
    skysigma: float
    threshold: float
    conv_width: float
    use_sharp_round: bool
    sharplo: float
    sharphi: float


@dataclass(frozen=True)
class TweakRegReference:
    """What TweakReg aligns to beside the exposures themselves.

    Attributes
    ----------
    file : str
        Of a catalogue with right ascension and declination in degrees as its first columns, or of
        an image.
    expand_refcat : bool
        Whether sources of aligned exposures are added to those of the reference.
    pixel_arcsec : float or None
        Of an image, in whose pixels TweakReg searches then; None of a catalogue.
    imagefind : dict
        How sources are found in an image, by TweakReg's names.
    """

    file: str
    expand_refcat: bool
    pixel_arcsec: float | None
    imagefind: dict[str, Any]


def updatewcs_options() -> dict[str, Any]:
    """Return the keywords for `stwcs.updatewcs.updatewcs`.

    Without ``use_db=False`` each file waits two minutes for the astrometry
    service where there is no network.
    """
    return {"use_db": False, "checkfiles": False}


def tweakreg_options(
    chosen: TweakRegOptions, reference: TweakRegReference | None = None
) -> dict[str, Any]:
    """Return the keywords for `drizzlepac.tweakreg.TweakReg`, headless.

    The recipe's call (``updatehdr``, ``shiftfile``) with the source finder set
    for the detector; ``threshold`` stands in ``imagefindcfg`` because the two
    may not be given twice. The search radius is a whole number of pixels:
    TweakReg's first guess of a shift is wrong by what it lacks to one, on both
    axes, which on WFC3/UVIS is 0.75 pixel and loses the match.
    """
    pixel_arcsec = reference.pixel_arcsec if reference else None
    return {
        **(_reference(reference) if reference else {}),
        "updatehdr": True,
        "shiftfile": True,
        "outshifts": SHIFT_FILE,
        "outwcs": SHIFT_WCS_FILE,
        "wcsname": "TWEAK",
        "reusename": True,
        "fitgeometry": chosen.fitgeometry,
        "searchunits": "pixels",
        "searchrad": math.ceil(
            chosen.searchrad_arcsec / (pixel_arcsec or chosen.native_scale_arcsec)
        ),
        "tolerance": _TOLERANCE_PX,
        "sigma": _CLIP_SIGMA,
        "nclip": _CLIP_ROUNDS,
        "minobj": chosen.minobj,
        "imagefindcfg": _imagefind(chosen),
        "interactive": False,
        "see2dplot": False,
        "residplot": "No plot",
        "writecat": False,
        "clean": True,
    }


def _reference(reference: TweakRegReference) -> dict[str, Any]:
    if reference.pixel_arcsec is not None:
        given: dict[str, Any] = {
            "refimage": reference.file,
            "refimagefindcfg": reference.imagefind,
        }
    else:
        given = {"refcat": reference.file, "refxcol": 1, "refycol": 2, "refxyunits": "degrees"}
    return given | {"expand_refcat": reference.expand_refcat, "enforce_user_order": True}


def shift_options(shift: Shift) -> dict[str, Any]:
    """Return the keywords for `drizzlepac.updatehdr.updatewcs_with_shift`, files apart.

    Without ``reusename`` a WCS that the copy has under this name is an error.
    """
    return {
        "wcsname": "TWEAK",
        "reusename": True,
        "xsh": shift.dx_px,
        "ysh": shift.dy_px,
        "rot": shift.rotation_deg,
        "scale": shift.scale,
    }


def _imagefind(find: TweakRegOptions) -> dict[str, Any]:
    options: dict[str, Any] = {
        "computesig": find.computesig,
        "threshold": find.threshold,
        "conv_width": find.conv_width,
        "dqbits": find.dqbits,
        "use_sharp_round": find.use_sharp_round,
    }
    if not find.computesig:
        options["skysigma"] = find.skysigma
    if find.use_sharp_round:
        options["sharplo"], options["sharphi"] = find.sharplo, find.sharphi
    return options


def preparing_options(chosen: PreparingOptions) -> dict[str, Any]:
    """Return AstroDrizzle's keywords for the call that prepares."""
    return _ALWAYS | _steps_1_to_6(chosen) | _CHEAP_FINAL


def one_call_options(chosen: PreparingOptions, settings: DrizzleSettings) -> dict[str, Any]:
    """Return AstroDrizzle's keywords for all steps in one call on aligned exposures."""
    return _ALWAYS | _steps_1_to_6(chosen) | _grid(settings)


def _steps_1_to_6(chosen: PreparingOptions) -> dict[str, Any]:
    """Return the keywords of static mask, sky, single images, median, blot and cosmic rays.

    Where no cosmic rays are looked for, the flags that the files have of them stay.
    """
    looked_for = chosen.driz_cr
    return {
        "resetbits": COSMIC_RAY_BIT if looked_for else 0,
        "static": True,
        "skysub": True,
        "skymethod": chosen.skymethod,
        "driz_separate": looked_for,
        "driz_sep_bits": chosen.driz_sep_bits,
        "median": looked_for,
        "combine_type": chosen.combine_type,
        "blot": looked_for,
        "driz_cr": looked_for,
        "driz_cr_snr": chosen.driz_cr_snr,
        "driz_cr_scale": chosen.driz_cr_scale,
    }


def final_options(
    settings: DrizzleSettings, crpix: tuple[float, float] | None = None
) -> dict[str, Any]:
    """Return AstroDrizzle's keywords for the final step alone.

    Parameters
    ----------
    settings : `~hstdriz_study.contracts.DrizzleSettings`
    crpix : tuple of float, optional
        Reference pixel x, y of the output grid; by default AstroDrizzle's own.
    """
    unflagged = {"final_bits": without_cosmic_rays(settings.final_bits)}
    return _ALWAYS | _FINAL_ONLY | _grid(settings) | unflagged | _at(crpix)


def final_masks_options(settings: DrizzleSettings) -> dict[str, Any]:
    """Return the same for a final step that is run for the weights of the chips, which it keeps.

    The grid does not matter: the coarsest one with the cheapest kernel.
    """
    cheap = replace(
        settings, final_kernel="point", final_scale_arcsec=1.0, final_pixfrac=1.0,
        final_rot=0.0, final_refimage=None,
    )  # fmt: skip
    return final_options(cheap) | {"clean": False}


def _grid(settings: DrizzleSettings) -> dict[str, Any]:
    """Return the ``final_*`` keywords; what is None is not given, but for the good bits."""
    given = {
        "final_wcs": True,
        "final_scale": settings.final_scale_arcsec,
        "final_pixfrac": settings.final_pixfrac,
        "final_kernel": settings.final_kernel,
        "final_wht_type": settings.final_wht_type,
        "final_rot": settings.final_rot,
        "final_refimage": str(settings.final_refimage) if settings.final_refimage else None,
    }
    chosen = {name: value for name, value in given.items() if value is not None}
    return chosen | {"final_bits": settings.final_bits}


def _at(crpix: tuple[float, float] | None) -> dict[str, float]:
    return {} if crpix is None else {"final_crpix1": crpix[0], "final_crpix2": crpix[1]}
