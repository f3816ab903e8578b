"""From the native-scale product to everything a study measures on it, once a filter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from astropy import units

from hstdriz_study.contracts import MeasureContext, StudyRegions
from hstdriz_study.contracts.sky import Wanted
from hstdriz_study.measure.empty_apertures import MIN_SKY_BOXES
from hstdriz_study.measure.fidelity import aperture_fluxes
from hstdriz_study.measure.patches import extract
from hstdriz_study.measure.rasterise import polygon_mask
from hstdriz_study.measure.regions.cut_out import preview_center, preview_stretch, star_stretch
from hstdriz_study.measure.regions.diffuse_light import light_on_boxes, without_diffuse_light
from hstdriz_study.measure.regions.expected import ExpectedStar
from hstdriz_study.measure.regions.full_depth import (
    contributing,
    full_depth_region,
    polygons_on_sky,
)
from hstdriz_study.measure.regions.science import (
    named_sources,
    restricted,
    science_warnings,
    without_left_out,
)
from hstdriz_study.measure.regions.sky import blank_boxes, source_mask
from hstdriz_study.measure.regions.sources import Sky, detect_sources, sky_level
from hstdriz_study.measure.regions.star_warnings import star_warnings
from hstdriz_study.measure.regions.stars import STAR, classify
from hstdriz_study.measure.regions.weight_boxes import weight_boxes

if TYPE_CHECKING:
    from astropy.table import Table
    from shapely.geometry import MultiPolygon

    from hstdriz_study.contracts import Drizzled, MeasureGeometry
    from hstdriz_study.measure.regions.stars import SaturationTest, StarsInPlace
    from hstdriz_study.measure.settings import RegionSettings


def build_regions(
    native: Drizzled,
    footprints: tuple[tuple[np.ndarray, ...], ...],
    geometry: MeasureGeometry,
    settings: RegionSettings,
    saturated: SaturationTest | None = None,
    *,
    expected: ExpectedStar | None = None,
    in_place: StarsInPlace | None = None,
    wanted: Wanted | None = None,
) -> StudyRegions:
    """Choose the stars, the blank sky and the full-depth region of a study.

    Parameters
    ----------
    native : `~hstdriz_study.contracts.Drizzled`
        A product at the detector's own scale.
    footprints : tuple
        One item an exposure: a tuple of (N, 2) arrays, one a chip, with the
        right ascension and declination in degrees along the chip's edge.
    geometry : `~hstdriz_study.contracts.MeasureGeometry`
    settings : `~hstdriz_study.measure.settings.RegionSettings`
    saturated : callable, optional
        Given arrays of right ascension and declination in degrees, says for
        each whether a saturated pixel lies near. Without it, no star is
        rejected as saturated.
    expected : `~hstdriz_study.measure.regions.expected.ExpectedStar`, optional
        What a star must measure; by default as wide as ``geometry`` says.
    in_place : callable, optional
        Given sources (columns ``ra``, ``dec`` in degrees, ``flux``), measures a star of the model
        in the place of each, with the exposures' dithers and flags: columns ``fwhm`` (arcsec) and
        ``concentration``. Without it stars may differ as four dithers let them.
    wanted : `~hstdriz_study.contracts.sky.Wanted`, optional
        Where the user wants to measure; by default wherever all exposures are.

    Returns
    -------
    regions : `~hstdriz_study.contracts.StudyRegions`

    Raises
    ------
    DatasetError
        If no part of the sky is in two exposures, or none of it is wanted.
    """
    scale, wanted = native.final_scale_arcsec, wanted or Wanted()
    full_depth = full_depth_region(footprints, native.wcs)
    region = restricted(full_depth, wanted, native.wcs)
    sky = sky_level(native)
    sources = detect_sources(native, geometry, sky, settings.min_star_snr)
    expected = expected or ExpectedStar.named(geometry)
    named, told = None, science_warnings(full_depth, wanted, native.wcs)
    if wanted.stars is not None:
        named, unfound = named_sources(sources, wanted.stars, native.wcs)
        told += unfound
    # stars that are named may lie beside the region
    stars_from = region if named is None else without_left_out(full_depth, wanted, native.wcs)
    sources["verdict"] = classify(
        sources, native, full_depth,
        geometry=geometry, settings=settings, saturated=saturated, expected=expected,
        in_place=in_place, wanted=stars_from, named=named,
    )  # fmt: skip
    stars = sources[np.asarray(sources["verdict"]) == STAR]

    boxes = _sky_boxes(native, region, geometry, settings, sky)
    squares, side_arcsec = weight_boxes(region, scale, settings.weight_area_arcsec2, settings.seed)
    center = preview_center(sources, region, geometry.preview_box_arcsec / scale)
    ra, dec = native.wcs.pixel_to_world_values(*center)
    regions = StudyRegions(
        stars=_star_table(stars),
        candidates=_with_units(sources),
        sky_boxes=boxes,
        weight_boxes=_on_sky(squares, native),
        weight_box_arcsec=side_arcsec,
        full_depth=polygons_on_sky(region, native.wcs),
        preview_center=(float(ra), float(dec)),
        preview_stretch=preview_stretch(native, center, geometry.preview_box_arcsec / scale, sky),
        star_stretch=star_stretch(native, stars, sky),
        geometry=geometry,
        warnings=(
            *_mosaic_warnings(footprints, polygons_on_sky(full_depth, native.wcs)),
            *told,
            *star_warnings(sources, expected, settings),
            *_box_warnings(len(boxes)),
        ),
        expected_fwhm_arcsec=(expected.fwhm_arcsec, expected.err_arcsec),
    )
    return _with_light(_with_native_fluxes(regions, native, settings), native, settings, region)


def _sky_boxes(
    native: Drizzled,
    region: MultiPolygon,
    geometry: MeasureGeometry,
    settings: RegionSettings,
    sky: Sky,
) -> np.ndarray:
    """Centres of blank-sky boxes, right ascension and declination in degrees."""
    vertices = [np.asarray(polygon.exterior.coords)[:-1] for polygon in region.geoms]
    blocked = ~polygon_mask(vertices, native.sci.shape)
    blocked |= source_mask(native, geometry, sky)
    side = geometry.sky_box_arcsec / native.final_scale_arcsec
    centers = blank_boxes(blocked, side, settings.n_sky_boxes, settings.seed)
    return _on_sky(centers, native)


def _on_sky(centers: np.ndarray, native: Drizzled) -> np.ndarray:
    if len(centers) == 0:
        return np.empty((0, 2))
    return np.column_stack(native.wcs.pixel_to_world_values(centers[:, 0], centers[:, 1]))


def _star_table(stars: Table) -> Table:
    table = _with_units(stars["id", "ra", "dec"])
    table["flux_native"] = np.asarray(stars["flux"], dtype=float)
    table["flux_native"].unit = units.electron / units.s
    return table


def _with_units(table: Table) -> Table:
    labelled = table.copy()
    for name, unit in (
        ("x", units.pix),
        ("y", units.pix),
        ("ra", units.deg),
        ("dec", units.deg),
        ("flux", units.electron / units.s),
        ("peak", units.electron / units.s),
        ("fwhm", units.arcsec),
    ):
        if name in labelled.colnames:
            labelled[name].unit = unit
    return labelled


def _with_light(
    regions: StudyRegions, native: Drizzled, settings: RegionSettings, region: MultiPolygon
) -> StudyRegions:
    """Find diffuse light on the boxes of sky; where there is some, choose them anew without it.

    On the light a bump of noise is taken for a source sooner than elsewhere: boxes that were chosen
    with it would be those where the noise is low.
    """
    light = _light(regions, native, settings)
    if light is None:
        return regions
    geometry, flat = regions.geometry, without_diffuse_light(native, regions.geometry)
    boxes = _sky_boxes(flat, region, geometry, settings, sky_level(flat))
    if len(boxes) >= MIN_SKY_BOXES:
        regions = replace(regions, sky_boxes=boxes)
        light = _light(regions, native, settings)
        light = np.zeros(len(boxes)) if light is None else light
    lit = float(np.mean(light > 0))
    told = (
        f"diffuse light lies on the sky (of a giant galaxy, a nebula, a cluster?), on {lit:.0%} of "
        "its boxes more than on the darkest: noise and depth are measured in apertures above their "
        "surroundings, and are those of the darkest parts; on the light noise/lit_... hold"
    )
    return replace(regions, sky_light=light, warnings=(*regions.warnings, told))


def _light(regions: StudyRegions, native: Drizzled, settings: RegionSettings) -> np.ndarray | None:
    if len(regions.sky_boxes) < MIN_SKY_BOXES:
        return None
    places = np.column_stack(native.wcs.world_to_pixel_values(*regions.sky_boxes.T))
    pixels = extract(native, replace(regions, stars=regions.stars[:0]))
    return light_on_boxes(pixels, places, regions.geometry, settings.seed)


def _with_native_fluxes(
    regions: StudyRegions, native: Drizzled, settings: RegionSettings
) -> StudyRegions:
    """Measure the stars' fluxes exactly as every point will measure them."""
    if len(regions.stars) < max(1, settings.min_stars):
        return regions  # the fluxes of the selection stand; no point will use them
    context = MeasureContext(
        regions=regions, zero_point_abmag=None, n_exposures=len(regions.full_depth),
        min_stars=1, n_bootstrap=0, seed=settings.seed,
    )  # fmt: skip
    stars = regions.stars.copy()
    stars["flux_native"] = aperture_fluxes(extract(native, regions), context)
    stars["flux_native"].unit = units.electron / units.s
    return replace(regions, stars=stars)


def _mosaic_warnings(
    footprints: tuple[tuple[np.ndarray, ...], ...], full_depth: tuple[np.ndarray, ...]
) -> tuple[str, ...]:
    n_deep = int(np.count_nonzero(contributing(footprints, full_depth)))
    if n_deep == len(footprints):
        return ()
    told = (
        f"the exposures are a mosaic: {n_deep} of {len(footprints)} overlap in the region that is "
        "measured, the deepest one that is large; widths, noise and depth hold where so many do"
    )
    return (told,)


def _box_warnings(n_boxes: int) -> tuple[str, ...]:
    if n_boxes >= MIN_SKY_BOXES:
        return ()
    few = (
        f"{n_boxes} boxes of blank sky; noise metrics need {MIN_SKY_BOXES}: "
        "make filter.geometry.sky_box_arcsec smaller or use an emptier field"
    )
    return (few,)
