#!/usr/bin/env bash
# adrizzle.drizzle of drizzlepac 3.11.0 adds one exposure to an image that is there already. In rates, its default for
# the output, the image's EXPTIME is wrong from the second exposure on: its own comment says that the keyword has "the
# total exposure time of all input image regardless of the output units", but the sum is kept in DRIZEXPT, which is 1
# in rates, so that EXPTIME is that of the last exposure and 1. In counts it is the sum. Pixels and weights are right
# in both. Without a name for the context image, which is optional, it ends in an AttributeError.
#
# Seen, with E the exposure time of a sample that drizzlepac installs, drizzled three times: "cps: EXPTIME E + 1,
# weight 3", "counts: EXPTIME 3 E, weight 3", "without outcontext: AttributeError".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet drizzlepac==3.11.0 stwcs==1.7.7 numpy==2.4.6 astropy==8.0.2

cat > one_by_one.py <<'PY'
import os
import shutil
import sysconfig

import numpy as np
from astropy.io import fits

os.environ["ASTROMETRY_STEP_CONTROL"] = "OFF"
from drizzlepac import adrizzle

shutil.copyfile(sysconfig.get_paths()["purelib"] + "/tests/hap/sample_svm_flt.fits", "a_flt.fits")
EXPTIME = fits.getval("a_flt.fits", "EXPTIME")


def add(units, **names):
    adrizzle.drizzle("a_flt.fits[sci,1]", f"{units}.fits", in_units="cps", out_units=units, **names)
    return fits.getheader(f"{units}.fits")["EXPTIME"]


for units in ("cps", "counts"):
    names = {"outweight": f"{units}_wht.fits", "outcontext": f"{units}_ctx.fits"}
    found, weights = [], []
    for _ in range(3):
        found.append(add(units, **names))
        weights.append(fits.getdata(names["outweight"], memmap=False))
    covered = weights[0] > 0
    ratio = np.median(weights[-1][covered] / weights[0][covered])
    told = {EXPTIME + 1: "E + 1", 3 * EXPTIME: "3 E"}
    (value,) = [text for known, text in told.items() if abs(found[-1] - known) < 1e-3] or [found[-1]]
    print(f"seen: {units}: EXPTIME {value}, weight {ratio:.4g}")
try:
    adrizzle.drizzle("a_flt.fits[sci,1]", "b.fits")
except AttributeError:
    print("seen: without outcontext: AttributeError")
PY
venv/bin/python one_by_one.py 2>/dev/null | grep "^seen: " | tee seen
diff seen - <<'SEEN'
seen: cps: EXPTIME E + 1, weight 3
seen: counts: EXPTIME 3 E, weight 3
seen: without outcontext: AttributeError
SEEN
