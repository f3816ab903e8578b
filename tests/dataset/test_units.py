"""What AstroDrizzle takes the units of an exposure for, by BUNIT and detector."""

import pytest

from hstdriz_study.dataset import load_exposures, read_exposure
from hstdriz_study.dataset.units import in_units
from hstdriz_study.errors import DatasetError
from hstdriz_study.study.config import dataset_settings
from tests.dataset.exposure_files import write_exposure


@pytest.mark.parametrize(
    ("bunit", "detector", "expected"),
    [
        ("ELECTRONS", "HRC", "counts"),
        ("ELECTRONS/S", "HRC", "cps"),
        (None, "HRC", "cps"),
        ("COUNTS", "SBC", "counts"),
        ("counts/s", "sbc", "cps"),
        ("COUNTS", "HRC", None),
        ("COUNTS", None, None),
    ],
)
def test_counts_are_photons_where_photons_are_counted(bunit, detector, expected):
    assert in_units(bunit, detector) == expected


def test_the_wheel_that_sbc_lacks_is_no_filter(tmp_path):
    path = write_exposure(
        tmp_path / "j9bt06nyq_flt.fits", DETECTOR="SBC", FILTER1="F150LP", FILTER2="N/A"
    )
    assert read_exposure(path).filter == "F150LP"


@pytest.fixture
def both(tmp_path):
    """A directory with two exposures of ACS/HRC and two of ACS/SBC."""
    for number, (detector, wheels) in enumerate(
        [("HRC", ("F606W", "CLEAR2S"))] * 2 + [("SBC", ("F150LP", "N/A"))] * 2
    ):
        write_exposure(
            tmp_path / f"j9bt0{number}nyq_flt.fits", DETECTOR=detector, scale=0.03,
            FILTER1=wheels[0], FILTER2=wheels[1],
        )  # fmt: skip
    return tmp_path


@pytest.mark.parametrize(("name", "numbers"), [("hrc_f606w", (0, 1)), ("sbc_f150lp", (2, 3))])
def test_hrc_and_sbc_of_one_directory_are_never_combined(both, compose_config, name, numbers):
    config = compose_config(f"filter={name}", f"dataset.path={both}")
    found = load_exposures(dataset_settings(config)).exposures
    assert [one.path.name for one in found] == [f"j9bt0{number}nyq_flt.fits" for number in numbers]


def test_a_missing_bunit_stops_a_study_for_it_would_be_taken_for_a_rate(tmp_path, compose_config):
    for number in (1, 2):
        write_exposure(
            tmp_path / f"j9bt0{number}nyq_flt.fits", DETECTOR="HRC", scale=0.03, FILTER1="F606W",
            FILTER2="CLEAR2S", chip={"BUNIT": ""},
        )  # fmt: skip
    config = compose_config("filter=hrc_f606w", f"dataset.path={tmp_path}")
    with pytest.raises(DatasetError, match="BUNIT is missing in all exposures"):
        load_exposures(dataset_settings(config))
