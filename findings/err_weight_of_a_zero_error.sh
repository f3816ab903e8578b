#!/usr/bin/env bash
# drizzlepac 3.11.0 makes the weights of final_wht_type=ERR as (EXPTIME / ERR)**2 times the mask of
# good pixels (imageObject.buildERRmask). Calibrated exposures may have ERR = 0 at pixels that are
# flagged: the quotient is infinite there, infinite times the mask's 0 is NaN, and the pixel that
# was to weigh nothing weighs NaN.
#
# Seen: weights [250000.0, nan] for errors [2, 0], mask [1, 0], 1000 s.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet drizzlepac==3.11.0 numpy==2.4.6 astropy==8.0.2

cat > weights.py <<'PY'
import warnings
from types import SimpleNamespace

import numpy as np

warnings.simplefilter("ignore")
from drizzlepac.imageObject import baseImageObject

exposure = SimpleNamespace(
    _image={("SCI", 1): SimpleNamespace(_exptime=1000.0)},
    scienceExt="SCI",
    errExt="ERR",
    getData=lambda exten: np.array([2.0, 0.0]),
)
mask = np.array([1.0, 0.0])  # the second pixel is flagged
weights = baseImageObject.buildERRmask(exposure, 1, mask, 1.0)
print("weights", weights.tolist())
assert weights[0] == 250000.0, weights
assert np.isnan(weights[1]), weights
PY
MPLBACKEND=Agg venv/bin/python weights.py 2>/dev/null
