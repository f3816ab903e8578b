"""What cannot be gathered, and chips that are not there, is one sentence each."""

from __future__ import annotations

import numpy as np
import pytest

from hstdriz_study.errors import DatasetError
from tests.dataset.wfpc2.files import edited, retyped, write_c0m

C0M, C1M = "u40x0101m_c0m.fits", "u40x0101m_c1m.fits"
BROKEN = {
    "chips of the other camera": (
        lambda visit: write_c0m(visit, "u40x0109m", chips=(1,)),
        "u40x0109m_c0m.fits: holds none of the chips 2, 3, 4",
    ),
    "flags of three chips": (
        lambda visit: write_c0m(visit, "u40x0109m", flags_of=(1, 2, 4)),
        "u40x0109m_c1m.fits: has no flags of chip 3 of the size of its pixels",
    ),
    "one exposure of two chips": (
        lambda visit: write_c0m(visit, "u40x0109m", chips=(1, 2, 4)),
        "u40x0109m_c0m.fits holds chips 2, 4 alone, others 2, 3, 4",
    ),
    "gain": (lambda visit: edited(visit / C0M, 0, ATODGAIN=3.0), "ATODGAIN is 3.0, not 7 or 15"),
    "no gain": (lambda visit: edited(visit / C0M, 0, ATODGAIN=None), "ATODGAIN is not there"),
    "no date": (
        lambda visit: edited(visit / C0M, 0, **{"DATE-OBS": None}), "DATE-OBS is not there",
    ),
    "no filter": (lambda visit: edited(visit / C0M, 0, FILTNAM1=None), "FILTNAM1 is not there"),
    "chip 5": (
        lambda visit: edited(visit / C0M, 2, DETECTOR=5),
        "SCI,2: DETECTOR is 5, no chip from 1 to 4",
    ),
    "half a chip": (
        lambda visit: edited(visit / C0M, 2, DETECTOR=2.5),
        "SCI,2: DETECTOR is 2.5, no chip from 1 to 4",
    ),
    "no chip": (
        lambda visit: edited(visit / C0M, 2, DETECTOR=None),
        "SCI,2: DETECTOR is missing, no chip from 1 to 4",
    ),
    "a chip twice": (
        lambda visit: edited(visit / C0M, 2, DETECTOR=3), "holds chip 3 2 times, by DETECTOR",
    ),
    "no place": (
        lambda visit: edited(visit / C0M, 2, CRVAL1=None),
        "u40x0101m_c0m.fits: SCI,2: CRVAL1 is not there",
    ),
    "flags of another exposure": (
        lambda visit: edited(visit / C1M, 0, ROOTNAME="u40x0199m"),
        "u40x0101m_c1m.fits: ROOTNAME is u40x0199m",
    ),
    "flags that are pixels": (
        lambda visit: retyped(visit / C1M, np.float32),
        "u40x0101m_c1m.fits: holds no flags of chip 2: they are no whole numbers",
    ),
}  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN)
def test_what_cannot_be_gathered_is_one_sentence(loaded, visit, broken):
    change, why = BROKEN[broken]
    change(visit)
    with pytest.raises(DatasetError) as refused:
        loaded(visit, "wf_f555w")
    told = str(refused.value)
    assert why in told
    assert "drop it with dataset.exclude=[u40x010" in told
    assert "cache" not in told
    assert len(told.splitlines()) == 1


def test_a_chip_that_all_lack_is_told(loaded, tmp_path):
    for root in ("u40x0101m", "u40x0102m"):
        write_c0m(tmp_path, root, chips=(1, 2, 4))
    (told,) = [one for one in loaded(tmp_path, "wf_f555w").findings if "chips" in one.told]
    assert told.told.startswith("the exposures hold chips 2, 4 alone of the 3 of WF")
    assert not told.stops
