"""From prepared exposures to one that was not taken: where it would lie, and with what flags."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from astropy.wcs import WCS

from hstdriz_study.prepare.chips import NODE_STEP_PX

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.contracts import PreparedFilter

# So far apart, the bad pixels of two exposures and their neighbours do not meet on the sky.
APART_PX = 2.0


@dataclass(frozen=True)
class Pointing:
    """Where the first exposure's detector lies on the plane tangent at the mosaic's centre.

    Attributes
    ----------
    crval_deg : tuple of float
        The tangent point.
    per_pixel_deg : (2, 2) `~numpy.ndarray`
        ``offset_px @ per_pixel_deg`` is an offset on the plane, at the centre of
        the first chip.
    """

    crval_deg: tuple[float, float]
    per_pixel_deg: np.ndarray

    @property
    def scale_arcsec(self) -> np.ndarray:
        """Side of a detector pixel along x and y."""
        return np.asarray(3600 * np.hypot(*self.per_pixel_deg.T))

    def plane(self, sky: np.ndarray) -> np.ndarray:
        """Project sky positions, degrees; shape (..., 2)."""
        projected = self._wcs().wcs.s2p(sky.reshape(-1, 2), 1)["imgcrd"]
        return np.asarray(projected.reshape(sky.shape))

    def sky(self, plane: np.ndarray) -> np.ndarray:
        """Return the sky positions of `plane`."""
        found = self._wcs().wcs.p2s(plane.reshape(-1, 2), 1)["world"]
        return np.asarray(found.reshape(plane.shape))

    def _wcs(self) -> WCS:
        wcs = WCS(naxis=2)
        wcs.wcs.ctype, wcs.wcs.crval, wcs.wcs.cdelt = (
            ["RA---TAN", "DEC--TAN"],
            self.crval_deg,
            [1, 1],
        )
        return wcs


def pointing(first: PreparedFilter) -> Pointing:
    """Describe the pointing of an exposure (`~hstdriz_study.predict.single_exposures`)."""
    crval_deg = first.mosaic.crval_deg
    unit = Pointing(crval_deg, np.eye(2))
    nodes = unit.plane(np.load(first.chips[0].sky_nodes))
    j, i = (size // 2 for size in nodes.shape[:2])
    steps = [nodes[j, i + 1] - nodes[j, i - 1], nodes[j + 1, i] - nodes[j - 1, i]]
    return replace(unit, per_pixel_deg=np.array(steps) / (2 * NODE_STEP_PX))


def offsets_px(singles: Sequence[PreparedFilter], at: Pointing) -> np.ndarray:
    """Return how far each exposure's detector looks from the first, in its pixels, (N, 2)."""
    centers = []
    for single in singles:
        nodes = np.load(single.chips[0].sky_nodes)
        centers.append(at.plane(nodes[nodes.shape[0] // 2, nodes.shape[1] // 2]))
    return (np.array(centers) - centers[0]) @ np.linalg.inv(at.per_pixel_deg)


def free_pixel(offsets: np.ndarray) -> np.ndarray:
    """Return the whole-pixel offset nearest the middle of the dithers that is apart from all.

    With any sub-pixel phase added, bad pixels then fall on other sky than in
    every other exposure.
    """
    middle = (offsets.min(axis=0) + offsets.max(axis=0)) / 2
    reach = int(np.ceil(APART_PX * (len(offsets) + 1)))
    steps = np.arange(-reach, reach + 1)
    x, y = np.meshgrid(steps, steps)
    candidates = np.rint(middle) + np.column_stack([x.ravel(), y.ravel()])
    distance = np.hypot(*(candidates + 0.5 - middle).T)
    # a phase moves the exposure by up to a pixel along each axis
    nearest = np.abs(candidates[:, None] + 0.5 - offsets).max(axis=2).min(axis=1) - 0.5
    apart = candidates[nearest >= APART_PX]
    return np.asarray(apart[np.argmin(distance[nearest >= APART_PX])])


def repeated(singles: Sequence[PreparedFilter], index: int, exptime_s: float) -> PreparedFilter:
    """Return an exposure of some length at the place of another one.

    The flags are those of the next exposure with the same chips: the same bad
    pixels of the detector, and as many cosmic rays elsewhere.
    """
    place = singles[index]
    others = (*singles[index + 1 :], *singles[: index + 1])  # the exposure itself comes last
    flags = next(other for other in others if _layout(other) == _layout(place))
    nodes = {chip.extver: chip.sky_nodes for chip in place.chips}
    chips = tuple(
        replace(chip, sky_nodes=nodes[chip.extver], exptime_s=exptime_s) for chip in flags.chips
    )
    return replace(flags, chips=chips, footprints=place.footprints)


def _layout(single: PreparedFilter) -> list[tuple[int, tuple[int, int]]]:
    return [(chip.extver, chip.shape) for chip in single.chips]


def dithered(
    first: PreparedFilter,
    at: Pointing,
    offset_px: np.ndarray,
    exptime_s: float,
    directory: Path,
) -> PreparedFilter:
    """Return the first exposure with its flags, taken at an offset.

    Parameters
    ----------
    first : `~hstdriz_study.contracts.PreparedFilter`
        One exposure.
    at : `Pointing`
        Of that exposure.
    offset_px : (2,) `~numpy.ndarray`
        Detector pixels x, y: a pixel looks where the one at this offset did.
    exptime_s : float
    directory : `~pathlib.Path`
        Receives the nodes of the moved chips.
    """
    shift = offset_px @ at.per_pixel_deg
    chips = []
    for chip in first.chips:
        moved = at.sky(at.plane(np.load(chip.sky_nodes)) + shift)
        path = directory / f"{offset_px[0]:g}_{offset_px[1]:g}_{chip.extver}.npy"
        np.save(path, moved)
        chips.append(replace(chip, sky_nodes=path, exptime_s=exptime_s))
    return replace(first, chips=tuple(chips))
