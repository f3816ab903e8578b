#!/usr/bin/env bash
# drizzlepac 3.11.0, AstroDrizzle on WFPC2 exposures in one file (flt):
# - the flags of a chip are looked for in DQ,n where n is the position of its SCI extension in the file. In files as
#   ACS and WFC3 have them (SCI, ERR, DQ of one chip, then of the next) there is no DQ,4: the second chip ends in
#   "ValueError: Empty filename: None", and only an earlier line of the log names the file. With all SCI extensions
#   first, as DrizzlePac's own wfpc2_to_flt writes them, the same arrays are drizzled;
# - pixels without BUNIT, as in the archive's c0f, are taken for rates although WFPC2's are counts: the product is
#   larger by EXPTIME than that of the same pixels with BUNIT = COUNTS. The headers of both products say "counts",
#   though final_units is cps and the second holds counts a second.
# The frame is a real one, from the source archive of stwcs 1.7.7, its pixels replaced by a constant.
#
# Seen: "chip by chip: ValueError: Empty filename: None", "arrays of a kind together: drizzled",
# "without BUNIT over with it: 10.0 (EXPTIME 10); BUNIT of the products: counts, counts".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet drizzlepac==3.11.0 stwcs==1.7.7 stsci.tools==4.3.1 numpy==2.4.6 astropy==8.0.2
venv/bin/pip download --quiet --no-deps --no-binary stwcs stwcs==1.7.7
tar xzf stwcs-1.7.7.tar.gz --strip-components=4 --wildcards 'stwcs-1.7.7/stwcs/tests/data/*'

cat > drizzle.py <<'PY'
import os
import sys

import numpy as np
from astropy.io import fits
from drizzlepac.astrodrizzle import AstroDrizzle
from stsci.tools.convertwaiveredfits import convertwaiveredfits

COUNTS, SECONDS = 70.0, 10.0
os.environ["uref"] = os.getcwd() + "/"
pixels, flags = (convertwaiveredfits(f"u40x010hm_{kind}.fits") for kind in ("c0f", "c1f"))


def write(name, order, unit=None):
    primary = pixels[0].copy()
    primary.header.update(FILENAME=name, DGEOFILE="N/A", EXPTIME=SECONDS)
    out = fits.HDUList([primary])
    for kind, chip in order:
        data = {
            "SCI": np.full((800, 800), COUNTS, "f4"),
            "ERR": np.ones((800, 800), "f4"),
            "DQ": flags["SDQ", chip].data.astype("i2"),
        }[kind]
        out.append(fits.ImageHDU(data, pixels["SCI", chip].header, name=kind, ver=chip))
        if unit:
            out[-1].header["BUNIT"] = unit
    out.writeto(name)


def drizzled(name):
    try:
        AstroDrizzle(
            name, output=name[:4], static=False, skysub=False, driz_separate=False, median=False, blot=False,
            driz_cr=False, final_bits=1024, final_wcs=True, final_scale=0.3, final_kernel="point", final_units="cps", build=True,
        )
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "drizzled"


KINDS, CHIPS = ("SCI", "ERR", "DQ"), (1, 2, 3, 4)
write("apart_flt.fits", [(kind, chip) for chip in CHIPS for kind in KINDS])
write("kinds_flt.fits", [(kind, chip) for kind in KINDS for chip in CHIPS])
print("chip by chip:", drizzled("apart_flt.fits"), file=sys.stderr)
print("arrays of a kind together:", drizzled("kinds_flt.fits"), file=sys.stderr)
write("unit_flt.fits", [(kind, chip) for kind in KINDS for chip in CHIPS], "COUNTS")
drizzled("unit_flt.fits")
medians, units = [], []
for name in ("kind_drw.fits", "unit_drw.fits"):
    with fits.open(name) as product:
        medians.append(np.median(product["SCI"].data[product["WHT"].data > 0]))
        units.append(product["SCI"].header["BUNIT"])
ratio = medians[0] / medians[1]
told = f"without BUNIT over with it: {ratio:.1f} (EXPTIME {SECONDS:.0f}); BUNIT of the products: "
print(told + ", ".join(units), file=sys.stderr)
PY
venv/bin/python -W ignore drizzle.py 2>&1 >log | grep -aE "^(chip by chip|arrays of|without BUNIT)" | tee seen
diff seen - <<'SEEN'
chip by chip: ValueError: Empty filename: None
arrays of a kind together: drizzled
without BUNIT over with it: 10.0 (EXPTIME 10); BUNIT of the products: counts, counts
SEEN
