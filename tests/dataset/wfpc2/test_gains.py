"""Exposures of both gains lie beside each other."""

from __future__ import annotations

import pytest
from astropy.io import fits

from hstdriz_study.errors import DatasetError
from tests.dataset.wfpc2.files import edited, write_c0m

GAINS = {2: (7.12, 14.50), 3: (6.90, 13.95), 4: (7.10, 13.95)}  # DrizzlePac's, of ATODGAIN 7 and 15


def write_gain_15(visit, sensitivity):
    path = write_c0m(visit, "u40x0109m", ATODGAIN=15.0)
    for chip, (low, high) in GAINS.items():
        edited(path, chip, PHOTFLAM=3.48e-18 * sensitivity * high / low)
    return path


def test_each_exposure_is_taken_by_its_own_gain(loaded, visit):
    write_gain_15(visit, sensitivity=1.0)
    found = loaded(visit, "wf_f555w")
    assert found.findings == ()
    for one, gain in ((found.exposures[0], 0), (found.exposures[-1], 1)):
        with fits.open(one.path) as hdus:
            chips = {hdu.header["DETECTOR"]: hdu.header for hdu in hdus if hdu.name == "SCI"}
        assert {chip: header["EPERDN"] for chip, header in chips.items()} == {
            chip: gains[gain] for chip, gains in GAINS.items()
        }
        for chip, header in chips.items():
            assert header["PHOTFLAM"] == pytest.approx(3.48e-18 / GAINS[chip][0])


def test_no_photeq_is_advised_where_gains_differ(loaded, visit):
    write_gain_15(visit, sensitivity=1.02)
    with pytest.raises(DatasetError) as refused:
        loaded(visit, "wf_f555w")
    told = str(refused.value)
    assert "differs by 2 %" in told
    assert "leave one out with dataset.exclude=[u40x0109m_flt.fits]" in told
    assert "photeq" not in told
