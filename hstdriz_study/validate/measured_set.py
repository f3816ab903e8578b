"""A simulated set of one filter, prepared and drizzled as a study does, beside its truth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from astropy.table import QTable

from hstdriz_study.dataset import synthetic_directory
from hstdriz_study.field import Field
from hstdriz_study.measure.star_sample import star_sample

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.contracts import DrizzleSettings, MeasureContext, PointPixels
    from hstdriz_study.validate.context import SetOptions

ARCSEC_PER_DEG = 3600.0
_MATCH_NATIVE_PX = 0.7
# Where the sets are measured: 0.6 native pixels, drops of 0.8.
_SCALE_RATIO, _PIXFRAC = 0.6, 0.8


@dataclass(frozen=True)
class MeasuredSet:
    """One filter's set and the pixels of one point of it.

    Attributes
    ----------
    of_set : `~hstdriz_study.validate.context.SetOptions`
    field : `~hstdriz_study.field.Field`
    settings : `~hstdriz_study.contracts.DrizzleSettings`
        Of the point.
    pixels : `~hstdriz_study.contracts.PointPixels`
    context : `~hstdriz_study.contracts.MeasureContext`
    truth_dir : `~pathlib.Path`
        The simulator's truth tables.
    """

    of_set: SetOptions
    field: Field
    settings: DrizzleSettings
    pixels: PointPixels
    context: MeasureContext
    truth_dir: Path


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


def measured_set(of_set: SetOptions) -> MeasuredSet:
    """Simulate (or take from the cache), prepare and drizzle one filter's set.

    Raises
    ------
    StudyError
        If any of it fails.
    """
    scale = round(_SCALE_RATIO * of_set.native_arcsec, 4)
    settings = replace(of_set.drizzle, final_scale_arcsec=scale, final_pixfrac=_PIXFRAC)
    field = Field(of_set.field)
    return MeasuredSet(
        of_set=of_set,
        field=field,
        settings=settings,
        pixels=field.pixels(settings, of_set.point.engine),
        context=field.context(of_set.point.n_bootstrap),
        truth_dir=synthetic_directory(of_set.source) / "truth",
    )


def found_stars(measured: MeasuredSet) -> FoundStars:
    """Find the study's stars in the truth table and compare their positions.

    Raises
    ------
    MetricUnavailableError
        If there are too few stars.
    """
    truth = QTable.read(measured.truth_dir / f"truth_{measured.of_set.name}.ecsv")
    truth = truth[truth["kind"] == "star"]
    positions = _measured_positions_deg(measured)
    stretch = np.array([np.cos(np.deg2rad(positions[:, 1].mean())), 1.0]) * ARCSEC_PER_DEG
    true = np.column_stack([truth["ra"].to_value("deg"), truth["dec"].to_value("deg")])
    offsets = (positions[:, None, :] - true[None, :, :]) * stretch
    distance = np.hypot(offsets[..., 0], offsets[..., 1])
    nearest = np.argmin(distance, axis=1)
    rows = np.arange(len(positions))
    usable = star_sample(measured.pixels, measured.context).star_weights > 0
    known = usable & (distance[rows, nearest] < _MATCH_NATIVE_PX * measured.of_set.native_arcsec)
    return FoundStars(
        index=np.flatnonzero(known),
        flux_e_per_s=truth["flux"].to_value("electron / s")[nearest[known]],
        offset_arcsec=offsets[rows, nearest][known],
    )


def _measured_positions_deg(measured: MeasuredSet) -> np.ndarray:
    """Right ascension and declination of the stars' fitted centres; the product is north up."""
    registration = star_sample(measured.pixels, measured.context).registration
    stars = measured.field.regions.stars
    x, y = (np.array([getattr(patch, axis) for patch in measured.pixels.stars]) for axis in "xy")
    scale_deg = measured.pixels.final_scale_arcsec / ARCSEC_PER_DEG
    dec = np.asarray(stars["dec"]) + (registration.y - y) * scale_deg
    ra = np.asarray(stars["ra"]) - (registration.x - x) * scale_deg / np.cos(np.deg2rad(dec))
    return np.column_stack([ra, dec])
