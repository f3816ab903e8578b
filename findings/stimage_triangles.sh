#!/usr/bin/env bash
# xyxymatch of stsci.stimage 0.3.2 (drizzlepac's matcher of catalogues) with algorithm="triangles":
# - of lists longer than nmatch (30), the documentation says that triangles give the transformation and then
#   "the entire list is matched"; what comes back are 30 pairs at most, of 60 or 200 stars;
# - with the default separation of 9, two stars of a list within 9 pixels of each other can leave no match
#   at all, without an error, though both lists are the same but for a shift: of 200 stars in 1000 x 1000 pixels, in
#   9 of 12 fields. With separation=0 all of them match, as they do with algorithm="tolerance".
#
# Seen: "20 stars: 20 matched in 12 of 12 fields", "60 stars, separation 0: 30 matched in 12 of 12 fields",
# "200 stars: 30 matched in 3 of 12 fields, none in 9".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet stsci.stimage==0.3.2 numpy==2.4.6

cat > triangles.py <<'PY'
import numpy as np
from stsci.stimage import xyxymatch

FIELDS = 12


def matched(n_stars, **options):
    found = []
    for seed in range(FIELDS):
        stars = np.random.default_rng(seed).uniform(0, 1000, (n_stars, 2))
        found.append(len(xyxymatch(stars + [30, 20], stars, tolerance=2, **options)))
    none = found.count(0)
    most = max(found)
    of = f"{most} matched in {found.count(most)} of {FIELDS} fields"
    options.pop("algorithm")
    named = "".join(f", {key} {value:g}" for key, value in options.items())
    return f"{n_stars} stars{named}: {of}" + (f", none in {none}" if none else "")


for n_stars, options in ((20, {}), (60, {"separation": 0.0}), (200, {"separation": 0.0}), (200, {})):
    print(matched(n_stars, algorithm="triangles", **options))
PY
venv/bin/python triangles.py | tee seen
grep -qx "20 stars: 20 matched in 12 of 12 fields" seen
grep -qx "60 stars, separation 0: 30 matched in 12 of 12 fields" seen
grep -qx "200 stars, separation 0: 30 matched in 12 of 12 fields" seen
grep -qx "200 stars: 30 matched in 3 of 12 fields, none in 9" seen
