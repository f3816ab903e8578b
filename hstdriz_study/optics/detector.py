"""What one record holds of a detector: layout, noise, defects, optics, filters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from hstdriz_study.optics.cosmic_rays import CosmicRays
    from hstdriz_study.optics.psf import Optics

SATURATED_BIT = 256
"""DQ bit of a pixel at full well, the same for all detectors of ACS and WFC3."""


@dataclass(frozen=True)
class Window:
    """The part of a chip that is read out: origin (0-based) and size in pixels."""

    x0: int
    y0: int
    nx: int
    ny: int


@dataclass(frozen=True)
class Defect:
    """A kind of bad pixel.

    Attributes
    ----------
    dq_bit : int
        Its bit in the DQ array.
    fraction : float
        Fraction of the pixels that have it.
    dark_e_per_s : float
        Mean extra dark current (exponential); calibration subtracts it, its
        noise stays.
    unstable_e_per_s : float
        RMS of the dark current that changes from exposure to exposure and is
        not subtracted.
    response : float
        Sensitivity that the flat field does not know of.
    """

    dq_bit: int
    fraction: float
    dark_e_per_s: float = 0.0
    unstable_e_per_s: float = 0.0
    response: float = 1.0


@dataclass(frozen=True)
class Passband:
    """One filter of a detector, as it is simulated.

    Attributes
    ----------
    name : str
        As in the configuration, for example ``f814w``.
    element : str
        As in the header, for example ``F814W``.
    wheel : dict of str to str
        The filter keywords of the primary header.
    photflam : float
        Inverse sensitivity, erg / cm^2 / Angstrom / electron.
    photplam_angstrom, photbw_angstrom : float
        Pivot wavelength and RMS width.
    bandwidth : float
        Full width of the optics' flat band (not PHOTBW) as a fraction of the
        pivot wavelength.
    exptime_s : float
        Of one exposure.
    sky_e_per_s : float
        Sky brightness per pixel.
    stream : int
        Tells its random numbers from those of other filters.
    """

    name: str
    element: str
    wheel: dict[str, str]
    photflam: float
    photplam_angstrom: float
    photbw_angstrom: float
    bandwidth: float
    exptime_s: float
    sky_e_per_s: float
    stream: int = field(kw_only=True)


@dataclass(frozen=True)
class Detector:
    """One detector of HST: all that the simulator and the model of its PSF know of it.

    What a user may set for it is in ``conf/detector/<name>.yaml``.

    Attributes
    ----------
    name : str
        As in the configuration, for example ``acs_wfc``.
    instrument, channel : str
        INSTRUME and DETECTOR of the headers.
    rootname_letter : str
        The instrument's letter, with which its rootnames begin.
    suffix : str
        ``flt``, or ``flc`` where calibration corrects for charge transfer.
    reference_variable : str
        ``jref`` or ``iref``: the environment variable of its reference files.
    chips : tuple of int
        CCDCHIP of EXTVER 1, 2, ...
    chip_nx, chip_ny : int
        Size of a chip, pixels.
    reference_px : tuple of float
        XREF and YREF of the distortion table: the pixel (1-based) of CRVAL.
    pixel_arcsec : tuple of float
        Nominal size of a pixel along its rows and columns.
    idctab : `~importlib.resources.abc.Traversable`
        The distortion table as ECSV: rows as in STScI's IDCTAB (filters may be
        ``*``), meta ``order``, ``keywords`` and ``citation``.
    subarray : tuple of `Window`
        The windows of the quick data set, one a chip; those of the two-chip
        detectors lie on both sides of the chip gap.
    dither_px : tuple
        Displacement of the target on the detector at each exposure.
    amplifiers : str
        CCDAMP: those that read the detector out.
    gain, read_noise_e : tuple of float
        As the headers have them for the amplifiers A to D.
    dark_e_per_s, full_well_e : float
        Per pixel.
    counts_per_second : bool
        Whether calibrated images are in electrons per second.
    date_obs : str
    expstart_mjd : float
        When simulated exposures are taken.
    psf_half_px : int
        Half the side of a star's stamp, native pixels.
    optics : `~hstdriz_study.optics.psf.Optics`
    defects : tuple of `Defect`
    cosmic_rays : `~hstdriz_study.optics.cosmic_rays.CosmicRays`
    passbands : tuple of `Passband`
        The filters that can be simulated.
    """

    name: str
    instrument: str
    channel: str
    rootname_letter: str
    suffix: str
    reference_variable: str
    chips: tuple[int, ...]
    chip_nx: int
    chip_ny: int
    reference_px: tuple[float, float]
    pixel_arcsec: tuple[float, float]
    idctab: Traversable
    subarray: tuple[Window, ...]
    dither_px: tuple[tuple[float, float], ...]
    amplifiers: str
    gain: tuple[float, float, float, float]
    read_noise_e: tuple[float, float, float, float]
    dark_e_per_s: float
    full_well_e: float
    counts_per_second: bool
    date_obs: str
    expstart_mjd: float
    psf_half_px: int
    optics: Optics
    defects: tuple[Defect, ...]
    cosmic_rays: CosmicRays
    passbands: tuple[Passband, ...]

    @property
    def label(self) -> str:
        """Instrument and detector as headers have them, for example ``ACS/WFC``."""
        return f"{self.instrument}/{self.channel}"

    @property
    def full_frame(self) -> tuple[Window, ...]:
        """Windows that cover the chips."""
        return tuple(Window(0, 0, self.chip_nx, self.chip_ny) for _ in self.chips)
