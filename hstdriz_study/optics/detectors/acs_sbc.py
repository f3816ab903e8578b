"""ACS/SBC: a MAMA of 1024 by 1024 pixels, which counts photons of the far ultraviolet.

It has neither read noise nor cosmic rays. Its optics are rougher than the others': no table of its
PSF was at hand; wings and width are of the size that the ACS Instrument Handbook describes.
"""

from __future__ import annotations

from importlib.resources import files

from hstdriz_study.optics.cosmic_rays import CosmicRays
from hstdriz_study.optics.detector import Defect, Detector, Passband, Window
from hstdriz_study.optics.psf import Optics

ACS_SBC = Detector(
    name="acs_sbc",
    instrument="ACS",
    channel="SBC",
    rootname_letter="j",
    suffix="flt",
    reference_variable="jref",
    chips=(1,),
    chip_nx=1024,
    chip_ny=1024,
    reference_px=(512.0, 400.0),
    pixel_arcsec=(0.0337, 0.0302),
    idctab=files(__package__) / "acs_sbc_idctab.ecsv",
    subarray=(Window(0, 0, 1024, 1024),),  # all of it: 34" by 31" hold few stars
    dither_px=((0.0, 0.0), (5.0, 1.5), (2.5, 4.5), (-2.5, 3.0)),
    amplifiers="N/A",
    gain=(1.0, 1.0, 1.0, 1.0),
    read_noise_e=(0.0, 0.0, 0.0, 0.0),
    dark_e_per_s=1.2e-5,
    full_well_e=65535.0,  # of its 16-bit counters
    counts_per_second=False,
    date_obs="2005-03-07",
    expstart_mjd=53436.3,
    psf_half_px=40,
    optics=Optics(
        inner_radius=0.33,
        outer_radius=1.0,
        vane_width=0.022,
        aberrations_waves=(0.0, -0.01, 0.01, 0.02, 0.0),
        jitter_arcsec=0.010,
        diffusion=((0.15, 0.02, 0.08, 0.60),),
        halo_fraction=0.20,
        halo_sigma_arcsec=0.25,
    ),
    defects=(Defect(dq_bit=4, fraction=0.001, response=0.0),),
    cosmic_rays=CosmicRays(pixels_per_s=0.0, mean_length_px=1.0, median_e=1.0, sigma_ln=1.0),
    passbands=(
        Passband(
            "sbc_f150lp", "F150LP", {"FILTER1": "F150LP", "FILTER2": "N/A"},
            4.39e-17, 1610.0, 110.0, 0.20, 1200.0, 5e-5, stream=12,
        ),
    ),
)  # fmt: skip
