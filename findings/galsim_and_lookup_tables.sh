#!/usr/bin/env bash
# FitsWCS of GalSim 2.8.5 reads SIP terms of an exposure's header, but not the lookup tables that belong to it
# (CPDIS with WCSDVARR extensions, which calibrated HST exposures have for the small-scale distortion), and
# says nothing: positions are off by all that the tables hold. astropy 8.0.2 applies them to the same file.
# AstropyWCS of GalSim does not leave them out, but ends in an error, as it hands on the header alone.
#
# Seen, for tables of 0.5 and 1 pixel on the two axes (1.118 px together): "astropy: 1.118 px from SIP alone",
# "galsim FitsWCS: GSFitsWCS, 0.000 px from SIP alone, 0 warnings", "galsim AstropyWCS: OSError".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet galsim==2.8.5 astropy==8.0.2 numpy==2.4.6 scipy==1.17.1

cat > tables.py <<'PY'
import math
import warnings

import galsim
import numpy as np
from astropy.io import fits
from astropy.wcs import WCS

SIDE_DEG, PIXELS = 0.05 / 3600, (0.5, 1.0)

science = fits.ImageHDU(np.zeros((64, 64), np.float32), name="SCI")
science.header.update(
    CTYPE1="RA---TAN-SIP", CTYPE2="DEC--TAN-SIP", CRVAL1=150.0, CRVAL2=2.0, CRPIX1=32.0, CRPIX2=32.0,
    CD1_1=-SIDE_DEG, CD1_2=0.0, CD2_1=0.0, CD2_2=SIDE_DEG, A_ORDER=2, B_ORDER=2, A_2_0=1e-6, B_0_2=1e-6,
)
sip_alone = WCS(science.header)
tables = []
for axis, pixels in enumerate(PIXELS, start=1):
    science.header[f"CPDIS{axis}"] = "LOOKUP"
    for record in (f"EXTVER: {axis}.0", "NAXES: 2.0", "AXIS.1: 1.0", "AXIS.2: 2.0"):
        science.header.append((f"DP{axis}", record))
    table = fits.ImageHDU(np.full((4, 4), pixels, np.float32), name="WCSDVARR", ver=axis)
    table.header.update(
        CRPIX1=0.0, CRPIX2=0.0, CRVAL1=0.0, CRVAL2=0.0, CDELT1=32.0, CDELT2=32.0
    )
    tables.append(table)
fits.HDUList([fits.PrimaryHDU(), science, *tables]).writeto("exposure.fits")


def from_sip_alone(ra, dec):
    ra0, dec0 = sip_alone.all_pix2world(10, 20, 1)
    away = math.hypot((ra - ra0) * math.cos(math.radians(dec0)), dec - dec0)
    return f"{away / SIDE_DEG:.3f} px from SIP alone"


with fits.open("exposure.fits") as hdus:
    print("astropy:", from_sip_alone(*WCS(hdus["SCI"].header, hdus).all_pix2world(10, 20, 1)))
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    wcs = galsim.FitsWCS("exposure.fits", hdu=1)
    place = wcs.toWorld(galsim.PositionD(10, 20))
where = from_sip_alone(place.ra.deg, place.dec.deg)
print(f"galsim FitsWCS: {type(wcs).__name__}, {where}, {len(told)} warnings")
try:
    galsim.AstropyWCS("exposure.fits", hdu=1)
except Exception as error:
    print("galsim AstropyWCS:", type(error).__name__)
PY
venv/bin/python tables.py | tee seen
grep -qx "astropy: 1.118 px from SIP alone" seen
grep -qx "galsim FitsWCS: GSFitsWCS, 0.000 px from SIP alone, 0 warnings" seen
grep -qx "galsim AstropyWCS: OSError" seen
