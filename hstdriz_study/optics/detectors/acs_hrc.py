"""ACS/HRC: a CCD of 1024 by 1024 pixels, which are oblong on the sky; lost in January 2007."""

from __future__ import annotations

from importlib.resources import files

from hstdriz_study.optics.cosmic_rays import CosmicRays
from hstdriz_study.optics.detector import Defect, Detector, Passband, Window
from hstdriz_study.optics.psf import Optics


def _passband(element: str, wheel: tuple[str, str], *values: float, stream: int) -> Passband:
    filters = {"FILTER1": wheel[0], "FILTER2": wheel[1]}
    return Passband(f"hrc_{element.lower()}", element, filters, *values, stream=stream)


ACS_HRC = Detector(
    name="acs_hrc",
    instrument="ACS",
    channel="HRC",
    rootname_letter="j",
    suffix="flt",  # losses in charge transfer are not corrected for HRC
    reference_variable="jref",
    chips=(1,),
    chip_nx=1024,
    chip_ny=1024,
    reference_px=(512.0, 512.0),
    pixel_arcsec=(0.0284, 0.0248),
    idctab=files(__package__) / "acs_hrc_idctab.ecsv",
    subarray=(Window(0, 0, 1024, 1024),),  # all of it: 29" by 25" hold few stars
    # ACS-HRC-DITHER-BOX is as that of WFC, in pixels
    dither_px=((0.0, 0.0), (5.0, 1.5), (2.5, 4.5), (-2.5, 3.0)),
    amplifiers="C",
    gain=(2.2, 2.2, 2.2, 2.2),
    read_noise_e=(4.71, 4.71, 4.71, 4.71),
    dark_e_per_s=0.0036,
    full_well_e=155000.0,
    counts_per_second=False,
    date_obs="2005-03-07",
    expstart_mjd=53436.3,
    psf_half_px=50,
    optics=Optics(
        inner_radius=0.33,
        outer_radius=1.0,
        vane_width=0.022,
        aberrations_waves=(0.0, -0.01, 0.01, 0.02, 0.0),
        # adjusted to the stars of a real frame (47 Tuc, j8bt06nyq): light of the brightest pixel
        # and width by second moments
        jitter_arcsec=0.005,
        diffusion=((0.55, 0.02, 0.08, 0.60),),
        halo_fraction=0.05,
        halo_sigma_arcsec=0.50,
    ),
    defects=(
        Defect(dq_bit=4, fraction=0.001, response=0.3),
        Defect(dq_bit=16, fraction=0.005, dark_e_per_s=0.30),
        Defect(dq_bit=32, fraction=0.002, unstable_e_per_s=0.10),
        Defect(dq_bit=64, fraction=0.006, dark_e_per_s=0.08),
    ),
    # as the other CCDs by area on the detector, whose pixels are 21 micrometres, not 15
    cosmic_rays=CosmicRays(pixels_per_s=5e-5, mean_length_px=4.0, median_e=600.0, sigma_ln=1.1),
    passbands=(
        _passband(
            "F606W", ("F606W", "CLEAR2S"),
            1.2781042e-19, 5887.9316, 664.9, 0.23, 400.0, 0.032, stream=10,
        ),
        _passband(
            "F814W", ("CLEAR1S", "F814W"),
            1.266e-19, 8115.3, 741.0, 0.25, 400.0, 0.025, stream=11,
        ),
    ),
)  # fmt: skip
