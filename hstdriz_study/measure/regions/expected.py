"""From a model PSF to what a star must measure on the native-scale product."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from astropy.stats import gaussian_sigma_to_fwhm

from hstdriz_study.measure.regions.locus import features_of
from hstdriz_study.measure.regions.sources import noiseless_sources
from hstdriz_study.optics.psf import StarPainter

if TYPE_CHECKING:
    from hstdriz_study.contracts import MeasureGeometry
    from hstdriz_study.optics.psf import EffectivePSF

MODEL_WIDTH = 0.10
"""How far, as 1 sigma of the logarithm, a telescope's stars may be from the model's: focus and
jitter change from orbit to orbit, and the model is one for the whole field."""

NAMED_WIDTH = 0.20
"""The same for ``filter.psf_fwhm_arcsec``, which is a round number."""

_SCATTER_PER_GROWTH = (0.6, 0.15)
"""Scatter of both features by the relative growth of the width: of simulated F160W stars, four
exposures with pointing errors of 0.3 pixels."""

PHASE = (0.025, 0.007)
"""1 sigma of both features of stars without noise: what the phase of the pixel at which they fall
does with four dithers on WFC3/IR, whose pixels are coarsest."""

_PHASE_LEFT, _PHASE_UNKNOWN = 0.2, (0.010, 0.005)
"""The same where each source is compared with a star of the model in its place: the part of the
phase's effect that stays, for the model's PSF is not the telescope's, and what stays in any case
(GalSim's PSF, 6 to 14 % narrower than the model's)."""

_PER_SIDE = 5  # stars of the model are placed at so many sub-pixel phases along each axis
_APART_PER_EE_RADIUS = 3.5


@dataclass(frozen=True)
class ExpectedStar:
    """What a star is expected to measure, and how firmly.

    Attributes
    ----------
    fwhm_arcsec : float
        By the fit of `~hstdriz_study.measure.regions.sources.fit_sizes`.
    width : float
        1 sigma of its logarithm.
    source : str
        Where it comes from, in words.
    concentration : float or None
        Flux inside half the photometric aperture over that inside all of it.
    scatter : (2,) tuple of float
        1 sigma by which the features of stars differ, beside what phase and noise do.
    phase : (2,) tuple of float
        1 sigma by which they differ by the phase of the pixel.
    """

    fwhm_arcsec: float
    width: float
    source: str
    concentration: float | None = None
    scatter: tuple[float, float] = (0.0, 0.0)
    phase: tuple[float, float] = PHASE

    @classmethod
    def named(cls, geometry: MeasureGeometry) -> ExpectedStar:
        """Take the width that the configuration names."""
        return cls(geometry.psf_fwhm_arcsec, NAMED_WIDTH, "filter.psf_fwhm_arcsec")

    def misaligned(self, rms_arcsec: float) -> ExpectedStar:
        """Return what a star measures where exposures lie on each other with an error.

        It is wider, by the square of the error for a Gaussian; and because each exposure samples
        it at a phase of its own, stars are no longer alike (`_SCATTER_PER_GROWTH`).

        Parameters
        ----------
        rms_arcsec : float
            Of the exposures' places, on an axis.
        """
        if rms_arcsec == 0:
            return self
        growth = 0.5 * (gaussian_sigma_to_fwhm * rms_arcsec / self.fwhm_arcsec) ** 2
        return replace(
            self,
            fwhm_arcsec=self.fwhm_arcsec * (1 + growth),
            source=f'{self.source}, misaligned by {rms_arcsec:.3f}" rms',
            scatter=(_SCATTER_PER_GROWTH[0] * growth, _SCATTER_PER_GROWTH[1] * growth),
        )

    def in_place(self, seen: np.ndarray) -> ExpectedStar:
        """Return the expected star of sources from which stars in their places are taken off.

        Parameters
        ----------
        seen : (N, 2) `~numpy.ndarray`
            Features of the model's stars there.
        """
        spread = np.nanstd(seen, axis=0) if len(seen) else np.zeros(2)
        size, concentration = np.hypot(_PHASE_UNKNOWN, _PHASE_LEFT * spread).tolist()
        return replace(self, phase=(size, concentration))

    @property
    def features(self) -> np.ndarray:
        """As `~hstdriz_study.measure.regions.locus.features_of`; NaN for what is not known."""
        concentration = np.nan if self.concentration is None else self.concentration
        return features_of(np.array([self.fwhm_arcsec]), np.array([concentration]))[0]

    @property
    def err_arcsec(self) -> float:
        """1 sigma of the width."""
        return self.width * self.fwhm_arcsec

    @property
    def text(self) -> str:
        """The width with its uncertainty, in words."""
        return f'{self.fwhm_arcsec:.3f} ± {self.err_arcsec:.3f}" ({self.source})'


def expected_star(
    psf: EffectivePSF, pixfrac: float, geometry: MeasureGeometry, scale_arcsec: float
) -> ExpectedStar:
    """Measure stars of a model on a native-scale product as its sources are measured.

    Parameters
    ----------
    psf : `~hstdriz_study.optics.psf.EffectivePSF`
        On pixels as large as the product's.
    pixfrac : float
        Of the product; its output pixel is as large as the detector's.
    geometry : `~hstdriz_study.contracts.MeasureGeometry`
    scale_arcsec : float
        Of the product.
    """
    apart = _APART_PER_EE_RADIUS * geometry.ee_radius_arcsec / scale_arcsec
    phases = np.arange(_PER_SIDE) / _PER_SIDE
    places = np.round(apart * (np.arange(_PER_SIDE) + 0.5)) + phases
    x, y = (axis.ravel() for axis in np.meshgrid(places, places))
    image = np.zeros((int(apart * _PER_SIDE), int(apart * _PER_SIDE)))
    painter = StarPainter(psf.blurred((pixfrac, 1.0)))
    for at in zip(x, y, strict=True):
        painter.add(image, *at, 1.0)
    stars = noiseless_sources(
        np.ma.MaskedArray(image), np.column_stack([x, y]), geometry, scale_arcsec
    )
    return ExpectedStar(
        fwhm_arcsec=float(np.median(stars["fwhm"])),
        width=MODEL_WIDTH,
        source="model of the optics on the native-scale product",
        concentration=float(np.median(stars["concentration"])),
    )
