"""Normal equations of stars on a common profile, positions and fluxes solved out.

One Gauss-Newton step changes the profile's coefficients and, for each star,
its x, y and log flux. The stars' own parameters couple only to the profile, so
they are eliminated star by star (Schur complement): what is left is a small
system for the profile that any weighting of the stars can solve at once, with
the stars' positions following as they would in a new fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

RIDGE = 3e-5
"""Relative to the mean diagonal: keeps Gaussians that look alike from running away.

Ten times less, and single resamples of products with small drops lie off by up to 70 %; three times
more, and the width of a Gaussian is 0.25 % too large."""

_DAMPING = 1e-9
_TINY = np.finfo(float).tiny


@dataclass(frozen=True)
class StarEquations:
    """Each star's share of one Gauss-Newton step.

    Attributes
    ----------
    gram : (N, K, K) `~numpy.ndarray`
    score : (N, K) `~numpy.ndarray`
        Normal matrix and gradient of the profile's coefficients, after
        elimination of the star's own parameters.
    size : (N,) `~numpy.ndarray`
        Mean diagonal of the normal matrix before elimination.
    own : (N, 3, 3) `~numpy.ndarray`
        Inverse normal matrix of x, y and log flux.
    own_gradient : (N, 3) `~numpy.ndarray`
    coupling : (N, 3, K) `~numpy.ndarray`
    """

    gram: np.ndarray
    score: np.ndarray
    size: np.ndarray
    own: np.ndarray
    own_gradient: np.ndarray
    coupling: np.ndarray

    def own_step(self, change: np.ndarray) -> np.ndarray:
        """Step of x, y and log flux of each star, given a change of the profile."""
        gradient = self.own_gradient - self.coupling @ change
        return np.matmul(self.own, gradient[..., None])[..., 0]


def star_equations(
    images: np.ndarray, basis: np.ndarray, jacobian: np.ndarray, coefficients: np.ndarray
) -> StarEquations:
    """Form the equations of stars that stand on a common profile.

    Parameters
    ----------
    images : (N, P) `~numpy.ndarray`
        Pixels of each star over its flux; 0 on pixels that are not used.
    basis : (N, P, K) `~numpy.ndarray`
        The profile's Gaussians there; 0 on pixels that are not used.
    jacobian : (N, P, 3) `~numpy.ndarray`
        Derivatives of the model with respect to x, y and log flux.
    coefficients : (K,) `~numpy.ndarray`
        The present profile.

    Returns
    -------
    equations : `StarEquations`
    """
    residual = (images - basis @ coefficients)[:, None, :]
    transposed = jacobian.transpose(0, 2, 1)
    normal = np.matmul(transposed, jacobian)
    damping = _DAMPING * np.trace(normal, axis1=1, axis2=2) + _TINY
    own = np.linalg.inv(normal + damping[:, None, None] * np.eye(3))
    own_gradient = np.matmul(residual, jacobian)[:, 0]
    coupling = np.matmul(transposed, basis)
    gram = np.matmul(basis.transpose(0, 2, 1), basis)
    size = np.trace(gram, axis1=1, axis2=2) / gram.shape[-1]
    eliminated = np.matmul(coupling.transpose(0, 2, 1), own)
    return StarEquations(
        gram=gram - np.matmul(eliminated, coupling),
        score=np.matmul(residual, basis)[:, 0]
        - np.matmul(eliminated, own_gradient[..., None])[..., 0],
        size=size,
        own=own,
        own_gradient=own_gradient,
        coupling=coupling,
    )


def profile_changes(
    equations: StarEquations, star_weights: np.ndarray, coefficients: np.ndarray
) -> np.ndarray:
    """Solve for the change of the profile under one or many weightings.

    The scale of the profile is the stars' fluxes' to choose, so the change
    has no part along the present coefficients.

    Parameters
    ----------
    equations : `StarEquations`
    star_weights : (M, N) `~numpy.ndarray`
        One weighting of the stars a row.
    coefficients : (K,) `~numpy.ndarray`
        The present profile.

    Returns
    -------
    changes : (M, K) `~numpy.ndarray`
    """
    along = coefficients / max(float(np.linalg.norm(coefficients)), _TINY)
    across = np.eye(len(along)) - np.outer(along, along)
    size = (star_weights @ equations.size)[:, None, None] + _TINY
    gram = across @ np.tensordot(star_weights, equations.gram, axes=1) @ across
    gram = gram + size * (RIDGE * np.eye(len(along)) + np.outer(along, along))
    gradient = (star_weights @ equations.score) @ across
    solved: np.ndarray = np.linalg.solve(gram, gradient[..., None])[..., 0]
    return solved
