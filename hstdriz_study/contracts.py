"""The values that travel between the rooms: small, frozen, units in their names."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from astropy.table import Table
    from astropy.wcs import WCS


@dataclass(frozen=True)
class Exposure:
    """One calibrated exposure (flt or flc), described by its headers alone."""

    path: Path
    rootname: str
    instrument: str
    detector: str
    filter: str
    exptime_s: float
    expstart_mjd: float
    n_chips: int
    ra_deg: float
    dec_deg: float
    pixel_scale_arcsec: float


@dataclass(frozen=True)
class OutputGrid:
    """An undistorted output pixel grid: a FITS TAN WCS and the size of the image.

    Attributes
    ----------
    crval_deg : tuple of float
        Right ascension and declination of the tangent point.
    crpix : tuple of float
        Its pixel position x, y; the centre of the first pixel is (1, 1).
    cd : 2 x 2 tuple of float
        The CD matrix, degrees a pixel.
    shape : tuple of int
        Rows and columns.
    scale_arcsec : float
        Side of a pixel.
    orientation_deg : float
        Position angle of the y axis.
    """

    crval_deg: tuple[float, float]
    crpix: tuple[float, float]
    cd: tuple[tuple[float, float], tuple[float, float]]
    shape: tuple[int, int]
    scale_arcsec: float
    orientation_deg: float

    @property
    def final_scale_arcsec(self) -> float:
        """The scale as it is recorded: a nano-arcsecond is below any rounding of headers."""
        return round(self.scale_arcsec, 9)


@dataclass(frozen=True)
class Chip:
    """One chip of a prepared exposure, as it is drizzled.

    Attributes
    ----------
    exposure : `~pathlib.Path`
        The prepared file.
    extver : int
        Version of its SCI and DQ extensions.
    shape : tuple of int
        Rows and columns.
    exptime_s : float
    in_units : str
        ``cps`` when the pixels are rates, ``counts`` when they are not.
    mdrizsky : float
        The sky that was measured, in the unit of the pixels.
    linear_scale_arcsec : float
        Pixel scale of the chip's undistorted WCS (``wcslin_pscale``).
    sky_nodes : `~pathlib.Path`
        Array (n_y, n_x, 2): right ascension and declination in degrees at
        every tenth pixel.
    static_mask : `~pathlib.Path`
        Boolean array, False where AstroDrizzle's static mask is bad.
    """

    exposure: Path
    extver: int
    shape: tuple[int, int]
    exptime_s: float
    in_units: str
    mdrizsky: float
    linear_scale_arcsec: float
    sky_nodes: Path
    static_mask: Path


@dataclass(frozen=True)
class PreparedFilter:
    """Exposures of one filter after everything that does not depend on the output grid.

    Attributes
    ----------
    name : str
        Name of the filter's configuration, for example ``f160w``.
    directory : `~pathlib.Path`
        The cache entry that holds the prepared copies.
    exposures : tuple of `~pathlib.Path`
        Prepared copies, in order of exposure start.
    chips : tuple of `Chip`
        Their chips, in the order in which AstroDrizzle drizzles them.
    mosaic : `OutputGrid`
        The output grid AstroDrizzle makes when nothing is asked for.
    key : str
        Content hash of inputs, reference files, settings and versions.
    footprints : tuple
        One item an exposure: a tuple of (N, 2) arrays, one a chip, with the
        right ascension and declination in degrees along the chip's edge.
    zero_point_abmag : float or None
        AB magnitude of one electron per second; None when the headers have no
        PHOTFLAM and PHOTPLAM.
    alignment_rms_arcsec : float or None
        The largest RMS of the TweakReg fits; None when TweakReg was off.
    inputs : tuple of `~pathlib.Path`
        The user's own files, in the same order.
    warnings : tuple of str
        What a user should know before trusting the result.
    """

    name: str
    directory: Path
    exposures: tuple[Path, ...]
    chips: tuple[Chip, ...]
    mosaic: OutputGrid
    key: str
    footprints: tuple[tuple[np.ndarray, ...], ...]
    zero_point_abmag: float | None
    alignment_rms_arcsec: float | None
    inputs: tuple[Path, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class DrizzleSettings:
    """One point of a sweep as AstroDrizzle's final step takes it.

    A value of None is left out of the call, so that AstroDrizzle uses its own
    default (the recipe's *no-opt* variant). ``grid_phase`` is what AstroDrizzle
    has no word for: the output grid moved by a part of an output pixel along x
    and y.
    """

    final_scale_arcsec: float | None
    final_pixfrac: float | None
    final_kernel: str
    final_wht_type: str
    final_rot: float | None
    final_refimage: Path | None
    final_bits: str
    grid_phase: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Drizzled:
    """A drizzled image.

    Attributes
    ----------
    sci : 2D `~numpy.ndarray`
        Electrons per second per output pixel, sky subtracted; NaN where
        ``wht`` is 0.
    wht : 2D `~numpy.ndarray`
        Weight map, in the unit of the weighting scheme (seconds for EXP).
    wcs : `~astropy.wcs.WCS`
        Output grid (undistorted TAN).
    final_scale_arcsec : float
        Side of an output pixel.
    final_pixfrac : float
        Linear size of the drop in input pixels.
    final_kernel, final_wht_type : str
        As AstroDrizzle names them.
    exptime_s : float
        Total exposure time of the product.
    """

    sci: np.ndarray
    wht: np.ndarray
    wcs: WCS
    final_scale_arcsec: float
    final_pixfrac: float
    final_kernel: str
    final_wht_type: str
    exptime_s: float


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
class StudyRegions:
    """Where every point of a study is measured, fixed on the sky.

    Attributes
    ----------
    stars : `~astropy.table.Table`
        The selected stars, columns ``id``, ``ra``, ``dec`` (degrees) and
        ``flux_native`` (electrons per second inside the photometric aperture
        of the native-scale product).
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


@dataclass(frozen=True)
class BoxStack:
    """Equal squares of an output grid.

    Attributes
    ----------
    x0, y0 : (K,) `~numpy.ndarray` of int
        0-based output pixel at the corner of each; it may lie off the grid.
    side : int
        Pixels along a side.
    """

    x0: np.ndarray
    y0: np.ndarray
    side: int


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
class PointPixels:
    """All the pixels that are measured at one point, and how they were made.

    Attributes
    ----------
    stars, sky : tuple of `Patch`
        In the order of `StudyRegions.stars` and `StudyRegions.sky_boxes`.
    weight_tiles : tuple of 1D `~numpy.ndarray`
        Weights of the pixels inside each of `StudyRegions.weight_boxes`, zeros
        included; empty for a box off the product.
    preview : `Patch`
    final_scale_arcsec, final_pixfrac, final_kernel, final_wht_type
        As in `Drizzled`.
    """

    stars: tuple[Patch, ...]
    sky: tuple[Patch, ...]
    weight_tiles: tuple[np.ndarray, ...]
    preview: Patch
    final_scale_arcsec: float
    final_pixfrac: float
    final_kernel: str
    final_wht_type: str


@dataclass(frozen=True)
class MeasureContext:
    """What the metrics of one filter share at every point."""

    regions: StudyRegions
    zero_point_abmag: float | None
    n_exposures: int
    min_stars: int
    n_bootstrap: int
    seed: int


@dataclass(frozen=True)
class Metric:
    """A measured value with its 1-sigma uncertainty.

    ``replicates`` holds the value on each bootstrap resample. The resamples
    are the same at every point of a study, so that the difference of two
    points has the standard deviation of the difference of their replicates.

    ``phases`` holds the value at each sub-pixel phase of the output grid, where
    the study measured them; the first is the phase of the point itself.
    """

    value: float
    err: float
    unit: str = ""
    replicates: np.ndarray | None = None
    phases: np.ndarray | None = None

    @property
    def phase_std(self) -> float:
        """Standard deviation over the phases of the grid; nan when there is one phase."""
        if self.phases is None or len(self.phases) < 2:  # noqa: PLR2004
            return math.nan
        return float(np.std(self.phases, ddof=1))


@dataclass(frozen=True)
class PointRecord:
    """The complete record of one point; what MLflow shows is a view of it.

    Attributes
    ----------
    key : str
        Identifies settings, inputs and code: the same key means the same
        numbers.
    status : str
        ``FINISHED``, ``FAILED`` or ``SKIPPED``.
    filter : str
    settings : dict
        Few and numeric where they can be: what was swept.
    metrics : dict of str to `Metric`
    images : dict of str to str
        Image name to path, relative to the record's directory.
    timing_s : dict of str to float
        Wall seconds of each stage.
    warnings : tuple of str
    error : str or None
        The reason when the point failed.
    provenance : dict
        Data set, checksums, reference files and package versions.
    """

    key: str
    status: str
    filter: str
    settings: dict[str, Any]
    metrics: dict[str, Metric] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)
    timing_s: dict[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    error: str | None = None
    provenance: dict[str, Any] = field(default_factory=dict)
