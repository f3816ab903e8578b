"""From the catalogue of sources to the stars that stand for the PSF."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from astropy.stats import mad_std
from scipy.spatial import cKDTree

from hstdriz_study.measure.profile import FIT_RADIUS_PER_FWHM

if TYPE_CHECKING:
    from collections.abc import Callable

    from astropy.table import Table
    from shapely.geometry import MultiPolygon

    from hstdriz_study.contracts import Drizzled, MeasureGeometry
    from hstdriz_study.measure.settings import RegionSettings

    SaturationTest = Callable[[np.ndarray, np.ndarray], np.ndarray]

STAR = "star"
SATURATED = "saturated"
EXTENDED = "extended"
NEIGHBOUR_PEAK_FRACTION = 0.05
"""Fainter neighbours are let be: the first Airy ring breaks up into such."""

_MIN_CORE_WEIGHT = 0.5
_SIZE_WINDOW = (0.5, 1.5)
_LOCUS_BANDWIDTH = 0.05
_LOCUS_REACH = 0.15
_LOCUS_SIGMA = 3.5
_MIN_TOLERANCE = 0.06
_MAX_TOLERANCE = 0.15


def classify(
    sources: Table,
    native: Drizzled,
    full_depth: MultiPolygon,
    *,
    geometry: MeasureGeometry,
    settings: RegionSettings,
    saturated: SaturationTest | None,
) -> np.ndarray:
    """Say of each source whether it is a star fit for use, or why not.

    Returns
    -------
    verdicts : 1D `~numpy.ndarray` of str
        ``star``, ``edge``, ``saturated``, ``low_snr``, ``hole``,
        ``neighbour``, ``unfit``, ``compact`` (a cosmic-ray or hot-pixel
        residual), ``extended`` (a galaxy or a blend) or ``surplus`` (a good
        star beyond ``max_stars``).
    """
    verdicts = np.full(len(sources), STAR, dtype="U16")
    if len(sources) == 0:
        return verdicts
    scale = native.final_scale_arcsec

    def reject(which: np.ndarray, reason: str) -> None:
        verdicts[(verdicts == STAR) & which] = reason

    reject(~_inside(sources, full_depth, geometry.ee_radius_arcsec / scale), "edge")
    reject(np.asarray(sources["snr"]) < settings.min_star_snr, "low_snr")
    if saturated is not None:
        reject(np.asarray(saturated(sources["ra"].data, sources["dec"].data), bool), SATURATED)
    core = FIT_RADIUS_PER_FWHM * geometry.psf_fwhm_arcsec / 2 / scale
    reject(_has_hole(sources, native, core), "hole")
    reject(_has_neighbour(sources, geometry, scale), "neighbour")
    reject(~np.isfinite(sources["fwhm"]), "unfit")
    compact, extended = _off_the_locus(sources, verdicts == STAR, geometry.psf_fwhm_arcsec)
    reject(compact, "compact")
    reject(extended, EXTENDED)
    stars = np.flatnonzero(verdicts == STAR)  # brightest first
    verdicts[stars[settings.max_stars :]] = "surplus"
    return verdicts


def _inside(sources: Table, full_depth: MultiPolygon, margin_px: float) -> np.ndarray:
    region = full_depth.buffer(-margin_px)
    return np.asarray(shapely.contains_xy(region, sources["x"].data, sources["y"].data))


def _has_hole(sources: Table, native: Drizzled, radius: float) -> np.ndarray:
    """Tell sources that half of the exposures lack in some pixel of the core."""
    reach = np.arange(-int(np.ceil(radius)), int(np.ceil(radius)) + 1)
    dy, dx = np.meshgrid(reach, reach, indexing="ij")
    near = np.hypot(dx, dy) <= max(radius, 1.0)
    n_rows, n_columns = native.wht.shape
    rows = np.clip(np.rint(sources["y"].data)[:, None] + dy[near], 0, n_rows - 1).astype(int)
    columns = np.clip(np.rint(sources["x"].data)[:, None] + dx[near], 0, n_columns - 1).astype(int)
    lowest = native.wht[rows, columns].min(axis=1)
    return np.asarray(~(lowest > _MIN_CORE_WEIGHT * np.median(native.wht[native.wht > 0])))


def _has_neighbour(sources: Table, geometry: MeasureGeometry, scale: float) -> np.ndarray:
    """Tell sources that have another, not negligible one inside the energy radius."""
    tree = cKDTree(np.column_stack([sources["x"], sources["y"]]))
    pairs = tree.query_pairs(geometry.ee_radius_arcsec / scale, output_type="ndarray")
    peak = np.asarray(sources["peak"], dtype=float)
    crowded = np.zeros(len(sources), dtype=bool)
    for a, b in ((0, 1), (1, 0)):
        one, other = pairs[:, a], pairs[:, b]
        crowded[one[peak[other] > NEIGHBOUR_PEAK_FRACTION * peak[one]]] = True
    return crowded


def _off_the_locus(
    sources: Table, candidates: np.ndarray, psf_fwhm_arcsec: float
) -> tuple[np.ndarray, np.ndarray]:
    """Tell what is smaller and what is larger than the stars.

    The stars are the tightest clump of sizes near the expected one; their
    own scatter sets the tolerance, within bounds that hold for few stars.
    """
    size = np.log(np.asarray(sources["fwhm"], dtype=float) / psf_fwhm_arcsec)
    concentration = np.asarray(sources["concentration"], dtype=float)
    window = np.log(_SIZE_WINDOW)
    eligible = candidates & (size > window[0]) & (size < window[1])
    if not eligible.any():
        return size <= window[0], size > window[0]
    snr = np.minimum(np.asarray(sources["snr"], dtype=float), 500.0)
    center = _mode(size[eligible], np.sqrt(snr[eligible]))
    near = eligible & (np.abs(size - center) < _LOCUS_REACH)
    center, tolerance = _locus(size[near])
    on_size = near & (np.abs(size - center) <= tolerance)
    usual, spread = _locus(concentration[on_size] / np.median(concentration[on_size]))
    relative = concentration / np.median(concentration[on_size]) / usual - 1
    compact = (size < center - tolerance) | (relative > spread)
    extended = (size > center + tolerance) | (relative < -spread)
    return compact & ~(size > center + tolerance), extended


def _mode(values: np.ndarray, weights: np.ndarray) -> float:
    """Give the value around which the weight is densest."""
    distance = (values[:, None] - values[None, :]) / _LOCUS_BANDWIDTH
    density = np.exp(-0.5 * distance**2) @ weights
    return float(values[np.argmax(density)])


def _locus(values: np.ndarray) -> tuple[float, float]:
    center = float(np.median(values))
    sigma = float(mad_std(values))
    return center, float(np.clip(_LOCUS_SIGMA * sigma, _MIN_TOLERANCE, _MAX_TOLERANCE))
