"""WFC3/IR: a HgCdTe array of 1014 by 1014 pixels, read out up the ramp."""

from __future__ import annotations

from importlib.resources import files

from hstdriz_study.optics.cosmic_rays import CosmicRays
from hstdriz_study.optics.detector import Defect, Detector, Passband, Window
from hstdriz_study.optics.psf import Optics

_POSTARG_ARCSEC = ((0.0, 0.0), (0.542, 0.182), (0.339, 0.485), (-0.203, 0.303))
_PIXEL_ARCSEC = (0.1355, 0.1211)


def _passband(element: str, *values: float, stream: int) -> Passband:
    return Passband(element.lower(), element, {"FILTER": element}, *values, stream=stream)


WFC3_IR = Detector(
    name="wfc3_ir",
    instrument="WFC3",
    channel="IR",
    rootname_letter="i",
    suffix="flt",
    reference_variable="iref",
    chips=(1,),
    chip_nx=1014,
    chip_ny=1014,
    reference_px=(507.0, 507.0),
    pixel_arcsec=_PIXEL_ARCSEC,
    idctab=files(__package__) / "wfc3_ir_idctab.ecsv",
    subarray=(Window(339, 339, 336, 336),),
    dither_px=tuple((x / _PIXEL_ARCSEC[0], y / _PIXEL_ARCSEC[1]) for x, y in _POSTARG_ARCSEC),
    amplifiers="ABCD",
    gain=(2.34, 2.37, 2.31, 2.38),
    read_noise_e=(15.2, 14.8, 14.9, 15.1),  # effective, after the ramp fit
    dark_e_per_s=0.05,
    full_well_e=78000.0,
    counts_per_second=True,
    date_obs="2016-01-15",
    expstart_mjd=57402.2,
    psf_half_px=25,
    optics=Optics(
        inner_radius=0.354,
        outer_radius=0.96,
        vane_width=0.0616,
        aberrations_waves=(0.0, -0.01, 0.01, 0.023, 0.0),
        jitter_arcsec=0.003,
        # The F160W kernel in drizzlepac's PSF template has a corrupt element.
        diffusion=((1.6, 0.002, 0.038, 0.84),),
        halo_fraction=0.0,
        halo_sigma_arcsec=1.0,
    ),
    defects=(
        Defect(dq_bit=4, fraction=0.003, unstable_e_per_s=5.0, response=0.0),
        Defect(dq_bit=16, fraction=0.004, dark_e_per_s=1.0),
        Defect(dq_bit=32, fraction=0.003, unstable_e_per_s=0.5),
        Defect(dq_bit=512, fraction=0.004, response=0.95),
    ),
    # The ramp fit removes most of them.
    cosmic_rays=CosmicRays(pixels_per_s=1e-6, mean_length_px=1.5, median_e=1500.0, sigma_ln=0.9),
    passbands=(
        _passband("F105W", 3.0386e-20, 10551.046, 846.48, 0.27, 602.937, 0.80, stream=2),
        _passband("F125W", 2.2483e-20, 12486.059, 866.24, 0.28, 602.937, 0.75, stream=3),
        _passband("F160W", 1.9275602e-20, 15369.176, 826.25, 0.27, 602.937, 0.70, stream=4),
        _passband("F140W", 1.4737148e-20, 13922.907, 1132.39, 0.27, 602.937, 0.78, stream=8),
    ),
)
