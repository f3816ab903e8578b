"""The metrics of a field and its exposures: one entry each, in the order in which they are listed.

A new metric is a function and an entry here. Tables, plots, MLflow's pages, comparisons and the
tables of the documentation read the entries.
"""

from __future__ import annotations

from hstdriz_study.contracts.metric_entry import Better, ErrorKind, MetricEntry, Need, Place

FWHM = MetricEntry(
    "psf/fwhm_arcsec",
    label="FWHM of the delivered image",
    phrase="FWHM",
    unit="arcsec",
    better=Better.LOWER,
    meaning="width at half maximum of the image *as delivered*, output pixel included: the blur of "
    "the output pixel is part of what a scale costs",
    error=ErrorKind.STARS,
    needs=(Need.STARS,),
    drawn=(Place.CHOICE, Place.POINTS, Place.CURVES, Place.MLFLOW),
    format=".4f",
)
FWHM_FIT = MetricEntry(
    "psf/fwhm_fit_arcsec",
    label="FWHM of a pixel-integrated Gaussian fit",
    unit="arcsec",
    better=Better.LOWER,
    meaning="photutils' pixel-integrated fit, which removes the blur of the output pixel",
    error=ErrorKind.STARS,
    needs=(Need.STARS,),
    drawn=(),
)
PIXELS_PER_FWHM = MetricEntry(
    "psf/pixels_per_fwhm",
    label="pixels per FWHM",
    column="px / FWHM",
    unit="pix",
    better=Better.HIGHER,
    meaning="sampling: the FWHM over `final_scale`",
    error=ErrorKind.STARS,
    needs=(Need.STARS,),
    drawn=(Place.POINTS,),
    format=".2f",
)
ELLIPTICITY = MetricEntry(
    "psf/ellipticity",
    label="ellipticity",
    better=Better.LOWER,
    meaning="1 - b/a of the stars' mean second moments",
    error=ErrorKind.STARS,
    needs=(Need.STARS,),
    drawn=(),
)
EE50 = MetricEntry(
    "psf/ee50_arcsec",
    label="radius of 50 % of the energy",
    unit="arcsec",
    better=Better.LOWER,
    meaning="radius that holds half of a star's light",
    error=ErrorKind.STARS,
    needs=(Need.STARS,),
    drawn=(),
)
EE80 = MetricEntry(
    "psf/ee80_arcsec",
    label="radius of 80 % of the energy",
    unit="arcsec",
    better=Better.LOWER,
    meaning="radius that holds four fifths of a star's light",
    error=ErrorKind.STARS,
    needs=(Need.STARS,),
    drawn=(),
)
N_STARS = MetricEntry(
    "psf/n_stars",
    label="stars measured",
    meaning="stars that were usable at this point",
    error=ErrorKind.EXACT,
    needs=(Need.STARS,),
    drawn=(),
)

RMS_OVER_MEDIAN = MetricEntry(
    "weight/rms_over_median",
    label="weight RMS/median",
    phrase="RMS/median",
    alone="weight RMS/median",
    better=Better.LOWER,
    meaning="`np.std`/median of the weight map over the full-depth region, zeros included",
    error=ErrorKind.WEIGHT_BOXES,
    needs=(Need.FULL_DEPTH,),
    drawn=(
        Place.CHOICE, Place.POINTS, Place.CURVES, Place.PLANES, Place.TRADE_OFF, Place.MLFLOW,
    ),
    format=".3f",
)  # fmt: skip
RMS_OVER_MEDIAN_SCATTER = MetricEntry(
    "weight/rms_over_median_scatter",
    label="its scatter with where bad pixels and cosmic rays fall",
    meaning="scatter of RMS/median with where bad pixels and cosmic rays fall; the scatter with "
    "the grid's phase is `…_phase_std` of every metric",
    error=ErrorKind.SCATTER,
    needs=(Need.FULL_DEPTH,),
    drawn=(),
)
WEIGHT_RMS = MetricEntry(
    "weight/rms",
    label="weight RMS",
    meaning="`np.std` of the weights, zeros included",
    error=ErrorKind.WEIGHT_BOXES,
    needs=(Need.FULL_DEPTH,),
    drawn=(),
)
WEIGHT_MEDIAN = MetricEntry(
    "weight/median",
    label="weight median",
    meaning="median of the weights, zeros included",
    error=ErrorKind.WEIGHT_BOXES,
    needs=(Need.FULL_DEPTH,),
    drawn=(),
)
HOLE_FRACTION = MetricEntry(
    "weight/hole_fraction",
    label="hole fraction",
    better=Better.LOWER,
    meaning="fraction of the region's pixels of zero weight",
    error=ErrorKind.WEIGHT_BOXES,
    needs=(Need.FULL_DEPTH,),
    drawn=(),
)

SKY_RMS = MetricEntry(
    "noise/sky_rms",
    label="sky RMS a pixel",
    phrase="sky RMS",
    unit="electron / (pix s)",
    meaning="noise of an output pixel; it falls with the pixel's area, so do not compare scales "
    "by it",
    error=ErrorKind.SKY,
    needs=(Need.SKY_BOXES,),
    drawn=(Place.CURVES,),
)
APERTURE_SIGMA = MetricEntry(
    "noise/aperture_sigma",
    label="empty-aperture noise",
    unit="electron / s",
    better=Better.LOWER,
    meaning="noise in empty apertures of fixed size on the sky: the one that compares",
    error=ErrorKind.SKY,
    needs=(Need.SKY_BOXES,),
    drawn=(Place.CURVES, Place.TRADE_OFF, Place.MLFLOW),
)
CORRELATION = MetricEntry(
    "noise/correlation",
    label="noise correlation R",
    better=Better.LOWER,
    meaning="R: noise of a large area over what independent pixels would give, measured",
    error=ErrorKind.SKY,
    needs=(Need.SKY_BOXES,),
    drawn=(Place.CURVES, Place.MLFLOW),
)
CORRELATION_ANALYTIC = MetricEntry(
    "noise/correlation_analytic",
    label="R, analytic",
    meaning="R of the square kernel from Fruchter & Hook (2002)",
    error=ErrorKind.EXACT,
    needs=(Need.SKY_BOXES, Need.SQUARE_KERNEL),
    drawn=(),
)
DEPTH = MetricEntry(
    "noise/depth_abmag",
    label="5-sigma point-source depth",
    phrase="5-sigma depth",
    unit="mag(AB)",
    better=Better.HIGHER,
    meaning="magnitude of a point source at 5 times the noise in empty apertures",
    error=ErrorKind.SKY,
    needs=(Need.SKY_BOXES, Need.STARS, Need.ZERO_POINT),
    drawn=(Place.CHOICE, Place.POINTS, Place.CURVES, Place.PLANES, Place.MLFLOW),
)
ANNULUS_EXCESS = MetricEntry(
    "noise/annulus_excess",
    label="noise of the local background, taken out (fraction)",
    meaning="where diffuse light lies on the sky: what the noise of an annulus has added to that "
    "of its aperture, taken out of the others",
    error=ErrorKind.EXACT,
    needs=(Need.SKY_BOXES,),
    drawn=(),
)
LIT_APERTURE_SIGMA = MetricEntry(
    "noise/lit_aperture_sigma",
    label="aperture noise on diffuse light",
    unit="electron / s",
    better=Better.LOWER,
    meaning="the same noise on diffuse light, above the surroundings of each aperture",
    error=ErrorKind.SKY,
    needs=(Need.SKY_BOXES,),
    drawn=(),
)
LIT_DEPTH = MetricEntry(
    "noise/lit_depth_abmag",
    label="5-sigma point-source depth on diffuse light",
    unit="mag(AB)",
    better=Better.HIGHER,
    meaning="depth on diffuse light, as bright as the next",
    error=ErrorKind.SKY,
    needs=(Need.SKY_BOXES, Need.STARS, Need.ZERO_POINT),
    drawn=(),
)
LIT_BRIGHTNESS = MetricEntry(
    "noise/lit_abmag_arcsec2",
    label="surface brightness of the diffuse light (AB mag/arcsec²)",
    meaning="median surface brightness above the darkest parts for which these hold",
    error=ErrorKind.SCATTER,
    needs=(Need.SKY_BOXES, Need.STARS, Need.ZERO_POINT),
    drawn=(),
)

FLUX_RATIO = MetricEntry(
    "fidelity/flux_ratio",
    label="aperture flux / native scale",
    meaning="aperture flux against the native-scale product",
    error=ErrorKind.STARS,
    needs=(Need.STARS,),
    drawn=(),
)

EXPOSURE_FWHM = MetricEntry(
    "exposures/fwhm_arcsec",
    label="width of stars in single exposures, by second moments",
    unit="arcsec",
    error=ErrorKind.SCATTER,
    needs=(Need.STARS,),
    drawn=(),
)
WIDEST_EXPOSURE = MetricEntry(
    "exposures/widest_over_others",
    label="width of stars in the widest exposure over that in the others",
    error=ErrorKind.SCATTER,
    needs=(Need.STARS,),
    drawn=(),
)
MISALIGNMENT = MetricEntry(
    "exposures/misalignment_arcsec",
    label="misalignment of the exposures, rms on an axis",
    unit="arcsec",
    error=ErrorKind.SCATTER,
    needs=(Need.STARS,),
    drawn=(),
)
SAMPLE_SPACING = MetricEntry(
    "exposures/sample_spacing_arcsec",
    label="spacing at which the dithers sample the sky",
    unit="arcsec",
    error=ErrorKind.SCATTER,
    drawn=(),
)
STAR_CORE_FLAGGED = MetricEntry(
    "exposures/star_core_flagged",
    label="star-core pixels flagged as cosmic rays (fraction)",
    error=ErrorKind.EXACT,
    needs=(Need.STARS,),
    drawn=(),
)
SATURATED_SOURCES = MetricEntry(
    "exposures/saturated_sources",
    label="bright stars left out as saturated",
    error=ErrorKind.EXACT,
    drawn=(),
)
SHALLOW_FRACTION = MetricEntry(
    "exposures/shallow_fraction",
    label="area below 80 % of the exposure time (fraction)",
    error=ErrorKind.EXACT,
    drawn=(),
)

FWHM_CHANGE = MetricEntry(
    "over_field/fwhm_change",
    label="change of the FWHM over the field (fraction)",
    meaning="how much wider stars are at one end of the field than at the other, by a plane",
    error=ErrorKind.SCATTER,
    needs=(Need.STARS,),
    drawn=(),
)
ELLIPTICITY_CHANGE = MetricEntry(
    "over_field/ellipticity_change",
    label="change of the ellipticity over the field",
    meaning="how much more elongated stars are at one end of the field than at the other",
    error=ErrorKind.SCATTER,
    needs=(Need.STARS,),
    drawn=(),
)
ENERGY_CHANGE = MetricEntry(
    "over_field/energy_change",
    label="change of the energy in the aperture over the field (fraction)",
    meaning="by how much the light inside the photometric aperture changes over the field",
    error=ErrorKind.SCATTER,
    needs=(Need.STARS,),
    drawn=(),
)
STAR_COVERAGE = MetricEntry(
    "over_field/star_coverage",
    label="area over which the stars scatter over that of the field",
    meaning="area over which the stars scatter by that of the field; 0.1 in a corner of a tenth",
    error=ErrorKind.EXACT,
    needs=(Need.STARS,),
    drawn=(),
)

OF_FIELD = tuple(entry for entry in [*vars().values()] if isinstance(entry, MetricEntry))
"""All of the above."""
