"""What each detector does to a point of light, by the header's INSTRUME and DETECTOR.

Optics as in Tiny Tim (Krist et al. 2011, SPIE 8127), with jitter and halo
adjusted to the published encircled energy, and UVIS's jitter to the handbook's FWHM (table 6.7);
UVIS's charge diffusion from Hartig (WFC3 ISR 2008-40); full wells of the ACS and WFC3
Instrument Handbooks.
"""

from __future__ import annotations

from dataclasses import dataclass

from hstdriz_study.optics.psf import Optics


@dataclass(frozen=True)
class DetectorModel:
    """One detector as a point source meets it.

    Attributes
    ----------
    optics : `~hstdriz_study.optics.psf.Optics`
    psf_half_px : int
        Half the side of a star's stamp, native pixels.
    full_well_e : float
        Of a pixel.
    """

    optics: Optics
    psf_half_px: int
    full_well_e: float


ACS_WFC_MODEL = DetectorModel(
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
    psf_half_px=36,
    full_well_e=84700.0,
)

WFC3_UVIS_MODEL = DetectorModel(
    optics=Optics(
        inner_radius=0.33,
        outer_radius=1.0,
        vane_width=0.022,
        aberrations_waves=(0.0, -0.01, 0.01, 0.015, 0.0),
        # jitter stands in for the mirror's mid-frequency errors too
        jitter_arcsec=0.015,
        diffusion=(
            (0.4, 0.017, 0.097, 0.544),
            (0.6, 0.012, 0.084, 0.616),
            (0.8, 0.007, 0.069, 0.696),
        ),
        halo_fraction=0.05,
        halo_sigma_arcsec=0.40,
    ),
    psf_half_px=40,
    full_well_e=70000.0,
)

WFC3_IR_MODEL = DetectorModel(
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
    psf_half_px=25,
    full_well_e=78000.0,
)

DETECTORS = {
    ("ACS", "WFC"): ACS_WFC_MODEL,
    ("WFC3", "UVIS"): WFC3_UVIS_MODEL,
    ("WFC3", "IR"): WFC3_IR_MODEL,
}
