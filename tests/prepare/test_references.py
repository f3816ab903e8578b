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
