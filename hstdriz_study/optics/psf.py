"""From the telescope's pupil to the effective PSF that the pixels sample.

The effective PSF is the optical PSF convolved with the pixel and with charge
diffusion: its value at an offset is the fraction of a star's light in a pixel
whose centre lies at that offset.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

ARCSEC_PER_RAD = 206264.80624709636
PRIMARY_RADIUS_M = 1.2
_N_PUPIL = 256
_N_WAVELENGTHS = 7
_REFERENCE_UM = 0.547  # wavelength at which the aberrations are quoted


@dataclass(frozen=True)
class Optics:
    """Pupil, aberrations, scattering and charge diffusion of one camera.

    Attributes
    ----------
    inner_radius, outer_radius : float
        Edges of the clear pupil, as a fraction of the primary's radius; WFC3/IR
        has a cold mask.
    vane_width : float
        Full width of the secondary's spider, same unit.
    aberrations_waves : tuple of float
        RMS Zernike focus, x coma, y coma, 0 and 45 degree astigmatism, in
        waves at 547 nm.
    jitter_arcsec : float
        RMS of the pointing jitter on each axis.
    diffusion : tuple of tuple of float
        Wavelength (micrometres) and the fraction of the charge in a corner, an
        edge and the centre of the 3 by 3 charge diffusion kernel (native
        pixels) there, in order of wavelength; interpolated between.
    halo_fraction, halo_sigma_arcsec : float
        Light scattered into a wide Gaussian halo by what a clean pupil does not have.
    """

    inner_radius: float
    outer_radius: float
    vane_width: float
    aberrations_waves: tuple[float, float, float, float, float]
    jitter_arcsec: float
    diffusion: tuple[tuple[float, float, float, float], ...]
    halo_fraction: float
    halo_sigma_arcsec: float


@dataclass(frozen=True)
class EffectivePSF:
    """An oversampled effective PSF.

    Attributes
    ----------
    values : 2D `~numpy.ndarray`
        Fraction of the light per native pixel, on a grid ``oversampling`` times
        finer; square, the star at its centre. The mean over a native pixel's
        worth of grid points of the sum over a native grid is the light inside
        the stamp, a little below 1.
    oversampling : int
    half_px : int
        Half the side of the stamp, native pixels.
    """

    values: np.ndarray
    oversampling: int
    half_px: int

    def energy_inside(self, radius_arcsec: float, metric_arcsec: np.ndarray) -> float:
        """Fraction of the light inside a circle on the sky.

        Parameters
        ----------
        radius_arcsec : float
        metric_arcsec : (2, 2) `~numpy.ndarray`
            As in `effective_psf`.
        """
        n = len(self.values)
        offsets = (np.arange(n) - n // 2) / self.oversampling
        columns, rows = np.meshgrid(offsets, offsets)
        east, north = (row[0] * columns + row[1] * rows for row in metric_arcsec)
        inside = np.hypot(east, north) <= radius_arcsec
        return float(self.values[inside].sum()) / self.oversampling**2

    def blurred(self, sides_px: tuple[float, ...]) -> EffectivePSF:
        """Blur by squares along the pixels, as drop and output pixel do.

        Parameters
        ----------
        sides_px : tuple of float
            Their sides, native pixels.
        """
        frequency = np.fft.fftfreq(len(self.values), 1 / self.oversampling)
        along = np.prod([np.sinc(frequency * side) for side in sides_px], axis=0)
        spectrum = np.fft.fft2(np.fft.ifftshift(self.values)) * np.multiply.outer(along, along)
        return replace(self, values=np.fft.fftshift(np.fft.ifft2(spectrum).real))


def _pupil(optics: Optics, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Transmission of the pupil at ``x``, ``y`` (units of the primary's radius)."""
    radius = np.hypot(x, y)
    clear = (radius < optics.outer_radius) & (radius > optics.inner_radius)
    # The spider and the mirror pads stand at 45 degrees to the detectors' rows.
    u, v = (x + y) / np.sqrt(2), (y - x) / np.sqrt(2)
    clear &= (np.abs(u) > optics.vane_width / 2) & (np.abs(v) > optics.vane_width / 2)
    for angle in np.deg2rad((90.0, 210.0, 330.0)):
        pad = np.hypot(x - 0.8921 * np.cos(angle), y - 0.8921 * np.sin(angle)) < 0.065  # noqa: PLR2004
        clear &= ~pad
    return clear.astype(float)


def _path_difference_um(optics: Optics, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Wavefront error from RMS-normalised Zernike terms of the unobstructed circle."""
    focus, coma_x, coma_y, astig_0, astig_45 = optics.aberrations_waves
    square = x**2 + y**2
    terms = focus * np.sqrt(3) * (2 * square - 1)
    terms += np.sqrt(8) * (3 * square - 2) * (coma_x * x + coma_y * y)
    terms += np.sqrt(6) * (astig_0 * (x**2 - y**2) + astig_45 * 2 * x * y)
    return _REFERENCE_UM * terms


def _optical_psf(
    optics: Optics,
    wavelength_um: float,
    metric_arcsec: np.ndarray,
    offsets_px: np.ndarray,
) -> np.ndarray:
    """Monochromatic Fraunhofer pattern, fraction of the light per square native pixel.

    The pupil is sampled on a grid that is regular in the coordinates conjugate
    to pixels, so that the Fourier sum over a rectangular, skewed pixel grid is
    still two matrix products.
    """
    scale = np.sqrt(abs(np.linalg.det(metric_arcsec)))
    conjugate = scale * np.linalg.inv(metric_arcsec.T)
    reach = PRIMARY_RADIUS_M * np.linalg.norm(np.linalg.inv(conjugate), 2)
    axis_m = ((np.arange(_N_PUPIL) + 0.5) / _N_PUPIL * 2 - 1) * reach
    step_m = axis_m[1] - axis_m[0]
    q1, q2 = np.meshgrid(axis_m, axis_m)
    x = (conjugate[0, 0] * q1 + conjugate[0, 1] * q2) / PRIMARY_RADIUS_M
    y = (conjugate[1, 0] * q1 + conjugate[1, 1] * q2) / PRIMARY_RADIUS_M
    transmission = _pupil(optics, x, y)
    phase = 2 * np.pi * _path_difference_um(optics, x, y) / wavelength_um
    waves = scale / ARCSEC_PER_RAD / (wavelength_um * 1e-6)
    kernel = np.exp(-2j * np.pi * waves * np.outer(offsets_px, axis_m))
    amplitude = kernel @ (transmission * np.exp(1j * phase)) @ kernel.T
    return np.abs(amplitude) ** 2 * (step_m * waves) ** 2 / transmission.sum()


def _detector_response(
    optics: Optics,
    wavelength_um: float,
    metric_arcsec: np.ndarray,
    fx: np.ndarray,
    fy: np.ndarray,
) -> np.ndarray:
    """Transfer function of pixel, charge diffusion and jitter, cycles per native pixel."""
    known_um, *kernels = np.array(optics.diffusion).T
    kernel = np.array([np.interp(wavelength_um, known_um, part) for part in kernels])
    corner, edge, centre = kernel / (4 * kernel[0] + 4 * kernel[1] + kernel[2])
    cos_x, cos_y = np.cos(2 * np.pi * fx), np.cos(2 * np.pi * fy)
    diffusion = centre + 2 * edge * (cos_x + cos_y) + 4 * corner * cos_x * cos_y
    return (
        np.sinc(fx)
        * np.sinc(fy)
        * diffusion
        * _gaussian(optics.jitter_arcsec, metric_arcsec, fx, fy)
    )


def _gaussian(
    sigma_arcsec: float, metric_arcsec: np.ndarray, fx: np.ndarray, fy: np.ndarray
) -> np.ndarray:
    """Transfer function of a Gaussian that is round on the sky."""
    inverse = np.linalg.inv(metric_arcsec)
    gx = inverse[0, 0] * fx + inverse[1, 0] * fy
    gy = inverse[0, 1] * fx + inverse[1, 1] * fy
    return np.exp(-2 * (np.pi * sigma_arcsec) ** 2 * (gx**2 + gy**2))


def effective_psf(
    optics: Optics,
    pivot_um: float,
    bandwidth: float,
    metric_arcsec: np.ndarray,
    *,
    oversampling: int = 8,
    half_px: int = 25,
) -> EffectivePSF:
    """Compute the effective PSF of a filter.

    Parameters
    ----------
    optics : `Optics`
    pivot_um : float
        Pivot wavelength, micrometres.
    bandwidth : float
        Full width of the band as a fraction of the pivot wavelength (flat band).
    metric_arcsec : (2, 2) `~numpy.ndarray`
        Symmetric matrix that takes pixel offsets to arcsec (see
        `~hstdriz_study.optics.chip_view.pixel_metric`).
    oversampling, half_px : int
        Grid points per native pixel; half the side of the stamp in native pixels.

    Returns
    -------
    `EffectivePSF`
    """
    n = 2 * half_px * oversampling + 1
    offsets = (np.arange(n) - half_px * oversampling) / oversampling
    optical = np.zeros((n, n))
    for step in np.linspace(-0.5, 0.5, _N_WAVELENGTHS):
        wavelength = pivot_um * (1 + bandwidth * step)
        optical += _optical_psf(optics, wavelength, metric_arcsec, offsets) / _N_WAVELENGTHS
    frequency = np.fft.fftfreq(n, d=1 / oversampling)
    fx, fy = np.meshgrid(frequency, frequency)
    transfer = _detector_response(optics, pivot_um, metric_arcsec, fx, fy)
    halo = _gaussian(optics.halo_sigma_arcsec, metric_arcsec, fx, fy)
    transfer *= 1 - optics.halo_fraction + optics.halo_fraction * halo
    spectrum = np.fft.fft2(np.fft.ifftshift(optical)) * transfer
    values = np.fft.fftshift(np.fft.ifft2(spectrum).real)
    return EffectivePSF(np.clip(values, 0, None), oversampling, half_px)


class StarPainter:
    """Adds stars to images by cubic-spline interpolation of an effective PSF."""

    def __init__(self, psf: EffectivePSF) -> None:
        # here and below, because a study whose exposures are there reads this module's numbers only
        from scipy.ndimage import spline_filter

        self._oversampling = psf.oversampling
        self._half_px = psf.half_px
        self._coefficients = spline_filter(psf.values, order=3)

    def add(self, image: np.ndarray, x: float, y: float, flux: float) -> None:
        """Add a star in place.

        Parameters
        ----------
        image : 2D `~numpy.ndarray`
        x, y : float
            0-based pixel coordinates.
        flux : float
            Total light, the image's unit.
        """
        from scipy.ndimage import map_coordinates

        reach = self._half_px - 1
        x0, x1 = max(0, round(x) - reach), min(image.shape[1], round(x) + reach + 1)
        y0, y1 = max(0, round(y) - reach), min(image.shape[0], round(y) + reach + 1)
        if x0 >= x1 or y0 >= y1:
            return
        rows = (np.arange(y0, y1) - y + self._half_px) * self._oversampling
        columns = (np.arange(x0, x1) - x + self._half_px) * self._oversampling
        grid = np.meshgrid(rows, columns, indexing="ij")
        stamp = map_coordinates(self._coefficients, grid, order=3, prefilter=False)
        image[y0:y1, x0:x1] += flux * stamp
