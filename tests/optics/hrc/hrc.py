"""ACS/HRC as a user would add it: a coarse model, good for a test, not a calibration.

Layout, noise and full well from the ACS Instrument Handbook (its channel was lost in 2007).
"""

from pathlib import Path

from hstdriz_study.optics.cosmic_rays import CosmicRays
from hstdriz_study.optics.detector import Defect, Detector, Passband, Window
from hstdriz_study.optics.psf import Optics

HRC = Detector(
    name="own_hrc",
    instrument="ACS",
    channel="HRC",
    rootname_letter="j",
    suffix="flt",
    reference_variable="jref",
    chips=(1,),
    chip_nx=1024,
    chip_ny=1024,
    reference_px=(512.0, 512.0),
    pixel_arcsec=(0.0284, 0.0250),
    idctab=Path(__file__).with_name("own_hrc_idctab.ecsv"),
    subarray=(Window(112, 112, 800, 800),),
    dither_px=((0.0, 0.0), (5.0, 1.5), (2.5, 4.5), (-2.5, 3.0)),
    amplifiers="C",
    gain=(2.2, 2.2, 2.2, 2.2),
    read_noise_e=(4.7, 4.7, 4.7, 4.7),
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
        jitter_arcsec=0.010,
        diffusion=((0.55, 0.02, 0.08, 0.60),),
        halo_fraction=0.05,
        halo_sigma_arcsec=0.50,
    ),
    defects=(
        Defect(dq_bit=4, fraction=0.001, response=0.3),
        Defect(dq_bit=16, fraction=0.005, dark_e_per_s=0.30),
    ),
    cosmic_rays=CosmicRays(pixels_per_s=3e-5, mean_length_px=4.0, median_e=600.0, sigma_ln=1.1),
    passbands=(
        Passband(
            "own_f606w", "F606W", {"FILTER1": "F606W", "FILTER2": "CLEAR2S"},
            1.27e-19, 5905.8, 669.9, 0.23, 400.0, 0.032, stream=100,
        ),
    ),
)  # fmt: skip
