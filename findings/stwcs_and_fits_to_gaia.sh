#!/usr/bin/env bash
# What stwcs 1.7.7 does with the WCS solutions of an exposure as the archive delivers it today (a sample that
# drizzlepac 3.11.0 installs: WFC3/IR, active WCS fitted to Gaia, ten headerlets), without a network:
#
# - `extract_headerlet(hdrname=...)` raises for every name: it takes the position it has found for an EXTVER;
# - `restoreWCS` brings back an alternate and leaves HDRNAME, RMS_RA and FITGEOM of the fit that was in use;
#   OPUS, the WCS of before any distortion, comes back with the SIP terms of the fit;
# - `restore_from_headerlet(hdrext=..., archive=False, force=True)` brings a solution back exactly.
#
# Seen: "extract_headerlet: ValueError", "restoreWCS OPUS: HDRNAME of FIT True, SIP True",
# "restore_from_headerlet: FIT_REL_GAIAeDR3 again, 0.000000 mas".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet drizzlepac==3.11.0 stwcs==1.7.7 numpy==2.4.6 astropy==8.0.2

cat > solutions.py <<'PY'
import logging
import os
import shutil
import sysconfig

import numpy as np
from astropy.io import fits

os.environ["ASTROMETRY_STEP_CONTROL"] = "OFF"
logging.disable(logging.CRITICAL)
from stwcs.wcsutil import HSTWCS, altwcs, headerlet

SAMPLE = sysconfig.get_paths()["purelib"] + "/tests/hap/sample_svm_flt.fits"


def fresh():
    shutil.copyfile(SAMPLE, "a_flt.fits")
    return "a_flt.fits"


def sky(name, key=" "):
    with fits.open(name) as hdus:
        return np.array(HSTWCS(hdus, ("SCI", 1), wcskey=key).all_pix2world(500.0, 400.0, 1), float)


with fits.open(SAMPLE) as hdus:
    letters = {hdus["SCI", 1].header[key]: key[-1] for key in hdus["SCI", 1].header["WCSNAME?"]}
    headerlets = {hdu.header["WCSNAME"]: hdu.header for hdu in hdus if hdu.name == "HDRLET"}
name = next(name for name in letters if "FIT_REL" in name)
try:
    headerlet.extract_headerlet(fresh(), "out.fits", hdrname=headerlets[name]["HDRNAME"])
    print("extract_headerlet: no error")
except Exception as error:
    print("extract_headerlet:", type(error).__name__)
altwcs.restoreWCS(fresh(), ext=[("SCI", 1)], wcskey=letters["OPUS"])
head = fits.getheader("a_flt.fits", "SCI", 1)
print(f"restoreWCS {head['WCSNAME']}: HDRNAME of FIT {'FIT' in head['HDRNAME']}, SIP {'A_ORDER' in head}")
expected = sky(fresh(), letters[name])
headerlet.restore_from_headerlet("a_flt.fits", hdrext=("HDRLET", headerlets[name]["EXTVER"]), archive=False, force=True)
head = fits.getheader("a_flt.fits", "SCI", 1)
away = np.abs(sky("a_flt.fits") - expected).max() * 3.6e6
print(f"restore_from_headerlet: {head['WCSNAME'].partition('-')[2]} again, {away:.6f} mas")
PY
venv/bin/python solutions.py 2>/dev/null | tee seen
grep -q "^extract_headerlet: ValueError$" seen
grep -q "^restoreWCS OPUS: HDRNAME of FIT True, SIP True$" seen
grep -q "^restore_from_headerlet: FIT_REL_GAIAeDR3 again, 0.000000 mas$" seen
