"""Faults of one exposure in graded sizes, as their causes make them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import convolve1d, shift

if TYPE_CHECKING:
    from collections.abc import Callable

    from astropy.io import fits

_TRAIL_STEPS = 15
_FWHM_PER_SIGMA = 2.3548


@dataclass(frozen=True)
class Fault:
    """A kind of fault.

    Attributes
    ----------
    words : str
        With the size for ``{}``.
    kinds : tuple of str
        Kinds of findings (`~hstdriz_study.contracts.FindingKind`) that name it.
    sizes : tuple of float
        From small to large.
    required : float
        From this size on it must be found.
    plant : callable
        Makes what is planted of a size and the FWHM of a star in pixels.
    on_stars : bool
        Whether only stars show it.
    """

    words: str
    kinds: tuple[str, ...]
    sizes: tuple[float, ...]
    required: float
    plant: Callable[[float, float], Planted]
    on_stars: bool = True


@dataclass(frozen=True)
class Planted:
    """What a fault does.

    Attributes
    ----------
    on_light : callable
        Turns the count rates of the sources on a chip into those that the detector sees.
    on_exposure : callable
        Changes the calibrated exposure in place.
    """

    on_light: Callable[[np.ndarray], np.ndarray] = lambda light: light
    on_exposure: Callable[[fits.HDUList], None] = lambda _: None


def _widened(size: float, fwhm_px: float) -> Planted:
    """Make stars wider by a fraction of their FWHM."""
    return Planted(on_light=lambda light: smeared(light, fwhm_px, size))


def _trailed(size: float, _: float) -> Planted:
    """Drift steadily along rows."""
    steps = size * ((np.arange(_TRAIL_STEPS) + 0.5) / _TRAIL_STEPS - 0.5)

    def drift(light: np.ndarray) -> np.ndarray:
        moved = [shift(light, (0, step), order=1, mode="nearest") for step in steps]
        return np.asarray(np.mean(moved, axis=0))

    return Planted(on_light=drift)


def _scaled(size: float, _: float) -> Planted:
    """Multiply pixels and errors, as a wrong flat field or sensitivity does."""

    def scale(hdus: fits.HDUList) -> None:
        for hdu in _arrays(hdus, "SCI", "ERR"):
            hdu.data = hdu.data * np.float32(1 + size)

    return Planted(on_exposure=scale)


def _wrong_time(size: float, _: float) -> Planted:
    """Write EXPTIME too large; rates were made with it."""

    def lengthen(hdus: fits.HDUList) -> None:
        hdus[0].header["EXPTIME"] *= 1 + size
        for hdu in _arrays(hdus, "SCI", "ERR"):
            if hdu.header["BUNIT"].endswith("/S"):
                hdu.data = hdu.data / np.float32(1 + size)

    return Planted(on_exposure=lengthen)


def _wrong_gain(factor: float, _: float) -> Planted:
    """Give too many electrons; ERR is made of them and the read noise, as calibration does."""

    def amplify(hdus: fits.HDUList) -> None:
        for science in _arrays(hdus, "SCI"):
            error = hdus["ERR", science.ver]
            rate = science.header["BUNIT"].endswith("/S")
            seconds = hdus[0].header["EXPTIME"] if rate else 1.0
            more = (factor - 1) * np.clip(science.data, 0, None) / seconds
            science.data = science.data * np.float32(factor)
            error.data = np.sqrt(error.data**2 + more).astype(np.float32)

    return Planted(on_exposure=amplify)


def _pedestal(factor: float, _: float) -> Planted:
    """Lift the sky by a constant, which brings no noise."""

    def lift(hdus: fits.HDUList) -> None:
        for hdu in _arrays(hdus, "SCI"):
            hdu.data = hdu.data + np.float32((factor - 1) * np.median(hdu.data))

    return Planted(on_exposure=lift)


def _displaced(pixels: float, _: float) -> Planted:
    """Put the WCS off along rows."""

    def displace(hdus: fits.HDUList) -> None:
        for hdu in _arrays(hdus, "SCI"):
            hdu.header["CRPIX1"] += pixels

    return Planted(on_exposure=displace)


def _powered_error(power: float, _: float) -> Planted:
    """Raise ERR to a power; of 2 it is a variance."""

    def raise_it(hdus: fits.HDUList) -> None:
        for hdu in _arrays(hdus, "ERR"):
            hdu.data = hdu.data ** np.float32(power)

    return Planted(on_exposure=raise_it)


def smeared(light: np.ndarray, fwhm_px: float, widening: float) -> np.ndarray:
    """Convolve with what widens stars of a FWHM by a fraction, in quadrature.

    The three pixels of the kernel have, on each axis, the variance of the Gaussian that does it.
    """
    variance = (fwhm_px / _FWHM_PER_SIGMA) ** 2 * ((1 + widening) ** 2 - 1)
    kernel = np.array([variance / 2, 1 - variance, variance / 2])
    return np.asarray(convolve1d(convolve1d(light, kernel, 0), kernel, 1))


def _arrays(hdus: fits.HDUList, *names: str) -> list[fits.ImageHDU]:
    return [hdu for hdu in hdus if hdu.name in names]


FAULTS = (
    Fault("stars {:.0%} wider", ("width", "stars"), (0.05, 0.1, 0.15, 0.25), 0.15, _widened),
    Fault("a trail of {:g} pixels", ("width", "stars"), (0.75, 1.0, 1.5, 2.5), 1.5, _trailed),
    Fault("flux {:.0%} too large", ("flux",), (0.03, 0.06, 0.1, 0.2), 0.1, _scaled),
    Fault("EXPTIME {:.0%} too large", ("flux",), (0.03, 0.06, 0.1, 0.2), 0.1, _wrong_time),
    Fault(
        "gain off by a factor {:g}", ("flux", "noise", "sky"), (1.1, 1.25, 1.5, 2.0), 1.5,
        _wrong_gain, on_stars=False,
    ),
    Fault(
        "sky off by a factor {:g}", ("sky",), (1.1, 1.25, 1.5, 2.0), 1.5, _pedestal, on_stars=False
    ),
    Fault("WCS off by {:g} pixels", ("shift", "stars"), (0.1, 0.2, 0.3, 1.0), 0.3, _displaced),
    Fault(
        "ERR to the power {:g}", ("noise",), (1.25, 1.5, 2.0), 2.0, _powered_error, on_stars=False
    ),
)  # fmt: skip
"""All that are planted in exposures; that one is there twice is another matter."""
