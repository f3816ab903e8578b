"""A simulated set of one filter, prepared and drizzled as a study does, beside its truth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from astropy.table import QTable

from hstdriz_study.config import (
    dataset_settings,
    drizzle_settings,
    prepare_settings,
    simulated_band,
    synthetic_source,
)
from hstdriz_study.dataset import load_exposures, synthetic_directory
from hstdriz_study.measure.stars import star_sample
from hstdriz_study.prepare import prepare_filter
from hstdriz_study.study.filter_setup import FilterSetup, choose_regions
from hstdriz_study.study.native import native_product
from hstdriz_study.study.pixels import point_pixels
from hstdriz_study.study.point import measure_context

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.config import StudyConfig
    from hstdriz_study.contracts import MeasureContext, PointPixels
    from hstdriz_study.simulate.bands import Band

ARCSEC_PER_DEG = 3600.0
_MATCH_NATIVE_PX = 0.7
# Where the sets are measured: 0.6 native pixels, drops of 0.8.
_SCALE_RATIO, _PIXFRAC = 0.6, 0.8


@dataclass(frozen=True)
class MeasuredSet:
    """One filter's set and the pixels of one point of it.

    Attributes
    ----------
    config : `~hstdriz_study.config.StudyConfig`
        Of the point.
    band : `~hstdriz_study.simulate.bands.Band`
    setup : `~hstdriz_study.study.filter_setup.FilterSetup`
    pixels : `~hstdriz_study.contracts.PointPixels`
    context : `~hstdriz_study.contracts.MeasureContext`
    truth_dir : `~pathlib.Path`
        The simulator's truth tables.
    """

    config: StudyConfig
    band: Band
    setup: FilterSetup
    pixels: PointPixels
    context: MeasureContext
    truth_dir: Path

    @property
    def native_arcsec(self) -> float:
        """Side of a native pixel."""
        return self.config.filter.native_scale_arcsec


@dataclass(frozen=True)
class FoundStars:
    """Stars of the study that are in the truth table.

    Attributes
    ----------
    index : (N,) `~numpy.ndarray` of int
        Their place among the study's stars.
    flux_e_per_s : (N,) `~numpy.ndarray`
        True flux.
    offset_arcsec : (N, 2) `~numpy.ndarray`
        Measured minus true position, east and north.
    """

    index: np.ndarray
    flux_e_per_s: np.ndarray
    offset_arcsec: np.ndarray


def measured_set(config: StudyConfig) -> MeasuredSet:
    """Simulate (or take from the cache), prepare and drizzle one filter's set.

    Raises
    ------
    StudyError
        If any of it fails.
    """
    scale = round(_SCALE_RATIO * config.filter.native_scale_arcsec, 4)
    there = replace(
        config, drizzle=replace(config.drizzle, final_scale=scale, final_pixfrac=_PIXFRAC)
    )
    found = load_exposures(dataset_settings(there))
    prepared = prepare_filter(prepare_settings(there), found)
    product = native_product(there, prepared, found.reference_dirs)
    regions = choose_regions(there, prepared, product)
    setup = FilterSetup(prepared, regions, found.reference_dirs, {}, ())
    return MeasuredSet(
        config=there,
        band=simulated_band(there.filter),
        setup=setup,
        pixels=point_pixels(there, setup, drizzle_settings(there), prepared.directory),
        context=measure_context(there, setup),
        truth_dir=synthetic_directory(synthetic_source(there)) / "truth",
    )


def found_stars(measured: MeasuredSet) -> FoundStars:
    """Find the study's stars in the truth table and compare their positions.

    Raises
    ------
    MetricUnavailableError
        If there are too few stars.
    """
    truth = QTable.read(measured.truth_dir / f"truth_{measured.band.name}.ecsv")
    truth = truth[truth["kind"] == "star"]
    positions = _measured_positions_deg(measured)
    stretch = np.array([np.cos(np.deg2rad(positions[:, 1].mean())), 1.0]) * ARCSEC_PER_DEG
    true = np.column_stack([truth["ra"].to_value("deg"), truth["dec"].to_value("deg")])
    offsets = (positions[:, None, :] - true[None, :, :]) * stretch
    distance = np.hypot(offsets[..., 0], offsets[..., 1])
    nearest = np.argmin(distance, axis=1)
    rows = np.arange(len(positions))
    usable = star_sample(measured.pixels, measured.context).weights > 0
    known = usable & (distance[rows, nearest] < _MATCH_NATIVE_PX * measured.native_arcsec)
    return FoundStars(
        index=np.flatnonzero(known),
        flux_e_per_s=truth["flux"].to_value("electron / s")[nearest[known]],
        offset_arcsec=offsets[rows, nearest][known],
    )


def _measured_positions_deg(measured: MeasuredSet) -> np.ndarray:
    """Right ascension and declination of the stars' fitted centres; the product is north up."""
    registration = star_sample(measured.pixels, measured.context).registration
    stars = measured.setup.regions.stars
    x, y = (np.array([getattr(patch, axis) for patch in measured.pixels.stars]) for axis in "xy")
    scale_deg = measured.pixels.final_scale_arcsec / ARCSEC_PER_DEG
    dec = np.asarray(stars["dec"]) + (registration.y - y) * scale_deg
    ra = np.asarray(stars["ra"]) - (registration.x - x) * scale_deg / np.cos(np.deg2rad(dec))
    return np.column_stack([ra, dec])
