"""Register the stars of one product to a fraction of a pixel, and stack them.

Star positions, fluxes and the common profile are improved in turn by
Gauss-Newton steps on the residuals until the positions rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hstdriz_study.measure.profile import (
    FIT_RADIUS_PER_FWHM,
    SIGMAS_PER_FWHM,
    gaussians,
    half_maximum_width,
    solve_profile,
)

FIRST_RADIUS_PER_FWHM = 1.0

_MAX_STEPS = 40
_STEP_LIMIT_PX = 0.3
_REST_PX = 2e-4
_N_RESCALINGS = 3
_SAME_FWHM = 1e-3
_TINY = np.finfo(float).tiny
_FWHM_TO_SIGMA = 1 / np.sqrt(8 * np.log(2))


@dataclass(frozen=True)
class Registration:
    """Stars of one product on a common profile; everything in pixels.

    Attributes
    ----------
    x, y : (N,) `~numpy.ndarray`
        Star centres in their stamps.
    flux : (N,) `~numpy.ndarray`
        Scale of each star against the common profile.
    sigmas : (K,) `~numpy.ndarray`
        Widths of the profile's Gaussians.
    gram : (N, K, K) `~numpy.ndarray`
    projection : (N, K) `~numpy.ndarray`
        Each star's share of the normal equations of the profile, so that any
        weighting of the stars can be solved without the pixels.
    """

    x: np.ndarray
    y: np.ndarray
    flux: np.ndarray
    sigmas: np.ndarray
    gram: np.ndarray
    projection: np.ndarray

    @property
    def fit_radius(self) -> float:
        """Pixels closer than this to a star took part."""
        return float(self.sigmas[-1] / SIGMAS_PER_FWHM[-1] * FIT_RADIUS_PER_FWHM)

    def shifted(self, x: float, y: float) -> Registration:
        """Express the centres in a frame whose origin lies at (-x, -y)."""
        return replace(self, x=self.x + x, y=self.y + y)

    def profiles(self, weights: np.ndarray) -> np.ndarray:
        """Solve for the common profile under one or many weightings of the stars.

        Parameters
        ----------
        weights : (M, N) `~numpy.ndarray`
            One weighting a row.

        Returns
        -------
        coefficients : (M, K) `~numpy.ndarray`
        """
        gram = np.tensordot(weights, self.gram, axes=1)
        return solve_profile(gram, weights @ self.projection)

    def fwhm(self, weights: np.ndarray) -> np.ndarray:
        """Measure the half-maximum width in pixels under each row of ``weights``."""
        return half_maximum_width(self.profiles(weights), self.sigmas, self.fit_radius)


def register(
    stamps: np.ndarray, x: np.ndarray, y: np.ndarray, weights: np.ndarray, fwhm: float
) -> Registration:
    """Find centres, fluxes and the common profile of stars.

    The widths of the Gaussians and the fit radius follow the measured FWHM,
    so that the estimate of an image that is scaled, in size or in brightness,
    is the scaled estimate.

    Parameters
    ----------
    stamps : (N, n_y, n_x) `~numpy.ndarray`
        Background-subtracted stars; NaN where there is no data.
    x, y : (N,) `~numpy.ndarray`
        First guess of the centres, 0-based pixels of the stamps.
    weights : (N,) `~numpy.ndarray`
        Weight of each star in the common profile.
    fwhm : float
        First guess of the FWHM, pixels.

    Returns
    -------
    registration : `Registration`
    """
    valid = np.isfinite(stamps)
    fitter = _Fitter(np.where(valid, stamps, 0.0), valid, weights, x.astype(float), y.astype(float))
    # A single Gaussian survives any first guess of the centres.
    fitter.set_profile(np.array([_FWHM_TO_SIGMA * fwhm]), FIRST_RADIUS_PER_FWHM * fwhm)
    fitter.guess_flux()
    fitter.rest(solve=False)
    for _ in range(_N_RESCALINGS):
        fitter.set_profile(SIGMAS_PER_FWHM * fwhm, FIT_RADIUS_PER_FWHM * fwhm)
        fitter.rest(solve=True)
        registration = fitter.registration()
        measured = registration.fwhm(weights[None])[0]
        if not abs(measured / fwhm - 1) > _SAME_FWHM:
            break
        fwhm = float(np.clip(measured, 0.5 * fwhm, 2.0 * fwhm))
    return registration


class _Fitter:
    """Centres, fluxes and the common profile while they are being improved."""

    def __init__(
        self,
        stamps: np.ndarray,
        valid: np.ndarray,
        weights: np.ndarray,
        x: np.ndarray,
        y: np.ndarray,
    ) -> None:
        self.stamps, self.valid, self.weights = stamps, valid, weights
        self.x, self.y = x, y
        self.flux = np.ones(len(stamps))

    def set_profile(self, sigmas: np.ndarray, radius: float) -> None:
        """Choose the Gaussians and the fit radius; until solved, all weigh the same."""
        self.sigmas, self.radius = sigmas, radius
        self.coefficients = np.ones(len(sigmas))

    def _basis(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Offsets in x and y, and the Gaussians there, 0 on pixels not used."""
        rows, columns = (np.arange(size, dtype=float) for size in self.stamps.shape[1:])
        dx = columns[None, None, :] - self.x[:, None, None]
        dy = rows[None, :, None] - self.y[:, None, None]
        squared = dx**2 + dy**2
        used = self.valid & (squared < self.radius**2)
        return dx, dy, gaussians(squared, self.sigmas) * used[..., None]

    def guess_flux(self) -> None:
        """Scale the present profile to each star where it stands."""
        model = self._basis()[2] @ self.coefficients
        overlap = np.sum(model * self.stamps, axis=(1, 2))
        flux = overlap / np.maximum(np.sum(model**2, axis=(1, 2)), np.finfo(float).tiny)
        self.flux = np.where(flux > 0, flux, np.max(np.abs(flux), initial=_TINY))

    def rest(self, *, solve: bool) -> None:
        """Step until the centres rest, solving for the profile before each step or not."""
        for _ in range(_MAX_STEPS):
            dx, dy, basis = self._basis()
            if solve:
                gram, projection = self._equations(basis)
                self.coefficients = solve_profile(
                    np.tensordot(self.weights, gram, axes=1), self.weights @ projection
                )
            if self._step(dx, dy, basis) < _REST_PX:
                return

    def _equations(self, basis: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Each star's normal equations of the profile."""
        flat = basis.reshape(len(basis), -1, basis.shape[-1])
        values = (self.stamps / self.flux[:, None, None]).reshape(len(flat), 1, -1)
        return np.matmul(flat.transpose(0, 2, 1), flat), np.matmul(values, flat)[:, 0]

    def _step(self, dx: np.ndarray, dy: np.ndarray, basis: np.ndarray) -> float:
        """Take one Gauss-Newton step in x, y and log flux; return the largest move."""
        n = len(basis)
        model = basis @ self.coefficients
        slope = basis @ (self.coefficients / self.sigmas**2)
        jacobian = np.stack([dx * slope, dy * slope, model], axis=-1).reshape(n, -1, 3)
        inside = basis[..., -1] > 0
        residual = (self.stamps / self.flux[:, None, None] - model) * inside
        normal = np.matmul(jacobian.transpose(0, 2, 1), jacobian)
        damping = 1e-9 * np.trace(normal, axis1=1, axis2=2) + _TINY
        normal += damping[:, None, None] * np.eye(3)
        gradient = np.matmul(residual.reshape(n, 1, -1), jacobian)[:, 0, :, None]
        step = np.linalg.solve(normal, gradient)[..., 0]
        move = np.clip(step[:, :2], -_STEP_LIMIT_PX, _STEP_LIMIT_PX)
        self.x, self.y = self.x + move[:, 0], self.y + move[:, 1]
        self.flux = self.flux * np.clip(1 + step[:, 2], 0.1, 10.0)
        return float(np.max(np.abs(move[self.weights > 0]), initial=0.0))

    def registration(self) -> Registration:
        """Freeze the present state."""
        gram, projection = self._equations(self._basis()[2])
        return Registration(self.x, self.y, self.flux, self.sigmas, gram, projection)
