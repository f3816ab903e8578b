"""WFC3/UVIS: two CCDs of 4096 by 2051 pixels."""

from __future__ import annotations

from importlib.resources import files

from hstdriz_study.optics.detector import Detector, Passband, Window
from hstdriz_study.optics.detectors.ccd import CCD_COSMIC_RAYS, CCD_DEFECTS
from hstdriz_study.optics.psf import Optics


def _passband(element: str, *values: float, stream: int) -> Passband:
    return Passband(f"uvis_{element.lower()}", element, {"FILTER": element}, *values, stream=stream)


WFC3_UVIS = Detector(
    name="wfc3_uvis",
    instrument="WFC3",
    channel="UVIS",
    rootname_letter="i",
    suffix="flc",
    reference_variable="iref",
    chips=(2, 1),
    chip_nx=4096,
    chip_ny=2051,
    reference_px=(2048.0, 1026.0),
    pixel_arcsec=(0.0399, 0.0395),
    idctab=files(__package__) / "wfc3_uvis_idctab.ecsv",
    subarray=(Window(1648, 1651, 800, 400), Window(1648, 0, 800, 400)),
    dither_px=((0.0, 0.0), (4.0, 1.5), (2.5, 4.0), (-1.5, 2.5)),
    amplifiers="ABCD",
    gain=(1.56, 1.56, 1.58, 1.57),
    read_noise_e=(3.03, 3.13, 3.08, 3.18),
    dark_e_per_s=0.0019,
    full_well_e=70000.0,
    counts_per_second=False,
    date_obs="2016-01-15",
    expstart_mjd=57402.2,
    psf_half_px=40,
    optics=Optics(
        inner_radius=0.33,
        outer_radius=1.0,
        vane_width=0.022,
        aberrations_waves=(0.0, -0.01, 0.01, 0.015, 0.0),
        # adjusted to the handbook's FWHM (table 6.7); stands in for the mirror's mid-frequency
        # errors too
        jitter_arcsec=0.015,
        # Hartig, WFC3 ISR 2008-40
        diffusion=(
            (0.4, 0.017, 0.097, 0.544),
            (0.6, 0.012, 0.084, 0.616),
            (0.8, 0.007, 0.069, 0.696),
        ),
        halo_fraction=0.05,
        halo_sigma_arcsec=0.40,
    ),
    defects=CCD_DEFECTS,
    cosmic_rays=CCD_COSMIC_RAYS,
    passbands=(
        _passband("F606W", 1.154e-19, 5889.2, 656.9, 0.23, 400.0, 0.060, stream=5),
        _passband("F814W", 1.498e-19, 8039.1, 666.8, 0.19, 400.0, 0.045, stream=6),
        _passband("F438W", 6.74e-19, 4326.2, 197.3, 0.14, 400.0, 0.020, stream=9),
    ),
)
