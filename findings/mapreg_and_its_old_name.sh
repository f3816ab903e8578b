#!/usr/bin/env bash
# MapReg of drizzlepac 3.11.0 maps ds9 regions of the sky onto the pixels of exposures, which is what TweakReg takes as
# `exclusions`. It needs stregion, which is installed with it, and once more the package that stregion was made from,
# by its old name and at a place that this no longer has: ModuleNotFoundError for every region file, and ImportError
# where pyregion 2.3.0 is installed by hand.
#
# Seen: "as installed: ModuleNotFoundError pyregion", "with pyregion 2.3.0: ImportError image_like_coordformats".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet drizzlepac==3.11.0 stregion==1.1.12 numpy==2.4.6 astropy==8.0.2

cat > mapped.py <<'PY'
import os
import sysconfig

from astropy.io import fits

os.environ["ASTROMETRY_STEP_CONTROL"] = "OFF"
from drizzlepac import mapreg

SAMPLE = sysconfig.get_paths()["purelib"] + "/tests/hap/sample_svm_flt.fits"
head = fits.getheader(SAMPLE, "SCI", 1)
with open("a.reg", "w") as regions:
    regions.write(f'# Region file format: DS9\nfk5\ncircle({head["CRVAL1"]},{head["CRVAL2"]},2")\n')
os.makedirs("out", exist_ok=True)
try:
    mapreg.MapReg("a.reg", SAMPLE, outpath="out")
    print("seen: no error")
except ImportError as error:
    word = "image_like_coordformats" if "image_like_coordformats" in str(error) else error.name
    print("seen:", type(error).__name__, word)
PY
venv/bin/python mapped.py 2>/dev/null | grep "^seen: " | tee seen
venv/bin/pip install --quiet pyregion==2.3.0
venv/bin/python mapped.py 2>/dev/null | grep "^seen: " | tee -a seen
diff seen - <<'SEEN'
seen: ModuleNotFoundError pyregion
seen: ImportError image_like_coordformats
SEEN
