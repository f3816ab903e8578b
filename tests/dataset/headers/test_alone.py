import pytest
from astropy.io import fits

from hstdriz_study.errors import DatasetError
from tests.dataset.exposure_files import write_exposure

NAMES = ("j8xi00o1q_flc.fits", "j8xi00o2q_flc.fits", "j8xi00o3q_flc.fits")


@pytest.fixture
def three(tmp_path):
    return [write_exposure(tmp_path / name) for name in NAMES]


@pytest.mark.usefixtures("three")
def test_sound_exposures_are_taken_without_a_word(warned, tmp_path):
    assert warned(tmp_path) == ()


@pytest.mark.parametrize(
    ("keyword", "value", "kind"),
    [
        ("QUALITY", "GSFAIL; TDF-DOWN AT EXP START", "quality"),
        ("QUALITY", "LOCKLOST", "quality"),
        ("EXPFLAG", "INDETERMINATE", "interrupted"),
        ("IMAGETYP", "DARK", "not_imaging"),
        ("OBSTYPE", "SPECTROSCOPIC", "not_imaging"),
    ],
)
def test_a_header_that_says_so_stops_the_study_until_it_is_accepted(  # noqa: PLR0917
    three, warned, tmp_path, keyword, value, kind
):
    fits.setval(three[1], keyword, value=value)
    with pytest.raises(DatasetError) as refused:
        warned(tmp_path)
    sentence = str(refused.value)
    assert f"{NAMES[1]}: {keyword} is {value}" in sentence
    assert f"dataset.exclude=[{NAMES[1]}]" in sentence
    assert sentence.endswith(f"checks.accept=[{kind}]")
    assert NAMES[0] not in sentence
    (told,) = warned(tmp_path, accept=[kind])
    assert told.endswith(f"(accepted: {kind})")
    assert warned(tmp_path, NAMES[1]) == ()


@pytest.mark.parametrize(
    ("keyword", "value"),
    [("QUALITY", "OK"), ("QUALITY", ""), ("EXPFLAG", "NORMAL"), ("MTFLAG", ""), ("MTFLAG", "F")],
)
def test_what_is_usual_is_no_fault(three, warned, tmp_path, keyword, value):
    fits.setval(three[1], keyword, value=value)
    assert warned(tmp_path) == ()


def test_an_interrupted_exposure_is_told_and_taken(three, warned, tmp_path):
    fits.setval(three[1], "EXPFLAG", value="INTERRUPTED")
    (told,) = warned(tmp_path)
    assert told.startswith(f"{NAMES[1]}: EXPFLAG is INTERRUPTED")


@pytest.mark.parametrize("value", ["T", True])
def test_a_moving_target_is_refused_whatever_is_accepted(three, warned, tmp_path, value):
    fits.setval(three[0], "MTFLAG", value=value)
    with pytest.raises(DatasetError, match=r"MTFLAG is T, .*cannot be used, leave it out with"):
        warned(tmp_path, accept=["quality", "not_imaging"])


def test_a_chip_without_a_good_pixel_stops_the_study(three, warned, tmp_path):
    fits.setval(three[2], "NGOODPIX", value=0, extname="SCI", extver=2)
    with pytest.raises(
        DatasetError, match=rf"{NAMES[2]}: NGOODPIX of SCI,2 is 0.*accept=\[empty\]"
    ):
        warned(tmp_path)


@pytest.mark.parametrize(
    ("keyword", "value", "where"),
    [
        ("CRVAL1", "east", "SCI,1"),
        ("PHOTFLAM", "faint", "SCI,1"),
        ("CCDCHIP", True, "SCI,1"),
        ("LRFWAVE", "red", "primary header"),
    ],
)
def test_a_value_of_another_type_is_named_with_file_extension_and_keyword(  # noqa: PLR0917
    three, warned, tmp_path, keyword, value, where
):
    place = {} if where == "primary header" else {"extname": "SCI", "extver": 1}
    fits.setval(three[1], keyword, value=value, **place)
    with pytest.raises(DatasetError, match=f"{NAMES[1]}: {where}: {keyword} is .*, not a number"):
        warned(tmp_path)


def in_chips(path, **cards):
    """Set keywords of every SCI extension; None removes one."""
    with fits.open(path, mode="update") as hdus:
        for science in (hdu for hdu in hdus if hdu.name == "SCI"):
            for name, value in cards.items():
                science.header[name] = value
                if value is None:
                    del science.header[name]


@pytest.mark.parametrize(
    ("cards", "told"),
    [
        ({"CD1_1": 0.0, "CD2_2": 0.0}, "CD1_1, CD1_2, CD2_1, CD2_2 are 0, 0, 0, 0, which give"),
        ({"CTYPE1": None}, "CTYPE1 is missing, not RA---TAN or RA---TAN-SIP"),
        ({"CTYPE2": "LINEAR"}, "CTYPE2 is LINEAR, not DEC--TAN or DEC--TAN-SIP"),
        ({"BUNIT": "DN"}, "BUNIT is DN; calibrated flt or flc files are in ELECTRONS"),
        ({"BUNIT": "COUNTS"}, "BUNIT is COUNTS; calibrated"),
    ],
)
def test_what_pixels_are_and_where_they_lie_must_be_known(three, warned, tmp_path, cards, told):
    in_chips(three[1], **cards)
    with pytest.raises(DatasetError) as refused:
        warned(tmp_path)
    assert str(refused.value).startswith(f"{NAMES[1]}: SCI,1: {told}")
    assert str(refused.value).endswith(f"dataset.exclude=[{NAMES[1]}]")
    assert warned(tmp_path, NAMES[1]) == ()


def test_sip_axes_are_as_good_as_plain_ones(three, warned, tmp_path):
    in_chips(three[1], CTYPE1="RA---TAN-SIP", CTYPE2="DEC--TAN-SIP")
    assert warned(tmp_path) == ()


@pytest.mark.parametrize("value", [0.0, -1.0, None])
def test_without_a_zero_point_in_any_exposure_it_is_said_that_there_is_no_depth(
    three, warned, tmp_path, value
):
    for path in three:
        in_chips(path, PHOTFLAM=value)
    (told,) = warned(tmp_path)
    assert told.startswith("PHOTFLAM is missing or 0 in all exposures")
