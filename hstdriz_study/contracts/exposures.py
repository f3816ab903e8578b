"""What is known of exposures and of their chips."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

WFPC2 = "WFPC2"
"""INSTRUME of the camera whose files hold the chips of two, Planetary and Wide Field Camera."""

MIN_EXPOSURES = 2  # one exposure leaves nothing to combine and no cosmic-ray rejection


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
    electrons_per_unit : float
        Electrons in one unit of the pixels, by which AstroDrizzle multiplies them; 1 but for
        WFPC2.
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
    electrons_per_unit: float
    linear_scale_arcsec: float
    sky_nodes: Path
    static_mask: Path


@dataclass(frozen=True)
class NonFinite:
    """Pixels of one exposure, all chips together, that hold no number.

    Attributes
    ----------
    exposure : str
        Name of the file.
    science : int
        Pixels whose SCI is NaN or infinite.
    science_unflagged : int
        Of these, the ones that no DQ flag makes bad.
    error : int
        Pixels whose ERR is NaN, infinite or 0, so that it gives no weight.
    error_unflagged : int
        Of these, the ones that are fine but for that.
    """

    exposure: str
    science: int
    science_unflagged: int
    error: int
    error_unflagged: int


@dataclass(frozen=True)
class Shift:
    """How the WCS of one exposure was moved, in pixels of a reference WCS; nan where not known.

    Attributes
    ----------
    name : str
        Of the exposure's copy.
    dx_px, dy_px : float
    xrms_px, yrms_px : float
        Scatter of the matched stars.
    rotation_deg, scale : float
    """

    name: str
    dx_px: float
    dy_px: float
    xrms_px: float = math.nan
    yrms_px: float = math.nan
    rotation_deg: float = 0.0
    scale: float = 1.0


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
    non_finite : tuple of `NonFinite`
        Of the exposures with pixels that held no number and are bad ones in the
        prepared copies.
    wcs_names : tuple of str
        WCSNAME of the prepared copies, each once; ``none`` without one.
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
    non_finite: tuple[NonFinite, ...] = ()
    wcs_names: tuple[str, ...] = ()
