"""From the native-scale product and its stars to the PSF over the field."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from astropy import units as u
from astropy.table import QTable

from hstdriz_study.contracts import MeasureContext
from hstdriz_study.errors import MetricUnavailableError
from hstdriz_study.measure.elongation import elongation
from hstdriz_study.measure.over_field.field_plane import FieldPlane
from hstdriz_study.measure.over_field.linear import LinearFit, linear_fit
from hstdriz_study.measure.over_field.spread import blocks, coverage
from hstdriz_study.measure.patches import extract
from hstdriz_study.measure.psf import star_fwhms, star_moments
from hstdriz_study.measure.star_sample import star_sample

if TYPE_CHECKING:
    from hstdriz_study.contracts import Drizzled, PointPixels, StudyRegions

_COMPASS = (
    "north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west",
)  # fmt: skip

CLEAR_GRADIENT = 0.05
"""Chance below which stars that stand together are resampled together: what they share counts."""


class OverField(NamedTuple):
    """The PSF over the field.

    Attributes
    ----------
    stars : `~astropy.table.QTable`
        Columns ``id``, ``east``, ``north`` (from the middle of the field), ``fwhm`` (of the
        pixel-integrated Gaussian fit), ``along_east``, ``along_northeast`` (elongation of the
        second moments on the sky, `~hstdriz_study.measure.elongation.elongation`), ``ee``
        (light inside the photometric aperture by that inside the energy radius).
    fwhm, along_east, along_northeast, energy : `LinearFit`
        Arcsec, and fractions.
    coverage : float
        As `~hstdriz_study.measure.over_field.spread.coverage`.
    blocks : (N,) integer `~numpy.ndarray` or None
        Which stars share their place, where they cluster and the FWHM has a gradient.
    """

    stars: QTable
    fwhm: LinearFit
    along_east: LinearFit
    along_northeast: LinearFit
    energy: LinearFit
    coverage: float
    blocks: np.ndarray | None

    def with_blocks(self, regions: StudyRegions) -> StudyRegions:
        """Return regions whose stars tell which of them are resampled together."""
        if self.blocks is None:
            return regions
        stars = regions.stars.copy()
        stars["block"] = self.blocks
        return replace(regions, stars=stars)

    @property
    def toward(self) -> str:
        """Where the middle of the stars is, from that of the field: ``35" north-east``."""
        if len(self.stars) == 0:
            return ""
        east, north = (float(np.mean(self.stars[n].to_value("arcsec"))) for n in ("east", "north"))
        octant = round(math.atan2(east, north) / (math.pi / 4)) % len(_COMPASS)
        return f'{math.hypot(east, north):.0f}" {_COMPASS[octant]}'

    @property
    def relative_change(self) -> tuple[float, float]:
        """Change of the FWHM over the field by that in the middle, and its error."""
        return self.fwhm.change / self.fwhm.middle, self.fwhm.change_err / self.fwhm.middle

    @property
    def elongation_change(self) -> tuple[float, float]:
        """Largest change of the elongation over the field, near enough of ``1 - b/a``; its error.

        A field may be stretched along one direction here and along another there.
        """
        planes = (self.along_east, self.along_northeast)
        changes = np.array([[plane.change, plane.change_err] for plane in planes])
        return float(np.hypot(*changes[:, 0])), float(np.max(changes[:, 1]))


def psf_over_field(native: Drizzled, regions: StudyRegions) -> OverField:
    """Measure the selected stars one by one and fit planes to what they show.

    Parameters
    ----------
    native : `~hstdriz_study.contracts.Drizzled`
        The product on which they were selected.
    regions : `~hstdriz_study.contracts.StudyRegions`

    Returns
    -------
    OverField
        With fewer than `~hstdriz_study.measure.over_field.linear.MIN_STARS` stars, planes of nan.
    """
    field = FieldPlane.of(regions.full_depth)
    places = field.places(*(np.asarray(regions.stars[name], float) for name in ("ra", "dec")))
    nowhere = np.empty((0, 2))
    stars_only = replace(regions, sky_boxes=nowhere, weight_boxes=nowhere)
    shapes = _shapes(extract(native, stars_only), stars_only, native)
    fwhm, along_east, along_northeast, energy = (
        linear_fit(places, values, field) for values in shapes.T
    )
    return OverField(
        _table(regions, places, shapes),
        fwhm,
        along_east,
        along_northeast,
        energy,
        coverage=coverage(places, field),
        blocks=together(places, fwhm, field),
    )


def together(places: np.ndarray, fwhm: LinearFit, field: FieldPlane) -> np.ndarray | None:
    """Return which stars are resampled together; None for each by itself.

    Parameters
    ----------
    places : (N, 2) `~numpy.ndarray`
        Arcsec east and north of the middle of the field.
    fwhm : `~hstdriz_study.measure.over_field.linear.LinearFit`
        Without a clear gradient, stars of a cluster share nothing that others lack.
    field : `~hstdriz_study.measure.over_field.field_plane.FieldPlane`
    """
    return blocks(places, field) if fwhm.chance < CLEAR_GRADIENT else None


def _shapes(point: PointPixels, regions: StudyRegions, native: Drizzled) -> np.ndarray:
    """Return FWHM (arcsec), elongation along both, and energy of each star; (N, 4), nan unknown."""
    context = MeasureContext(
        regions=regions, zero_point_abmag=None, n_exposures=1, min_stars=1, n_bootstrap=0, seed=0
    )
    try:
        sample = star_sample(point, context)
    except MetricUnavailableError:
        return np.full((len(point.stars), 4), np.nan)
    geometry, scale = regions.geometry, point.final_scale_arcsec
    to_sky = native.wcs.pixel_scale_matrix
    xx, xy, yy = np.where(sample.star_weights > 0, star_moments(point, context, sample).T, np.nan)
    moments = to_sky @ np.array([[xx, xy], [xy, yy]]).transpose(2, 0, 1) @ to_sky.T
    radii = np.array([geometry.aperture_radius_arcsec, geometry.ee_radius_arcsec]) / scale
    with np.errstate(divide="ignore", invalid="ignore"):
        energy = np.divide(*sample.aperture_sums(radii).T)
    fwhm = star_fwhms(point, context, sample)
    shape = elongation(moments)
    shapes = np.column_stack([fwhm, shape.real, shape.imag, energy])
    return np.where(sample.star_weights[:, None] > 0, shapes, np.nan)


def _table(regions: StudyRegions, places: np.ndarray, shapes: np.ndarray) -> QTable:
    fwhm, along_east, along_northeast, energy = shapes.T
    return QTable(
        {
            "id": regions.stars["id"],
            "east": places[:, 0] * u.arcsec,
            "north": places[:, 1] * u.arcsec,
            "fwhm": fwhm * u.arcsec,
            "along_east": along_east,
            "along_northeast": along_northeast,
            "ee": energy,
        }
    )


def planes_table(found: OverField) -> QTable:
    """Return a row a quantity: what it is in the middle of the field and how it changes over it.

    Returns
    -------
    table : `~astropy.table.QTable`
        Columns ``quantity``, ``middle``, ``middle_err``, ``gradient_east``, ``gradient_north`` (an
        arcmin), ``gradient_err`` (along the gradient), ``change``, ``change_err`` (over the field)
        and ``chance`` (of such a gradient where there is none); FWHM in arcsec.
    """
    rows = [(name, *_numbers(getattr(found, field))) for name, field in QUANTITIES.items()]
    return QTable(rows=rows, names=_COLUMNS)


QUANTITIES = {
    "fwhm": "fwhm",
    "along_east": "along_east",
    "along_northeast": "along_northeast",
    "ee": "energy",
}
"""Columns of the stars' table, and their planes."""

_COLUMNS = (
    "quantity", "middle", "middle_err", "gradient_east", "gradient_north", "gradient_err",
    "change", "change_err", "chance",
)  # fmt: skip


def _numbers(plane: LinearFit) -> tuple[float, ...]:
    east, north = 60 * plane.gradient
    return (
        plane.middle, plane.middle_err, east, north, 60 * plane.gradient_err, plane.change,
        plane.change_err, plane.chance,
    )  # fmt: skip
