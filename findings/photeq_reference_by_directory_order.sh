#!/usr/bin/env bash
# drizzlepac 3.11.0, photeq.photeq on files given by a wildcard, as its documentation shows:
# - "the first input image", whose PHOTFLAM all others are brought to, is the first that the directory happens to
#   list, not the first by name: the same files copied elsewhere, or written in another order, are scaled to another
#   zero point (a list with commas, or ref_phot=, fixes it);
# - unless readonly=False is given it changes no file, though the log reads as if it had ("Data have been multiplied by").
#
# Seen (the names depend on the file system): "directories: 8", "reference is the first as listed: 8",
# "files changed by default: 0", "files changed with readonly=False: 2".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet drizzlepac==3.11.0 numpy==2.4.6 astropy==8.0.2

cat > reference.py <<'PY'
import glob
import os
import random

import numpy as np
from astropy.io import fits
from drizzlepac import photeq

PHOTFLAM = (7.0e-20, 7.5e-20, 8.0e-20)


def write(name, photflam):
    chips = []
    for kind, value in (("SCI", 100), ("ERR", 10)):
        chips.append(fits.ImageHDU(np.full((8, 8), value, "f4"), name=kind, ver=1))
    chips[0].header["PHOTFLAM"] = photflam
    fits.HDUList([fits.PrimaryHDU(), *chips]).writeto(name)


def values():
    return {name: fits.getdata(name, ("SCI", 1))[0, 0] for name in glob.glob("*_flt.fits")}


as_listed = unchanged = changed = 0
random.seed(5)
for number in range(8):
    os.mkdir(f"d{number}")
    os.chdir(f"d{number}")
    names = [f"{random.getrandbits(32):08x}q_flt.fits" for _ in PHOTFLAM]
    for name, photflam in zip(names, PHOTFLAM):
        write(name, photflam)
    first = glob.glob("*_flt.fits")[0]
    photeq.photeq("*_flt.fits", logfile=None)
    unchanged += sum(value != 100 for value in values().values())
    photeq.photeq("*_flt.fits", logfile=None, readonly=False)
    as_listed += fits.getval(names[0], "PHOTFLAM", ("SCI", 1)) == PHOTFLAM[names.index(first)]
    changed = sum(value != 100 for value in values().values())
    os.chdir("..")
print("directories: 8")
print("reference is the first as listed:", as_listed)
print("files changed by default:", unchanged)
print("files changed with readonly=False:", changed)
PY
venv/bin/python -W ignore reference.py 2>/dev/null | grep -E "^(directories|reference is|files changed)" | tee seen
diff seen - <<'SEEN'
directories: 8
reference is the first as listed: 8
files changed by default: 0
files changed with readonly=False: 2
SEEN
