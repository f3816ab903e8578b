#!/usr/bin/env bash
# drizzlepac 3.11.0, wfpc2Data.wfpc2_to_flt, which puts the c0m and c1m files of a WFPC2 exposure into one:
# - ERR is the root of the pixel's counts: gain and read noise are left out, and where noise has made a pixel negative
#   it is NaN, in more than a quarter of a faint sky (0.5 counts, read noise of 0.8). A pixel of 0.01 counts has an error
#   of 0.1, though all pixels of the sky scatter by 0.8. Weights made of ERR follow that, and cannot be made of NaN;
# - DETECTOR of the primary header is PC, whichever chips the file holds.
#
# Seen: "scatter of the sky 0.83, errors of its pixels: NaN in 27 %, below 0.4 in 7 %", "DETECTOR of chips 2 to 4: PC".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet drizzlepac==3.11.0 numpy==2.4.6 astropy==8.0.2

cat > errors.py <<'PY'
import numpy as np
from astropy.io import fits
from drizzlepac.wfpc2Data import wfpc2_to_flt

GAIN, READ_NOISE_E, SKY = 7.0, 5.5, 0.5  # WFPC2 Instrument Handbook, ATODGAIN 7
rng = np.random.default_rng(1)


def write(name, made):
    primary = fits.PrimaryHDU()
    primary.header.update(FILENAME=name, INSTRUME="WFPC2", ATODGAIN=7.0)
    hdus = [fits.ImageHDU(made(), name="SCI", ver=version) for version in (1, 2, 3)]
    for hdu, chip in zip(hdus, (2, 3, 4)):
        hdu.header["DETECTOR"] = chip
    fits.HDUList([primary, *hdus]).writeto(name)


def sky():
    electrons = rng.poisson(SKY * GAIN, (800, 800)) + rng.normal(0, READ_NOISE_E, (800, 800))
    return (electrons / GAIN).astype("f4")


write("u0000001m_c0m.fits", sky)
write("u0000001m_c1m.fits", lambda: np.zeros((800, 800), "i2"))
with fits.open(wfpc2_to_flt("u0000001m_c0m.fits")) as hdus:
    pixels, errors = hdus["SCI", 1].data, hdus["ERR", 1].data
    nan, small = np.isnan(errors).mean(), (errors < 0.4).mean()
    print(f"scatter of the sky {pixels.std():.2f}, errors of its pixels: NaN in {nan:.0%}, below 0.4 in {small:.0%}")
    print("DETECTOR of chips 2 to 4:", hdus[0].header["DETECTOR"])
PY
venv/bin/python -W ignore errors.py 2>/dev/null | grep -E "^(scatter|DETECTOR)" | sed 's/%/ %/g' | tee seen
diff seen - <<'SEEN'
scatter of the sky 0.83, errors of its pixels: NaN in 27 %, below 0.4 in 7 %
DETECTOR of chips 2 to 4: PC
SEEN
