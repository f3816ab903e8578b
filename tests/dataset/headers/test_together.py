import pytest
from astropy.io import fits

from hstdriz_study.errors import DatasetError
from tests.dataset.exposure_files import write_exposure

NAMES = ("j8xi00o1q_flc.fits", "j8xi00o2q_flc.fits", "j8xi00o3q_flc.fits")


def write_three(directory, odd=None, chip=None, name=NAMES[2]):
    """Write three exposures, the last of them with other keywords."""
    for sound in NAMES[:2]:
        write_exposure(directory / sound)
    return write_exposure(directory / name, chip=chip or {}, **(odd or {}))


def refusal(warned, directory, **settings):
    with pytest.raises(DatasetError) as refused:
        warned(directory, **settings)
    return str(refused.value)


def test_another_sensitivity_stops_the_study_and_names_photeq(tmp_path, warned):
    write_three(tmp_path, chip={"PHOTFLAM": 7.7e-20})
    sentence = refusal(warned, tmp_path)
    assert "PHOTFLAM of chip 2 differs by 10 %" in sentence
    assert f"7e-20 in {NAMES[0]}, {NAMES[1]} and 7.7e-20 in {NAMES[2]}" in sentence
    assert "photeq" in sentence
    assert sentence.endswith("checks.accept=[photometry]")
    assert len(warned(tmp_path, accept=["photometry"])) == 1


def test_sensitivities_that_differ_below_a_hundredth_are_one(tmp_path, warned):
    write_three(tmp_path, chip={"PHOTFLAM": 7.06e-20})
    assert warned(tmp_path) == ()


def test_binned_frames_of_acs_are_refused_where_their_wcs_is_made_anew(tmp_path, warned):
    write_three(tmp_path, chip={"BINAXIS1": 2, "BINAXIS2": 2})
    sentence = refusal(warned, tmp_path)
    assert f"is above 1 in {NAMES[2]}; updatewcs puts binned frames" in sentence
    assert "prepare.wcs=active" in sentence
    assert not warned(tmp_path, wcs="active")


def test_the_two_chips_of_a_camera_may_differ(tmp_path, warned):
    for name in NAMES:
        path = write_exposure(tmp_path / name)
        fits.setval(path, "PHOTFLAM", value=8e-20, extname="SCI", extver=2)
        for key in ("CD1_1", "CD2_2"):
            scale = 0.0488 / 3600 * (-1 if key == "CD1_1" else 1)
            fits.setval(path, key, value=scale, extname="SCI", extver=2)
    assert warned(tmp_path) == ()


def test_a_zero_point_that_only_some_have_is_named(tmp_path, warned):
    path = write_three(tmp_path)
    for version in (1, 2):
        fits.delval(path, "PHOTFLAM", extname="SCI", extver=version)
    assert f"PHOTFLAM is missing or 0 in {NAMES[2]} and there in the others" in refusal(
        warned, tmp_path
    )


def test_a_zero_point_in_the_primary_header_counts(tmp_path, warned):
    path = write_three(tmp_path, odd={"PHOTFLAM": 7e-20})
    for version in (1, 2):
        fits.delval(path, "PHOTFLAM", extname="SCI", extver=version)
    assert warned(tmp_path) == ()


def test_other_units_stop_the_study(tmp_path, warned):
    write_three(tmp_path, chip={"BUNIT": "ELECTRONS/S"})
    sentence = refusal(warned, tmp_path)
    assert f"ELECTRONS in {NAMES[0]}, {NAMES[1]} and ELECTRONS/S in {NAMES[2]}" in sentence
    assert sentence.endswith("checks.accept=[units]")


def test_units_that_no_header_gives_stop_the_study(tmp_path, warned):
    for name in NAMES:
        write_exposure(tmp_path / name, chip={"BUNIT": ""})
    assert "BUNIT is missing in all exposures" in refusal(warned, tmp_path)


def test_exposures_without_the_transfer_correction_of_others_are_told(tmp_path, warned):
    write_three(tmp_path, odd={"PCTECORR": "OMIT"}, name="j8xi00o3q_flt.fits")
    (told,) = warned(tmp_path)
    assert told.startswith("j8xi00o3q_flt.fits: not corrected for losses in charge transfer")


def test_several_wcs_solutions_stop_a_study_that_would_use_them(tmp_path, warned):
    write_three(tmp_path, chip={"WCSNAME": "IDC_x-FIT_REL_GAIAeDR3"})
    sentence = refusal(warned, tmp_path, wcs="active")
    assert f"OPUS in {NAMES[0]}, {NAMES[1]} and IDC_x-FIT_REL_GAIAeDR3 in {NAMES[2]}" in sentence
    assert sentence.endswith("checks.accept=[wcs]")
    (told,) = warned(tmp_path, wcs="updatewcs")
    assert told.endswith("prepare.wcs=updatewcs makes all of them anew")


def test_mixed_pixel_scales_of_one_chip_are_refused(tmp_path, warned):
    write_three(tmp_path)
    write_exposure(tmp_path / "j8xi00o4q_flc.fits", scale=0.1)
    assert "mixed pixel scales" in refusal(warned, tmp_path, accept=["photometry"])


def test_binned_exposures_are_refused_with_the_key_that_takes_them(tmp_path, warned):
    for name in NAMES:
        write_exposure(tmp_path / name, scale=0.1, chip={"BINAXIS1": 2, "BINAXIS2": 2})
    sentence = refusal(warned, tmp_path)
    assert "0.1000 arcsec in" in sentence
    assert "BINAXIS 2 x 2" in sentence
    assert "set filter.native_scale_arcsec=0.1," in sentence


def test_a_ramp_filter_at_two_wavelengths_is_refused(tmp_path, warned):
    write_three(tmp_path, odd={"LRFWAVE": 7837.0})
    for name in NAMES[:2]:
        fits.setval(tmp_path / name, "LRFWAVE", value=7674.0)
    sentence = refusal(warned, tmp_path)
    assert f"LRFWAVE 7674 Angstrom in {NAMES[0]}, {NAMES[1]} and 7837 Angstrom" in sentence
    assert sentence.endswith(f"dataset.exclude=[{NAMES[2]}]")


def test_no_distortion_table_is_refused_where_the_wcs_is_made_anew(tmp_path, warned):
    write_three(tmp_path, odd={"IDCTAB": "N/A"})
    assert f"IDCTAB is N/A in {NAMES[2]}" in refusal(warned, tmp_path)
    assert warned(tmp_path, wcs="active") == ()


def test_an_exclude_that_names_no_exposure_is_told(tmp_path, warned):
    write_three(tmp_path)
    (told,) = warned(tmp_path, "j8xi00o9q")
    assert told.startswith("dataset.exclude: j8xi00o9q is the name of no exposure")
