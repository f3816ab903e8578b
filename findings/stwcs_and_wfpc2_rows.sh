#!/usr/bin/env bash
# stwcs 1.7.7, updatewcs on a WFPC2 exposure whose DGEOFILE has the height of rows (every 34th row is narrower): it makes
# a D2IMFILE of it on the fly, but the chips of that file are named by DETECTOR and looked for by CCDCHIP, and the
# heights, one for a row, are laid out along the columns. So
# - chip 1 is moved along its columns where its rows should be: 0.03 pixels at every 34th column, none at the rows;
# - chips 2 to 4 are not corrected at all; the log and the primary header say that all are.
# The frame is a real one, from the source archive of stwcs; the table is made here, with a height of 0.03 pixels at
# every 34th row and nothing else.
#
# Seen: "chip 1: moved at 0 of 70 rows, at 2 of 70 columns", and "at 0 of 70 rows, at 0 of 70 columns" for chips 2 to 4,
# "D2IMFILE in the primary header: True".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet stwcs==1.7.7 stsci.tools==4.3.1 numpy==2.4.6 astropy==8.0.2
venv/bin/pip download --quiet --no-deps --no-binary stwcs stwcs==1.7.7
tar xzf stwcs-1.7.7.tar.gz --strip-components=4 --wildcards 'stwcs-1.7.7/stwcs/tests/data/*'

cat > rows.py <<'PY'
import os
import sys

import numpy as np
from astropy.io import fits
from stsci.tools.convertwaiveredfits import convertwaiveredfits
from stwcs import updatewcs
from stwcs.wcsutil import HSTWCS

os.environ["uref"] = os.getcwd() + "/"
CHIPS = (1, 2, 3, 4)
height = np.zeros((800, 800), "f4")
height[33::34] = 0.03
table = fits.HDUList([fits.PrimaryHDU()])
for chip in CHIPS:
    for name, data in (("dx", 0 * height), ("dy", height)):
        table.append(fits.ImageHDU(data, fits.Header({"DETECTOR": chip}), name=name, ver=chip))
table.writeto("rows_dxy.fits")


def positions(name, dgeofile):
    with convertwaiveredfits("u40x010hm_c0f.fits") as hdus:
        hdus[0].header.update(FILENAME=name, DGEOFILE=dgeofile)
        hdus.writeto(name, output_verify="silentfix")
    updatewcs.updatewcs(name, use_db=False, verbose=False)
    with fits.open(name) as hdus:
        named = hdus[0].header.get("D2IMFILE", "N/A") != "N/A"
        return [HSTWCS(hdus, ("SCI", chip)) for chip in CHIPS], named


with_rows, named = positions("with_c0m.fits", "uref$rows_dxy.fits")
without, _ = positions("without_c0m.fits", "N/A")
along, fixed = np.arange(401.0, 471.0), np.full(70, 300.0)


def n_moved(chip, x, y):
    back = without[chip - 1].all_world2pix(*with_rows[chip - 1].all_pix2world(x, y, 1), 1)
    return int((np.hypot(back[0] - x, back[1] - y) > 0.01).sum())


for chip in CHIPS:
    rows, columns = n_moved(chip, fixed, along), n_moved(chip, along, fixed)
    print(f"chip {chip}: moved at {rows} of 70 rows, at {columns} of 70 columns", file=sys.stderr)
print("D2IMFILE in the primary header:", named, file=sys.stderr)
PY
venv/bin/python -W ignore rows.py 2>&1 >log | grep -E "^(chip|D2IMFILE)" | tee seen
diff seen - <<'SEEN'
chip 1: moved at 0 of 70 rows, at 2 of 70 columns
chip 2: moved at 0 of 70 rows, at 0 of 70 columns
chip 3: moved at 0 of 70 rows, at 0 of 70 columns
chip 4: moved at 0 of 70 rows, at 0 of 70 columns
D2IMFILE in the primary header: True
SEEN
