#!/usr/bin/env bash
# stsci.skypac 1.0.12 asks of its polygons a method, iter_polygons_flat, that spherical_geometry
# 1.4.0 no longer has. Two overlapping images are matched with 1.3.3; with 1.4.0, which pip takes
# today, skymethod="match" raises AttributeError and "localmin" goes on working. AstroDrizzle
# (drizzlepac 3.11.0) logs the error, reverts to another method and leaves no MDRIZSKY.
#
# Seen: "1.3.3 match: done", "1.4.0 match: AttributeError", "1.4.0 localmin: done".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > match.py <<'PY'
import contextlib
import io
import sys
from importlib.metadata import version

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS
from stsci.skypac.skymatch import skymatch

for name, ra in (("a.fits", 150.0), ("b.fits", 150.002)):
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.crval, wcs.wcs.crpix = [ra, 2.0], [50.5, 50.5]
    wcs.wcs.cdelt = [-1e-4, 1e-4]
    pixels = np.random.default_rng(1).normal(100, 1, (100, 100)).astype(np.float32)
    science = fits.ImageHDU(pixels, wcs.to_header(), name="SCI")
    fits.HDUList([fits.PrimaryHDU(), science]).writeto(name, overwrite=True)
method, outcome = sys.argv[1], "done"
with contextlib.redirect_stdout(io.StringIO()):
    try:
        skymatch("a.fits,b.fits", skymethod=method)
    except AttributeError as error:
        outcome = f"AttributeError ({error})"
print(f"{version('spherical_geometry')} {method}: {outcome}")
PY

try() { # version of spherical_geometry, methods
    python3 -m venv "venv-$1"
    "venv-$1/bin/pip" install --quiet stsci.skypac==1.0.12 "spherical_geometry==$1" \
        astropy==8.0.2 numpy==2.4.6 stsci.tools==4.3.1 stsci.imagestats==1.8.4
    for method in "${@:2}"; do "venv-$1/bin/python" match.py "$method" 2>/dev/null; done
}
{ try 1.3.3 match; try 1.4.0 match localmin; } | tee seen
grep -q '^1.3.3 match: done$' seen
grep -q "^1.4.0 match: AttributeError .*iter_polygons_flat" seen
grep -q '^1.4.0 localmin: done$' seen
