"""Exposures whose WCS solutions are not one: told by file before any work."""

from __future__ import annotations

import pytest
from astropy.io import fits

from hstdriz_study.errors import DatasetError
from tests.dataset.exposure_files import write_exposure

NAMES = ["j8xi00o1q_flc.fits", "j8xi00o2q_flc.fits", "j8xi00o3q_flc.fits"]
FIT = "IDC_qbu1641sj-FIT_REL_GAIAeDR3"


@pytest.fixture
def mixed(tmp_path):
    """Write two exposures with a fit in use and one with it nowhere."""
    for name in NAMES[:2]:
        write_exposure(tmp_path / name, chip={"WCSNAME": FIT, "WCSNAMEO": "OPUS"})
    write_exposure(tmp_path / NAMES[2], chip={"WCSNAME": "IDC_qbu1641sj"})
    return tmp_path


def refusal(warned, directory, **how) -> str:
    with pytest.raises(DatasetError) as refused:
        warned(directory, **how)
    return str(refused.value)


def test_a_name_that_some_files_lack_stops_the_study_with_what_they_have(mixed, warned):
    sentence = refusal(warned, mixed, wcs=FIT)
    assert f"prepare.wcs={FIT} is no WCS solution of {NAMES[2]}" in sentence
    assert f"({NAMES[2]} has IDC_qbu1641sj)" in sentence
    assert f"dataset.exclude=[{NAMES[2]}]" in sentence
    assert sentence.endswith("checks.accept=[wcs]")


def test_it_passes_when_it_is_accepted_and_says_so(mixed, warned):
    (told,) = warned(mixed, wcs=FIT, accept=["wcs"])
    assert "which would keep the one in use" in told
    assert told.endswith("(accepted: wcs)")


def test_a_name_that_all_have_is_told_of_nothing(mixed, warned):
    assert not [told for told in warned(mixed, NAMES[2], wcs=FIT) if "WCS" in told]


@pytest.mark.parametrize("name", ["IDC_other", "OPUS"])
def test_a_name_that_none_has_whole_is_refused_whatever_is_accepted(mixed, warned, name):
    """OPUS is an alternate there, beside another distortion."""
    sentence = refusal(warned, mixed, wcs=name, accept=["wcs"])
    assert f"prepare.wcs={name} is the name of no WCS solution" in sentence
    assert f"name one of {FIT}, IDC_qbu1641sj, or set" in sentence


def test_of_solutions_without_a_name_none_is_offered(mixed, warned):
    for name in NAMES:
        with fits.open(mixed / name, mode="update") as hdus:
            for hdu in hdus:
                for key in list(hdu.header["WCSNAME*"]):
                    del hdu.header[key]
    assert "none of theirs has a name; set prepare.wcs=" in refusal(warned, mixed, wcs="mine")


def test_mixed_solutions_in_use_are_named_by_file(mixed, warned):
    sentence = refusal(warned, mixed, wcs="active")
    assert f"{FIT} in {NAMES[0]}, {NAMES[1]} and IDC_qbu1641sj in {NAMES[2]}" in sentence
    told = warned(mixed, wcs="updatewcs")
    assert any("makes all of them anew" in one for one in told)
