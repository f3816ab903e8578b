"""Where a study measures, and the pixels it measures there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.contracts.drizzled import OfSettings

if TYPE_CHECKING:
    import numpy as np
    from astropy.table import Table

    from hstdriz_study.contracts.drizzled import DrizzleSettings

REGIONS_NAME, STARS_NAME = "regions.json", "stars.ecsv"
"""Files in which a directory keeps `StudyRegions`: boxes and numbers, and the stars."""


@dataclass(frozen=True)
class MeasureGeometry:
    """Sizes on the sky that stay the same at every point of a study, all in arcsec."""

    native_scale_arcsec: float
    psf_fwhm_arcsec: float
    aperture_radius_arcsec: float
    ee_radius_arcsec: float
    fit_box_arcsec: float
    sky_box_arcsec: float
    preview_box_arcsec: float


@dataclass(frozen=True)
class WeightBoxes:
    """Squares on the sky in which the weight map is judged.

    Attributes
    ----------
    centers : (N, 2) `~numpy.ndarray`
        Right ascension and declination, degrees.
    side_arcsec : float
    """

    centers: np.ndarray
    side_arcsec: float


@dataclass(frozen=True)
class StudyRegions:
    """Where every point of a study is measured, fixed on the sky.

    Attributes
    ----------
    stars : `~astropy.table.Table`
        The selected stars, columns ``id``, ``ra``, ``dec`` (degrees) and
        ``flux_native`` (electrons per second inside the photometric aperture
        of the native-scale product); ``block``, where some are resampled together, says which.
    candidates : `~astropy.table.Table`
        Every detected source with the measured quantities of the selection
        and a column ``verdict`` (``star``, or the reason for its rejection).
    sky_boxes : (N, 2) `~numpy.ndarray`
        Centres of the blank-sky boxes, right ascension and declination in
        degrees. The boxes are aligned with the pixel grid of each product.
    weight_boxes : (N, 2) `~numpy.ndarray`
        The same of the boxes that sample the full-depth region, in which the
        weight map is measured.
    weight_box_arcsec : float
        Side of a weight box.
    full_depth : tuple of (N, 2) `~numpy.ndarray`
        Polygons (degrees) inside which all exposures contribute.
    preview_center : tuple of float
        Right ascension and declination of the preview cut-out, degrees.
    preview_stretch : tuple of float
        Surface brightness shown black and white, electrons / s / arcsec^2.
    star_stretch : tuple of float
        The same for the star stamp.
    geometry : `MeasureGeometry`
    warnings : tuple of str
    expected_fwhm_arcsec : tuple of float or None
        Width that a star of the native-scale product was expected to have, and its 1 sigma; None
        where an earlier version chose the stars.
    injected : `~astropy.table.Table` or None
        Artificial stars, where some were injected: columns ``id``, ``role`` (``psf`` or
        ``faint``), ``ra``, ``dec`` (degrees), ``flux`` (electrons per second
        inside the energy radius), ``mag`` (its AB magnitude), ``step_mag`` (of a
        faint star from the expected depth) and ``flux_native``.
    sky_light : (N,) `~numpy.ndarray` or None
        Surface brightness, electrons / s / arcsec^2, of the diffuse light that lies on each box of
        sky; 0 in the darkest parts. None where there is no diffuse light.
    injected_for_psf : bool
        Whether ``stars`` are injected ones, because the field has too few.
    """

    stars: Table
    candidates: Table
    sky_boxes: np.ndarray
    weight_boxes: np.ndarray
    weight_box_arcsec: float
    full_depth: tuple[np.ndarray, ...]
    preview_center: tuple[float, float]
    preview_stretch: tuple[float, float]
    star_stretch: tuple[float, float]
    geometry: MeasureGeometry
    warnings: tuple[str, ...] = ()
    expected_fwhm_arcsec: tuple[float, float] | None = None
    injected: Table | None = None
    injected_for_psf: bool = False
    sky_light: np.ndarray | None = None


@dataclass(frozen=True)
class Patch:
    """A rectangle of the output grid around one fixed sky position.

    ``x`` and ``y`` are the 0-based pixel coordinates, within the patch, of
    that position. ``sci`` is NaN where ``wht`` is 0 or the image ends.
    """

    sci: np.ndarray
    wht: np.ndarray
    x: float
    y: float


@dataclass(frozen=True)
class PointPixels(OfSettings):
    """All the pixels that are measured at one point, and how they were made.

    Attributes
    ----------
    stars, sky : tuple of `Patch`
        In the order of `StudyRegions.stars` and `StudyRegions.sky_boxes`.
    weight_tiles : tuple of 1D `~numpy.ndarray`
        Weights of the pixels inside each of `StudyRegions.weight_boxes`, zeros
        included; empty for a box off the product.
    preview : `Patch`
    settings : `DrizzleSettings`
        As in `Drizzled`.
    injected : tuple of `Patch`
        In the order of `StudyRegions.injected`, from the copies of the
        exposures that hold these stars.
    """

    stars: tuple[Patch, ...]
    sky: tuple[Patch, ...]
    weight_tiles: tuple[np.ndarray, ...]
    preview: Patch
    settings: DrizzleSettings
    injected: tuple[Patch, ...] = ()


@dataclass(frozen=True)
class MeasureContext:
    """What the metrics of one filter share at every point."""

    regions: StudyRegions
    zero_point_abmag: float | None
    n_exposures: int
    min_stars: int
    n_bootstrap: int
    seed: int
