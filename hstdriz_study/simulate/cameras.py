"""What is known of each camera: layout, noise, defects, optics and dither pattern.

Sources: ACS Instrument Handbook chapters 3 to 5, WFC3 Instrument Handbook
chapters 5 to 7 and the dither patterns of their appendices (ACS-WFC-DITHER-BOX,
WFC3-UVIS-DITHER-BOX, WFC3-IR-DITHERBOX-MIN); optics and full well from
`hstdriz_study.optics.detectors`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.optics.detectors import ACS_WFC_MODEL, WFC3_IR_MODEL, WFC3_UVIS_MODEL

if TYPE_CHECKING:
    from hstdriz_study.optics.psf import Optics


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
class CosmicRays:
    """Tracks of cosmic rays as they are left in a calibrated exposure.

    Attributes
    ----------
    pixels_per_s : float
        Fraction of the detector's pixels that are hit in one second.
    mean_length_px : float
        Mean length of a track.
    median_e, sigma_ln : float
        Log-normal distribution of the electrons in a pixel.
    """

    pixels_per_s: float
    mean_length_px: float
    median_e: float
    sigma_ln: float


@dataclass(frozen=True)
class Camera:
    """One detector of HST.

    Attributes
    ----------
    chips : tuple of int
        CCDCHIP of EXTVER 1, 2, ...
    chip_nx, chip_ny : int
        Size of a chip, pixels.
    reference_px : tuple of float
        XREF and YREF of the distortion table: the pixel (1-based) of CRVAL.
    pixel_arcsec : tuple of float
        Nominal size of a pixel along its rows and columns.
    subarray : tuple of `Window`
        The windows of the quick data set, one a chip; those of the two-chip
        cameras lie on both sides of the chip gap.
    dither_px : tuple
        Displacement of the target on the detector at each exposure.
    dark_e_per_s, read_noise_e, full_well_e : float
        Per pixel.
    counts_per_second : bool
        Whether calibrated images are in electrons per second.
    """

    name: str
    instrument: str
    detector: str
    suffix: str
    reference_variable: str
    chips: tuple[int, ...]
    chip_nx: int
    chip_ny: int
    reference_px: tuple[float, float]
    pixel_arcsec: tuple[float, float]
    subarray: tuple[Window, ...]
    dither_px: tuple[tuple[float, float], ...]
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

    @property
    def full_frame(self) -> tuple[Window, ...]:
        """Windows that cover the chips."""
        return tuple(Window(0, 0, self.chip_nx, self.chip_ny) for _ in self.chips)


_WFC3_IR_POSTARG_ARCSEC = ((0.0, 0.0), (0.542, 0.182), (0.339, 0.485), (-0.203, 0.303))
_WFC3_IR_PIXEL_ARCSEC = (0.1355, 0.1211)

_CCD_DEFECTS = (
    Defect(dq_bit=4, fraction=0.001, response=0.3),
    Defect(dq_bit=16, fraction=0.008, dark_e_per_s=0.30),
    Defect(dq_bit=32, fraction=0.002, unstable_e_per_s=0.10),
    Defect(dq_bit=64, fraction=0.006, dark_e_per_s=0.08),
)
_CCD_COSMIC_RAYS = CosmicRays(pixels_per_s=5e-5, mean_length_px=4.0, median_e=600.0, sigma_ln=1.1)

ACS_WFC = Camera(
    name="acs_wfc",
    instrument="ACS",
    detector="WFC",
    suffix="flc",
    reference_variable="jref",
    chips=(2, 1),
    chip_nx=4096,
    chip_ny=2048,
    reference_px=(2048.0, 1024.0),
    pixel_arcsec=(0.0493, 0.0494),
    subarray=(Window(1728, 1728, 640, 320), Window(1728, 0, 640, 320)),
    dither_px=((0.0, 0.0), (5.0, 1.5), (2.5, 4.5), (-2.5, 3.0)),
    gain=(2.0, 2.0, 2.0, 2.0),
    read_noise_e=(4.97, 4.85, 5.24, 4.85),
    dark_e_per_s=0.0035,
    full_well_e=ACS_WFC_MODEL.full_well_e,
    counts_per_second=False,
    date_obs="2005-03-07",
    expstart_mjd=53436.3,
    psf_half_px=ACS_WFC_MODEL.psf_half_px,
    optics=ACS_WFC_MODEL.optics,
    defects=_CCD_DEFECTS,
    cosmic_rays=_CCD_COSMIC_RAYS,
)

WFC3_UVIS = Camera(
    name="wfc3_uvis",
    instrument="WFC3",
    detector="UVIS",
    suffix="flc",
    reference_variable="iref",
    chips=(2, 1),
    chip_nx=4096,
    chip_ny=2051,
    reference_px=(2048.0, 1026.0),
    pixel_arcsec=(0.0399, 0.0395),
    subarray=(Window(1648, 1651, 800, 400), Window(1648, 0, 800, 400)),
    dither_px=((0.0, 0.0), (4.0, 1.5), (2.5, 4.0), (-1.5, 2.5)),
    gain=(1.56, 1.56, 1.58, 1.57),
    read_noise_e=(3.03, 3.13, 3.08, 3.18),
    dark_e_per_s=0.0019,
    full_well_e=WFC3_UVIS_MODEL.full_well_e,
    counts_per_second=False,
    date_obs="2016-01-15",
    expstart_mjd=57402.2,
    psf_half_px=WFC3_UVIS_MODEL.psf_half_px,
    optics=WFC3_UVIS_MODEL.optics,
    defects=_CCD_DEFECTS,
    cosmic_rays=_CCD_COSMIC_RAYS,
)

WFC3_IR = Camera(
    name="wfc3_ir",
    instrument="WFC3",
    detector="IR",
    suffix="flt",
    reference_variable="iref",
    chips=(1,),
    chip_nx=1014,
    chip_ny=1014,
    reference_px=(507.0, 507.0),
    pixel_arcsec=_WFC3_IR_PIXEL_ARCSEC,
    subarray=(Window(339, 339, 336, 336),),
    dither_px=tuple(
        (x / _WFC3_IR_PIXEL_ARCSEC[0], y / _WFC3_IR_PIXEL_ARCSEC[1])
        for x, y in _WFC3_IR_POSTARG_ARCSEC
    ),
    gain=(2.34, 2.37, 2.31, 2.38),
    read_noise_e=(15.2, 14.8, 14.9, 15.1),  # effective, after the ramp fit
    dark_e_per_s=0.05,
    full_well_e=WFC3_IR_MODEL.full_well_e,
    counts_per_second=True,
    date_obs="2016-01-15",
    expstart_mjd=57402.2,
    psf_half_px=WFC3_IR_MODEL.psf_half_px,
    optics=WFC3_IR_MODEL.optics,
    defects=(
        Defect(dq_bit=4, fraction=0.003, unstable_e_per_s=5.0, response=0.0),
        Defect(dq_bit=16, fraction=0.004, dark_e_per_s=1.0),
        Defect(dq_bit=32, fraction=0.003, unstable_e_per_s=0.5),
        Defect(dq_bit=512, fraction=0.004, response=0.95),
    ),
    # The ramp fit removes most of them.
    cosmic_rays=CosmicRays(pixels_per_s=1e-6, mean_length_px=1.5, median_e=1500.0, sigma_ln=0.9),
)
