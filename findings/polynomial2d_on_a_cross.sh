#!/usr/bin/env bash
# Polynomial2D of astropy 8.0.2 counts its parameters by its degree, but the columns that its
# fit_deriv gives by the data: a column for c1_1 is left out where x * y is 0 at every place. Places on
# a cross are such, as a scan of one setting at the best value of the other makes them. A linear fit
# then ends in an error that speaks of the parameters ("could not broadcast input array from shape (5,)
# into shape (6,)"), though the model can be evaluated there and one place off the cross mends it.
#
# Seen: "on a cross: 5 columns, 6 parameters, InputParameterError", "one place off it: 6 columns,
# 6 parameters, fitted".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet astropy==8.0.2 numpy==2.4.6 scipy==1.17.1

cat > cross.py <<'PY'
import warnings

import numpy as np
from astropy.modeling.fitting import LinearLSQFitter
from astropy.modeling.models import Polynomial2D

CROSS = np.array([[-2, 0], [-1, 0], [0, 0], [1, 0], [2, 0], [0, -2], [0, -1], [0, 1], [0, 2.0]])
OFF = np.array([[1.0, 1.0]])


def tried(places):
    x, y = places.T
    model = Polynomial2D(2)
    n_columns = np.shape(model.fit_deriv(x, y))[-1]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the mixed term may not be known
            LinearLSQFitter()(model, x, y, 3 + x + 2 * y + x**2)
        ended = "fitted"
    except Exception as error:
        ended = type(error).__name__
    return f"{n_columns} columns, {len(model.parameters)} parameters, {ended}"


print("on a cross:", tried(CROSS))
print("one place off it:", tried(np.vstack([CROSS, OFF])))
PY
venv/bin/python cross.py | tee seen
grep -qx "on a cross: 5 columns, 6 parameters, InputParameterError" seen
grep -qx "one place off it: 6 columns, 6 parameters, fitted" seen
