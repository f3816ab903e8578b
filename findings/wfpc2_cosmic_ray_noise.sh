#!/usr/bin/env bash
# drizzlepac 3.11.0, drizCR._driz_cr, which flags cosmic rays: for WFPC2 it has image and model in electrons
# (both are multiplied by _conversionFactor, the gain) and takes them for the converter's numbers in the noise, which is
# sqrt(gain x electrons + read noise squared) / gain: too small by the root of the gain for photons and by the gain for
# read noise. Other cameras have _effGain 1. Of a sky of 35 electrons without a cosmic ray, held against its true
# level with the thresholds of STScI's Hubble Advanced Products, a third is flagged, with ATODGAIN 15 more than half.
#
# Seen: "ATODGAIN 7: flagged 37.6 %, with _effGain 1 0.1 %", "ATODGAIN 15: flagged 61.1 %, with _effGain 1 0.1 %".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet drizzlepac==3.11.0 numpy==2.4.6 astropy==8.0.2

cat > flags.py <<'PY'
from types import SimpleNamespace

import numpy as np
from drizzlepac.drizCR import _driz_cr
from drizzlepac.wfpc2Data import WFPC2_GAINS

SKY_E, SIDE = 35.0, 800
OPTIONS = {
    "driz_cr_snr": "3.5 3.0", "driz_cr_scale": "1.5 1.2", "driz_cr_grow": 1, "driz_cr_ctegrow": 0,
    "crbit": 4096, "driz_cr_corr": False, "inmemory": True,
}


class Exposure:
    """One chip without a cosmic ray and its perfect model, as imageObject has them."""

    _numchips, scienceExt, inmemory = 1, "SCI", True

    def __init__(self, effective_gain, factor, read_noise_e):
        rng = np.random.default_rng(1)
        electrons = rng.poisson(SKY_E, (SIDE, SIDE)) + rng.normal(0, read_noise_e, (SIDE, SIDE))
        self.pixels = electrons / factor
        blot = SimpleNamespace(data=np.full((SIDE, SIDE), SKY_E / factor))
        self.virtualOutputs = {"blot": [blot]}
        self.outputNames = {}
        self.chip = SimpleNamespace(
            group_member=True, outputNames={"blotImage": "blot", "crmaskImage": "mask"},
            _effGain=effective_gain, _conversionFactor=factor, _rdnoise=read_noise_e,
            subtractedSky=0.0, cte_dir=-1,
        )

    def __getitem__(self, _):
        return self.chip

    def getData(self, _):
        return self.pixels.copy()

    def buildMask(self, *_):
        return np.ones((SIDE, SIDE), bool)

    def saveVirtualOutputs(self, made):
        self.flagged = 1 - np.mean(made["mask"][0].data)


def flagged(*values):
    exposure = Exposure(*values)
    _driz_cr(exposure, None, OPTIONS)
    return f"{100 * exposure.flagged:.1f} %"


for step in (7, 15):
    gain, noise = WFPC2_GAINS[2][step]
    # as WFPC2InputImage.doUnitConversions sets them, and as other cameras have them in electrons
    print(f"ATODGAIN {step}: flagged {flagged(gain, gain, noise)}, with _effGain 1 {flagged(1.0, gain, noise)}")
PY
venv/bin/python -W ignore flags.py 2>/dev/null | grep "^ATODGAIN" | tee seen
diff seen - <<'SEEN'
ATODGAIN 7: flagged 37.6 %, with _effGain 1 0.1 %
ATODGAIN 15: flagged 61.1 %, with _effGain 1 0.1 %
SEEN
