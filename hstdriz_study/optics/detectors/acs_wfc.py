"""ACS/WFC: two CCDs of 4096 by 2048 pixels."""

from __future__ import annotations

from importlib.resources import files

from hstdriz_study.optics.detector import Detector, Passband, Window
from hstdriz_study.optics.detectors.ccd import CCD_COSMIC_RAYS, CCD_DEFECTS
from hstdriz_study.optics.psf import Optics


def _passband(element: str, wheel: tuple[str, str], *values: float, stream: int) -> Passband:
    filters = {"FILTER1": wheel[0], "FILTER2": wheel[1]}
    return Passband(element.lower(), element, filters, *values, stream=stream)


ACS_WFC = Detector(
    name="acs_wfc",
    instrument="ACS",
    channel="WFC",
    rootname_letter="j",
    suffix="flc",
    reference_variable="jref",
    chips=(2, 1),
    chip_nx=4096,
    chip_ny=2048,
    reference_px=(2048.0, 1024.0),
    pixel_arcsec=(0.0493, 0.0494),
    idctab=files(__package__) / "acs_wfc_idctab.ecsv",
    subarray=(Window(1728, 1728, 640, 320), Window(1728, 0, 640, 320)),
    dither_px=((0.0, 0.0), (5.0, 1.5), (2.5, 4.5), (-2.5, 3.0)),
    amplifiers="ABCD",
    gain=(2.0, 2.0, 2.0, 2.0),
    read_noise_e=(4.97, 4.85, 5.24, 4.85),
    dark_e_per_s=0.0035,
    full_well_e=84700.0,
    counts_per_second=False,
    date_obs="2005-03-07",
    expstart_mjd=53436.3,
    psf_half_px=36,
    optics=Optics(
        inner_radius=0.33,
        outer_radius=1.0,
        vane_width=0.022,
        aberrations_waves=(0.0, -0.01, 0.01, 0.023, 0.0),
        jitter_arcsec=0.026,
        diffusion=((0.55, 0.023504, 0.078029, 0.593869),),
        halo_fraction=0.06,
        halo_sigma_arcsec=0.60,
    ),
    defects=CCD_DEFECTS,
    cosmic_rays=CCD_COSMIC_RAYS,
    passbands=(
        _passband(
            "F606W", ("F606W", "CLEAR2L"),
            7.7265099e-20, 5919.4604, 672.3, 0.23, 400.0, 0.125, stream=0,
        ),
        _passband(
            "F814W", ("CLEAR1L", "F814W"),
            7.0178627e-20, 8045.4152, 653.24, 0.25, 400.0, 0.105, stream=1,
        ),
        _passband(
            "F775W", ("F775W", "CLEAR2L"),
            9.95e-20, 7692.4, 434.6, 0.19, 400.0, 0.100, stream=7,
        ),
    ),
)  # fmt: skip
