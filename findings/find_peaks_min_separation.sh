#!/usr/bin/env bash
# photutils 3.0.0, find_peaks(min_separation=R), by default used by DAOStarFinder, which documents it as equivalent to a
# circular footprint of that radius:
# - for an R that is no whole number the circle is not centred on the pixel: an image and its mirror image have other
#   peaks, and of two sources 3 pixels apart both are found for R = 3.5 when the fainter is on the left, one on the right;
# - for R = 1 it takes peaks away that a circular footprint finds: of white noise four in ten.
#
# Seen, peaks of white noise (R, of the image, of its mirror image, of both alike, with a circular footprint):
# "1.0 4461 4461 4461 7832", "2.0 3134 3134 3134 3134", "2.5 2521 2565 2033 1950", "3.0 1365 1365 1365 1365",
# "3.5 1304 1269 1075 1084", and of the pair: "fainter on the right: 1, on the left: 2, circular footprint: 1 1".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet photutils==3.0.0 astropy==8.0.2 numpy==2.4.6 scipy==1.17.1

cat > peaks.py <<'PY'
import numpy as np
from photutils.detection import find_peaks


def places(image, **how):
    table = find_peaks(image, 0.5, **how)
    return set() if table is None else set(zip(table["x_peak"].tolist(), table["y_peak"].tolist()))


def disc(radius):
    n = int(radius)
    y, x = np.mgrid[-n : n + 1, -n : n + 1]
    return x**2 + y**2 <= radius**2


noise = np.random.default_rng(1).random((200, 200))
for radius in (1.0, 2.0, 2.5, 3.0, 3.5):
    found = places(noise, min_separation=radius)
    mirrored = {(199 - x, y) for x, y in places(noise[:, ::-1], min_separation=radius)}
    print(radius, len(found), len(mirrored), len(found & mirrored), len(places(noise, footprint=disc(radius))))

pair = np.zeros((31, 31))
pair[15, 12], pair[15, 15] = 2, 1
ways = [pair, pair[:, ::-1]]
right, left = (len(places(one, min_separation=3.5)) for one in ways)
both = " ".join(str(len(places(one, footprint=disc(3.5)))) for one in ways)
print(f"fainter on the right: {right}, on the left: {left}, circular footprint: {both}")
PY
venv/bin/python -W ignore peaks.py | tee seen
diff seen - <<'SEEN'
1.0 4461 4461 4461 7832
2.0 3134 3134 3134 3134
2.5 2521 2565 2033 1950
3.0 1365 1365 1365 1365
3.5 1304 1269 1075 1084
fainter on the right: 1, on the left: 2, circular footprint: 1 1
SEEN
