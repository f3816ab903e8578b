"""Files that no filter would take, because a keyword of theirs is misspelt."""

import pytest
from astropy.io import fits

from hstdriz_study.errors import DatasetError


@pytest.mark.parametrize(
    ("cards", "told"),
    [
        ({"DETECTOR": "WFCC"}, "DETECTOR is WFCC, which may be WFC, HRC, SBC"),
        ({"INSTRUME": "AC S"}, "INSTRUME is AC S, which may be ACS, WFC3, WFPC2, STIS, COS"),
        ({"INSTRUME": "WFC3"}, "DETECTOR is WFC, which may be UVIS, IR"),
        ({"FILTER2": "F8I4W"}, "the filter is F8I4W, which may be one of ACS"),
    ],
)
def test_a_misspelt_file_is_named_and_not_left_out(two_exposures, warned, tmp_path, cards, told):
    _, second = two_exposures()
    for name, value in cards.items():
        fits.setval(second, name, value=value)
    with pytest.raises(DatasetError) as refused:
        warned(tmp_path)
    assert str(refused.value).startswith(f"{second}: {told}")
    assert f"dataset.exclude=[{second.name}]" in str(refused.value)


@pytest.mark.parametrize(
    "cards",
    [
        {"INSTRUME": "WFC3", "DETECTOR": "IR", "FILTER": "F160W"},
        {"INSTRUME": "WFC3", "DETECTOR": "UVIS", "FILTER": "FQ575N"},
        {"INSTRUME": "STIS", "DETECTOR": "CCD", "FILTER": "Clear"},
        {"FILTER1": "F606W", "FILTER2": "POL0V"},
        {"FILTER1": "CLEAR1L", "FILTER2": "FR782N"},
        {"DETECTOR": "SBC", "FILTER1": "F150LP", "FILTER2": "N/A"},
    ],
)
def test_other_instruments_and_filters_beside_are_left_out_as_they_were(
    two_exposures, warned, write_exposure, tmp_path, cards
):
    two_exposures()
    write_exposure(tmp_path / "j8xi00o9q_flt.fits", **cards)
    assert warned(tmp_path) == ()


@pytest.mark.parametrize("name", ["FILTER1", "FILTER2"])
def test_an_exposure_without_its_filter_is_named(two_exposures, warned, tmp_path, name):
    _, second = two_exposures()
    fits.delval(second, name)
    told = f"{second}: primary header: neither FILTER nor FILTER1 and FILTER2 are there"
    with pytest.raises(DatasetError) as refused:
        warned(tmp_path)
    assert str(refused.value).startswith(told)
