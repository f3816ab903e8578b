#!/usr/bin/env bash
# astropy reads the lookup tables of HST exposures one cell less a pixel (63 pixels) from where it did before 6.1
# (pull request 16163). stwcs attaches them with CRPIX = CRVAL = 0, which the reference files leave out, and a
# distance of nodes of CDELT = 64: astropy 6.0.1 put the first node at pixel 1 and the 65th at 4097, so that 65
# nodes span a chip of 4096 pixels; by the convention of FITS, as astropy 8.0.2 has it, they lie at pixels 64 and
# 4160, and pixels 1 to 63 all have the first value. The tables were made, and tested on stars, with the former.
#
# Seen, for a table whose values are the number of the node: "astropy 6.0.1: 0.000 at pixel 1, 1.000 at 65",
# "astropy 8.0.2: 0.000 at pixel 1, 0.016 at 65"; with CRPIX = CRVAL = 1 "astropy 8.0.2, 1: 0.000 at pixel 1,
# 1.000 at 65".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > nodes.py <<'PY'
import sys

import astropy
import numpy as np
from astropy.io import fits
from astropy.wcs import WCS

science = fits.ImageHDU(np.zeros((128, 256), np.float32), name="SCI")
science.header.update(
    CTYPE1="RA---TAN-SIP", CTYPE2="DEC--TAN-SIP", CRVAL1=150.0, CRVAL2=2.0, CRPIX1=1.0, CRPIX2=1.0,
    CD1_1=-1e-5, CD1_2=0.0, CD2_1=0.0, CD2_2=1e-5, A_ORDER=2, B_ORDER=2, A_2_0=0.0, B_0_2=0.0,
)
first = float(sys.argv[1])
tables = []
for axis in (1, 2):
    science.header[f"CPDIS{axis}"] = "LOOKUP"
    for record in (f"EXTVER: {axis}.0", "NAXES: 2.0", "AXIS.1: 1.0", "AXIS.2: 2.0"):
        science.header.append((f"DP{axis}", record))
    nodes = np.tile(np.arange(5.0), (3, 1)).astype(np.float32)  # the value is the number of the node
    table = fits.ImageHDU(nodes, name="WCSDVARR", ver=axis)
    table.header.update(CRPIX1=first, CRPIX2=first, CRVAL1=first, CRVAL2=first, CDELT1=64.0, CDELT2=64.0)
    tables.append(table)
hdus = fits.HDUList([fits.PrimaryHDU(), science, *tables])
wcs = WCS(science.header, hdus)
x = np.array([1.0, 65.0])
read = wcs.p4_pix2foc(x, np.ones(2), 1)[0] - x
label = astropy.__version__ + (f", {first:.0f}" if first else "")
print(f"astropy {label}: {read[0]:.3f} at pixel 1, {read[1]:.3f} at 65")
PY
for pair in "6.0.1 1.26.4" "8.0.2 2.4.6"; do
    read -r version numpy <<< "$pair"
    python3 -m venv "venv-$version"
    "venv-$version/bin/pip" install --quiet "astropy==$version" "numpy==$numpy"
    "venv-$version/bin/python" nodes.py 0 2>/dev/null | tee -a seen
done
venv-8.0.2/bin/python nodes.py 1 2>/dev/null | tee -a seen
grep -q "^astropy 6.0.1: 0.000 at pixel 1, 1.000 at 65$" seen
grep -q "^astropy 8.0.2: 0.000 at pixel 1, 0.016 at 65$" seen
grep -q "^astropy 8.0.2, 1: 0.000 at pixel 1, 1.000 at 65$" seen
