import pytest
from astropy.io import fits

from hstdriz_study.errors import ReferenceFileError
from hstdriz_study.prepare.references import reference_environment, reference_files


@pytest.fixture
def exposure(tmp_path):
    path = tmp_path / "j00000001_flc.fits"
    hdu = fits.PrimaryHDU()
    hdu.header.update(IDCTAB="jref$some_idc.fits", NPOLFILE="N/A", D2IMFILE="")
    hdu.writeto(path)
    return path


def test_files_are_found_in_the_given_directory(tmp_path, exposure):
    (tmp_path / "some_idc.fits").touch()
    assert reference_files([exposure], {"jref": tmp_path}) == [tmp_path / "some_idc.fits"]


def test_files_are_found_through_the_environment(tmp_path, exposure, monkeypatch):
    (tmp_path / "some_idc.fits").touch()
    monkeypatch.setenv("jref", f"{tmp_path}/")
    assert reference_files([exposure], {}) == [tmp_path / "some_idc.fits"]


def test_unset_variable_names_file_variable_and_key(exposure, monkeypatch):
    monkeypatch.delenv("jref", raising=False)
    with pytest.raises(ReferenceFileError) as caught:
        reference_files([exposure], {})
    for word in (
        "j00000001_flc.fits",
        "IDCTAB=jref$some_idc.fits",
        "jref is not set",
        "filter.jref",
    ):
        assert word in str(caught.value)


def test_missing_file_names_file_variable_and_directory(tmp_path, exposure):
    with pytest.raises(ReferenceFileError) as caught:
        reference_files([exposure], {"jref": tmp_path})
    for word in ("some_idc.fits", f"jref={tmp_path}"):
        assert word in str(caught.value)


def test_directories_get_the_trailing_slash_that_drizzlepac_needs(tmp_path):
    assert reference_environment({"iref": tmp_path}) == {"iref": f"{tmp_path}/"}


def test_a_table_of_another_detector_is_refused(tmp_path, exposure):
    for keyword, value in {"INSTRUME": "ACS", "DETECTOR": "HRC"}.items():
        fits.setval(exposure, keyword, value=value)
    table = fits.PrimaryHDU()
    table.header.update(INSTRUME="ACS", DETECTOR="WFC")
    table.writeto(tmp_path / "some_idc.fits")
    with pytest.raises(ReferenceFileError) as caught:
        reference_files([exposure], {"jref": tmp_path})
    assert str(caught.value).startswith(
        "j00000001_flc.fits: IDCTAB=some_idc.fits is of DETECTOR WFC, not HRC; stwcs would give"
    )


@pytest.mark.parametrize("detector", ["HRC", "ANY", ""])
def test_a_table_that_is_of_the_detector_or_does_not_say_passes(tmp_path, exposure, detector):
    fits.setval(exposure, "DETECTOR", value="HRC")
    table = fits.PrimaryHDU()
    table.header["DETECTOR"] = detector
    table.writeto(tmp_path / "some_idc.fits")
    assert reference_files([exposure], {"jref": tmp_path}) == [tmp_path / "some_idc.fits"]
