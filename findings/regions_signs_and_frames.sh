#!/usr/bin/env bash
# regions 0.12, on files of ds9 and CASA:
# - ds9's exclusion (a minus before a shape) is read into meta["include"] and nothing looks at it: the
#   excluded circle contains its centre, on the sky and in pixels, and its mask is that of the circle;
# - it is saved as ds9 without the minus, as "# include=0"; and serialize(format="crtf") empties the meta of the
#   regions it is given: saved as ds9 after that, the exclusion is an inclusion;
# - of a CRTF file without coord=, degrees and arcseconds become pixels: [10deg, 20deg], 5arcsec is
#   a circle of 5 pixels about x = 10, y = 20, without a word;
# - a shape that it does not know (panda, a frame of "physical") is left out with a warning, and what is left
#   is another area; a composite (||) is a KeyError.
#
# Seen: "read: [1, 0]", "contains its centre: [True, True]", "mask pixels of the excluded: 1257",
# "saved and read again: [1, 0]", "after a CRTF was made of them: [1, 1]", "CRTF without coord: CirclePixelRegion at 10, 20",
# "with a panda: 1 of 2 regions", "composite: KeyError".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet regions==0.12 astropy==8.0.2 numpy==2.4.6

cat > signs.py <<'PY'
import warnings

from astropy.coordinates import SkyCoord
from astropy.wcs import WCS
from regions import Regions

wcs = WCS(naxis=2)
wcs.wcs.ctype = "RA---TAN", "DEC--TAN"
wcs.wcs.crval, wcs.wcs.crpix, wcs.wcs.cdelt = (10, 20), (50, 50), (-0.1 / 3600, 0.1 / 3600)
centre = SkyCoord(10, 20, unit="deg")


def included(regions):
    return [int(one.meta["include"]) for one in regions]


found = Regions.parse('icrs\ncircle(10,20,5")\n-circle(10,20,2")\n', format="ds9")
print("read:", included(found))
print("contains its centre:", [bool(one.contains(centre, wcs)) for one in found])
print("mask pixels of the excluded:", int(found[1].to_pixel(wcs).to_mask().data.sum()))
saved = found.serialize(format="ds9")
print("saved and read again:", included(Regions.parse(saved, format="ds9")))
found.serialize(format="crtf")
saved = found.serialize(format="ds9")
print("after a CRTF was made of them:", included(Regions.parse(saved, format="ds9")))
(circle,) = Regions.parse("#CRTFv0\ncircle[[10deg, 20deg], 5arcsec]\n", format="crtf")
print(f"CRTF without coord: {type(circle).__name__} at {circle.center.x:g}, {circle.center.y:g}")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    panda = 'icrs\ncircle(10,20,5")\npanda(10,20,0,90,2,1",2",2)\n'
    print("with a panda:", len(Regions.parse(panda, format="ds9")), "of 2 regions")
try:
    Regions.parse('icrs\nellipse(10,20,1",2",30) || circle(10,20,3")\n', format="ds9")
except KeyError:
    print("composite: KeyError")
PY
venv/bin/python signs.py | tee seen
grep -qx "read: \[1, 0\]" seen
grep -qx "contains its centre: \[True, True\]" seen
grep -qx "mask pixels of the excluded: 1257" seen
grep -qx "saved and read again: \[1, 0\]" seen
grep -qx "after a CRTF was made of them: \[1, 1\]" seen
grep -qx "CRTF without coord: CirclePixelRegion at 10, 20" seen
grep -qx "with a panda: 1 of 2 regions" seen
grep -qx "composite: KeyError" seen
