#!/usr/bin/env bash
# blot_image of drizzle 3.0.0 takes opposite edges of an image differently. Pixels that reach up to half a
# pixel beyond the centre of the first row or column get nothing (0, the fill value), those that reach as
# far beyond the last get the value that is there. With interp="poly3" those beyond the last row get, without
# a warning, a value that is not in the image and changes with what was computed before, as from memory that
# nobody filled; beyond the last column they are right. poly5, AstroDrizzle's default, and linear are right
# on both.
#
# Seen, for an image of 100 everywhere, asked for 0.25 px off its pixels: "poly3: first row 0, first column 0,
# last row 96.758, last column 100" (also 37.5 and 132.6), "poly5: first row 0, first column 0, last row 100,
# last column 100", the same for linear.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet drizzle==3.0.0 numpy==2.4.6

cat > edges.py <<'PY'
import numpy as np
from drizzle.resample import blot_image

SIZE, OFF = 40, 0.25
ROW, COLUMN = np.mgrid[:SIZE, :SIZE].astype(float)
IMAGE = np.full((SIZE, SIZE), 100, np.float32)
MIDDLE = SIZE // 2


def blotted(interp, off):
    return blot_image(IMAGE, np.dstack([COLUMN + off, ROW + off]), 1.0, 1.0, interp=interp)


for interp in ("poly3", "poly5", "linear"):
    before, beyond = blotted(interp, -OFF), blotted(interp, OFF)
    first = before[0, MIDDLE], before[MIDDLE, 0]
    last = beyond[-1, MIDDLE], beyond[MIDDLE, -1]
    print(f"{interp}: first row {first[0]:g}, first column {first[1]:g}, "
          f"last row {last[0]:g}, last column {last[1]:g}")
    assert first == (0, 0) and abs(last[1] - 100) < 1e-3
    assert (abs(last[0] - 100) > 0.1) == (interp == "poly3")
    assert np.allclose(beyond[5:-5, 5:-5], 100)
PY
venv/bin/python edges.py
