"""What the CCDs of ACS and WFC3 are taken to have in common when they are simulated."""

from __future__ import annotations

from hstdriz_study.optics.cosmic_rays import CosmicRays
from hstdriz_study.optics.detector import Defect

CCD_DEFECTS = (
    Defect(dq_bit=4, fraction=0.001, response=0.3),
    Defect(dq_bit=16, fraction=0.008, dark_e_per_s=0.30),
    Defect(dq_bit=32, fraction=0.002, unstable_e_per_s=0.10),
    Defect(dq_bit=64, fraction=0.006, dark_e_per_s=0.08),
)
CCD_COSMIC_RAYS = CosmicRays(pixels_per_s=5e-5, mean_length_px=4.0, median_e=600.0, sigma_ln=1.1)
