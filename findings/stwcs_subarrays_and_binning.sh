#!/usr/bin/env bash
# updatewcs of stwcs 1.7.7 gives the same pixels of the detector other positions on the sky in a subarray or a
# binned frame than in the full frame:
#
# - it subtracts LTV from CRVAL of the lookup tables (NPOLFILE, D2IMFILE) that it attaches, where a pixel of the
#   subarray is that of the chip + LTV, so that the tables are moved against the subarray, by twice its offset;
# - of binned frames the values of the tables stay in unbinned pixels, and every SIP term is multiplied by the
#   binning, where one of order n is to be multiplied by binning**(n - 1).
#
# The exposure has no pixels worth the name, but valid headers in the layout of WFC3/UVIS, distortion up to order
# 4 by which corners move by tens of pixels, and tables with values of up to 0.05 pixel.
#
# Seen, largest distance in unbinned pixels: "subarray: 0.118", with the sign of CRVAL turned "subarray, turned:
# 0.000"; "binned without tables: 1.031", with the terms scaled by order "binned without tables, scaled: 0.000".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet stwcs==1.7.7 stsci.tools==4.3.1 astropy==8.0.2 numpy==2.4.6

cat > positions.py <<'PY'
import contextlib
import io
import logging
import os

import numpy as np
from astropy.io import fits

os.environ.update({"ASTROMETRY_STEP_CONTROL": "OFF", "iref": "./"})
logging.disable(logging.CRITICAL)
from stwcs.updatewcs import updatewcs
from stwcs.wcsutil import HSTWCS

ROWS, COLUMNS, SIDE = 2051, 4096, 0.04
XREF, YREF = 2048.0, 1026.0
draw = np.random.default_rng(3)


def primary(**more):
    hdu = fits.PrimaryHDU()
    hdu.header.update({"INSTRUME": "WFC3", "DETECTOR": "UVIS"} | more)
    return hdu


terms = {"CX10": 1e-4, "CX11": 0.0397, "CY10": 0.0395, "CY11": 0.0024}
for order, size in {2: 1.5e-5, 3: 4e-10, 4: 8e-14}.items():
    for power in range(order + 1):
        for axis in "XY":
            terms[f"C{axis}{order}{power}"] = SIDE * size * draw.uniform(-1, 1)
row = {"XSIZE": 4096, "YSIZE": ROWS, "XREF": XREF, "YREF": YREF, "V2REF": -27.5, "V3REF": -33.3, "SCALE": SIDE, "THETA": 45.0}
columns = [fits.Column("DETCHIP", "J", array=[2]), fits.Column("DIRECTION", "8A", array=["FORWARD"]), fits.Column("FILTER", "8A", array=["F555W"])]
columns += [fits.Column(name, "D", array=[value]) for name, value in (row | terms).items()]
fits.HDUList([primary(NORDER=4, PARITY=-1), fits.BinTableHDU.from_columns(columns)]).writeto("u_idc.fits")
tables = [fits.ImageHDU(draw.uniform(-0.05, 0.05, (33, 65)).astype("f4"), name=name, ver=1) for name in ("DX", "DY")]
for hdu in tables:
    hdu.header.update(CDELT1=64.0, CDELT2=64.0, CCDCHIP=2)
fits.HDUList([primary(), *tables]).writeto("u_npl.fits")


def exposure(name, x0=0, y0=0, binning=1, table="N/A"):
    first = primary(TELESCOP="HST", ROOTNAME="i00000010", EXPTIME=100.0, EXPSTART=55000.0, EXPEND=55001.0, PA_V3=82.0, FILTER="F555W", ASN_MTYP="", IDCTAB="iref$u_idc.fits", NPOLFILE=table, D2IMFILE="N/A")
    first.header["DATE-OBS"] = "2010-07-01"
    ltm = 1 / binning
    ltv = [0.5 - 0.5 * ltm - start * ltm for start in (x0, y0)]
    science = fits.ImageHDU(np.zeros((80, 80), "u1"), name="SCI", ver=1)
    side = SIDE * binning / 3600
    science.header.update(CCDCHIP=2, CTYPE1="RA---TAN", CTYPE2="DEC--TAN", RADESYS="ICRS", CRVAL1=150.0, CRVAL2=2.0, CRPIX1=XREF * ltm + ltv[0], CRPIX2=YREF * ltm + ltv[1], CD1_1=-side, CD1_2=0.0, CD2_1=0.0, CD2_2=side, ORIENTAT=0.0, LTV1=ltv[0], LTV2=ltv[1], LTM1_1=ltm, LTM2_2=ltm, BINAXIS1=binning, BINAXIS2=binning, VAFACTOR=1.0, EXPNAME="i00000010")
    fits.HDUList([first, science]).writeto(name)
    with contextlib.redirect_stdout(io.StringIO()):
        updatewcs([name], use_db=False, checkfiles=False)


def sky(name, x, y):
    with fits.open(name) as hdus:
        head = hdus["SCI", 1].header
        own = x * head["LTM1_1"] + head["LTV1"], y * head["LTM2_2"] + head["LTV2"]
        return HSTWCS(hdus, ("SCI", 1)).all_pix2world(*own, 1)


def apart(label, one, other, x, y):
    (ra, dec), (ra2, dec2) = sky(one, x, y), sky(other, x, y)
    away = np.hypot((ra - ra2) * np.cos(np.radians(dec)), dec - dec2) * 3600 / SIDE
    print(f"{label}: {away.max():.3f}")


x, y = draw.uniform(1601, 2624, 2000), draw.uniform(501, 1524, 2000)
exposure("full.fits", table="iref$u_npl.fits")
exposure("sub.fits", 1600, 500, table="iref$u_npl.fits")
apart("subarray", "full.fits", "sub.fits", x, y)
with fits.open("sub.fits", mode="update") as hdus:
    for hdu in (hdu for hdu in hdus if hdu.name == "WCSDVARR"):
        hdu.header["CRVAL1"] *= -1
        hdu.header["CRVAL2"] *= -1
apart("subarray, turned", "full.fits", "sub.fits", x, y)
x, y = draw.uniform(1, COLUMNS, 2000), draw.uniform(1, ROWS, 2000)
exposure("bare.fits")
exposure("binned.fits", binning=2)
apart("binned without tables", "bare.fits", "binned.fits", x, y)
with fits.open("binned.fits", mode="update") as hdus:
    head = hdus["SCI", 1].header
    for keyword in [*head["A_?_?"], *head["B_?_?"]]:
        head[keyword] *= 2.0 ** (int(keyword[2]) + int(keyword[4]) - 2)
apart("binned without tables, scaled", "bare.fits", "binned.fits", x, y)
PY
venv/bin/python positions.py 2>/dev/null | tee seen
grep -q "^subarray: 0.118$" seen
grep -q "^subarray, turned: 0.000$" seen
grep -q "^binned without tables: 1.031$" seen
grep -q "^binned without tables, scaled: 0.000$" seen
