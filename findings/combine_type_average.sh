#!/usr/bin/env bash
# The documentation of drizzlepac 3.11.0 (createMedian.py) lists 'average' for combine_type. The
# function it hands the word to, num_combine of stsci.image 2.3.11, knows 'mean' and not 'average':
# it prints a line and returns an image of zeros, without an exception, so that AstroDrizzle would
# take zeros for the image without cosmic rays.
#
# Seen: "mean [2.0, 2.0]", "average [0.0, 0.0]" for two images of 1 and 3.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet drizzlepac==3.11.0 stsci.image==2.3.11 numpy==2.4.6 astropy==8.0.2

cat > combine.py <<'PY'
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from stsci.image.numcombine import num_combine

(package,) = find_spec("drizzlepac").submodule_search_locations
documented = "combine_type : str {'average', 'median', 'sum', 'minmed'}"
assert documented in Path(package, "createMedian.py").read_text()
images = [np.full(2, 1.0, np.float32), np.full(2, 3.0, np.float32)]
found = {name: num_combine(images, combination_type=name).tolist() for name in ("mean", "average")}
for name, combined in found.items():
    print(name, combined)
assert found == {"mean": [2.0, 2.0], "average": [0.0, 0.0]}, found
PY
venv/bin/python combine.py
