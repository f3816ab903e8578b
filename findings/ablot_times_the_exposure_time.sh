#!/usr/bin/env bash
# ablot.blot of drizzlepac 3.11.0 resamples a drizzled image onto an exposure's pixels. Its documentation: in_units and
# out_units are each "cps" or "counts", and a rate that is asked for as a rate stays what it is. It does not: the
# pixels are always multiplied by the drizzled image's own EXPTIME, and for "counts" by the exposure's on top of it.
# A rate comes out right only where the image is said to be in counts.
#
# With addsky=True, its default, MDRIZSKY is looked for in the drizzled image, where AstroDrizzle writes none
# (the sky was subtracted from the exposures, whose headers have it): KeyError.
#
# Blotted: an image that is 1 everywhere, EXPTIME 1000, in electrons a second, onto an exposure (a sample that
# drizzlepac installs; its EXPTIME is "E"). Seen: "cps to cps 1000", "cps to counts 1000 E", "counts to cps 1",
# "counts to counts 1 E", "addsky: KeyError".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet drizzlepac==3.11.0 stwcs==1.7.7 numpy==2.4.6 astropy==8.0.2

cat > blot.py <<'PY'
import os
import shutil
import sysconfig
from itertools import product

import numpy as np
from astropy.io import fits

os.environ["ASTROMETRY_STEP_CONTROL"] = "OFF"
from drizzlepac import ablot
from stwcs.distortion.utils import output_wcs
from stwcs.wcsutil import HSTWCS

SAMPLE = sysconfig.get_paths()["purelib"] + "/tests/hap/sample_svm_flt.fits"
shutil.copyfile(SAMPLE, "a_flt.fits")
with fits.open("a_flt.fits") as hdus:
    grid = output_wcs([HSTWCS(hdus, ("SCI", 1))])
    exptime = hdus[0].header["EXPTIME"]
head = grid.to_header()
head["EXPTIME"], head["BUNIT"] = 1000.0, "ELECTRONS/S"
image = fits.ImageHDU(np.ones(grid.array_shape, np.float32), head, name="SCI")
primary = fits.PrimaryHDU()
primary.header["EXPTIME"] = 1000.0
fits.HDUList([primary, image]).writeto("whole_drz.fits")


def blot(of, to, **options):
    if os.path.exists("out.fits"):
        os.remove("out.fits")
    names = "whole_drz.fits[sci,1]", "a_flt.fits[sci,1]", "out.fits"
    ablot.blot(*names, in_units=of, out_units=to, **options)
    return float(np.median(fits.getdata("out.fits", "SCI")))


for of, to in product(("cps", "counts"), repeat=2):
    value = blot(of, to, addsky=False)
    told = "" if to == "cps" else " E"
    print(f"seen: {of} to {to} {value / (exptime if told else 1):.4g}{told}")
try:
    blot("cps", "cps")
except KeyError:
    print("seen: addsky: KeyError")
PY
venv/bin/python blot.py 2>/dev/null | grep "^seen: " | tee seen
diff seen - <<'SEEN'
seen: cps to cps 1000
seen: cps to counts 1000 E
seen: counts to cps 1
seen: counts to counts 1 E
seen: addsky: KeyError
SEEN
