"""From the catalogue of sources to the stars that stand for the PSF."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import cKDTree

from hstdriz_study.measure.regions.locus import SHARPER, features_of, find_locus, is_sharper

if TYPE_CHECKING:
    from collections.abc import Callable

    from astropy.table import Table
    from shapely.geometry import MultiPolygon

    from hstdriz_study.contracts import Drizzled, MeasureGeometry
    from hstdriz_study.measure.regions.expected import ExpectedStar
    from hstdriz_study.measure.settings import RegionSettings

    SaturationTest = Callable[[np.ndarray, np.ndarray], np.ndarray]
    StarsInPlace = Callable[[Table], Table]

STAR = "star"
SATURATED = "saturated"
EXTENDED = "extended"
COMPACT = "compact"
UNFIT = "unfit"
UNSURE = "unsure"
SURPLUS = "surplus"
OUTSIDE = "outside"
UNNAMED = "unnamed"
NEIGHBOUR_PEAK_FRACTION = 0.05
"""Fainter neighbours are let be: the first Airy ring breaks up into such."""

_CORE_PER_FWHM = 1.0  # radius in which a star may have no hole
_MIN_CORE_WEIGHT = 0.5
_NO_STAR_WIDTHS = 3.0  # off the expected size by so many of its uncertainties


def classify(
    sources: Table,
    native: Drizzled,
    full_depth: MultiPolygon,
    *,
    geometry: MeasureGeometry,
    settings: RegionSettings,
    saturated: SaturationTest | None,
    expected: ExpectedStar,
    in_place: StarsInPlace | None = None,
    wanted: MultiPolygon | None = None,
    named: np.ndarray | None = None,
) -> np.ndarray:
    """Say of each source whether it is a star fit for use, or why not.

    Parameters
    ----------
    sources : `~astropy.table.Table`
    native : `~hstdriz_study.contracts.Drizzled`
    full_depth : `~shapely.geometry.MultiPolygon`
        Where all exposures contribute, pixels of ``native``.
    geometry, settings, saturated, expected, in_place
        As in `~hstdriz_study.measure.regions.build_regions`.
    wanted : `~shapely.geometry.MultiPolygon`, optional
        The part of it from which stars are taken. Those beside it still show how stars look.
    named : 1D `~numpy.ndarray` of bool, optional
        Which sources the user says are stars: faint ones, those with neighbours and those that do
        not look like stars are then taken as well, and no others.

    Returns
    -------
    verdicts : 1D `~numpy.ndarray` of str
        ``star``, ``edge``, ``saturated``, ``low_snr``, ``hole``,
        ``neighbour``, ``unfit``, ``compact`` (a cosmic-ray or hot-pixel
        residual), ``extended`` (a galaxy or a blend), ``unsure`` (as small as a
        star in a field where no stars stand out), ``outside`` (of the part that is
        wanted), ``unnamed`` (where stars are named) or ``surplus`` (a good star beyond
        ``max_stars``).
    """
    verdicts = np.full(len(sources), STAR, dtype="U16")
    if len(sources) == 0:
        return verdicts
    scale = native.final_scale_arcsec

    def reject(which: np.ndarray, reason: str) -> None:
        verdicts[(verdicts == STAR) & which] = reason

    margin = geometry.ee_radius_arcsec / scale
    reject(~_inside(sources, full_depth, margin), "edge")
    if named is None:
        reject(np.asarray(sources["snr"]) < settings.min_star_snr, "low_snr")
    else:
        reject(~named, UNNAMED)
    if saturated is not None:
        reject(np.asarray(saturated(sources["ra"].data, sources["dec"].data), bool), SATURATED)
    core = _CORE_PER_FWHM * geometry.psf_fwhm_arcsec / scale
    reject(_has_hole(sources, native, core), "hole")
    if named is None:
        reject(_has_neighbour(sources, geometry, scale), "neighbour")
    reject(~np.isfinite(_features(sources)).all(axis=1), UNFIT)
    if named is None:
        for reason, which in _by_locus(sources, verdicts == STAR, expected, in_place).items():
            reject(which, reason)
    if wanted is not None:
        reject(~_inside(sources, wanted, margin), OUTSIDE)
    stars = np.flatnonzero(verdicts == STAR)  # brightest first
    verdicts[stars[settings.max_stars :]] = SURPLUS
    return verdicts


def _inside(sources: Table, full_depth: MultiPolygon, margin_px: float) -> np.ndarray:
    # pieces may have edges in common, where they were cut
    region = shapely.union_all(full_depth.geoms).buffer(-margin_px)
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


def _by_locus(
    sources: Table, candidates: np.ndarray, expected: ExpectedStar, in_place: StarsInPlace | None
) -> dict[str, np.ndarray]:
    """Tell, of the candidates, what is no star and why."""
    features, beside = _in_place(sources, candidates, expected, in_place)
    unfit = candidates & ~np.isfinite(features).all(axis=1)
    candidates = candidates & ~unfit
    of_source = np.asarray(sources["snr"], dtype=float)[candidates], _places(sources)[candidates]
    locus = find_locus(features[candidates], *of_source, beside)
    if in_place is not None and (locus is None or is_sharper(locus, beside)):
        # the phase moves such stars by more than it moves the model's
        measured = _features(sources)
        sharper = find_locus(measured[candidates], *of_source, expected, SHARPER)
        if sharper is not None:
            features, locus = measured, sharper
    if locus is None:
        off = (features[:, 0] - expected.features[0]) / expected.width
        return {UNFIT: unfit, **_without_locus(off)}
    rejected, extended = np.zeros((2, len(sources)), dtype=bool)
    rejected[candidates] = ~locus.is_star
    off = (features[candidates] - locus.center) / locus.phase
    extended[candidates] = off[:, 0] > off[:, 1]
    return {UNFIT: unfit, COMPACT: rejected & ~extended, EXTENDED: rejected & extended}


def _in_place(
    sources: Table, candidates: np.ndarray, expected: ExpectedStar, in_place: StarsInPlace | None
) -> tuple[np.ndarray, ExpectedStar]:
    """Return features of sources, and of a star, from which the phases of the model are taken."""
    features = _features(sources)
    if in_place is None or not candidates.any():
        return features, expected
    seen = _features(in_place(sources[candidates]))
    features[candidates] += expected.features - seen
    return features, expected.in_place(seen)


def _without_locus(off: np.ndarray) -> dict[str, np.ndarray]:
    """Tell what cannot be a star by its size, in widths of the expected one, and leave the rest."""
    compact, extended = off < -_NO_STAR_WIDTHS, off > _NO_STAR_WIDTHS
    return {COMPACT: compact, EXTENDED: extended, UNSURE: ~compact & ~extended}


def _places(sources: Table) -> np.ndarray:
    """Where sources stand, from -1 to 1 across the field that they fill, shape (N, 2)."""
    xy = np.column_stack([sources["x"], sources["y"]])
    low, high = xy.min(axis=0), xy.max(axis=0)
    return np.asarray(2 * (xy - low) / np.maximum(high - low, 1.0) - 1)


def _features(sources: Table) -> np.ndarray:
    columns = [np.asarray(sources[name], dtype=float) for name in ("fwhm", "concentration")]
    return features_of(*columns)
