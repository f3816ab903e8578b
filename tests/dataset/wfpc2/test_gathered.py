"""Pixels and flags in files of their own become one file of one camera's chips."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.io import fits

from hstdriz_study.dataset import describe_directory
from hstdriz_study.dataset.wfpc2 import source_of
from hstdriz_study.dataset.wfpc2_chips import first_lit
from hstdriz_study.errors import DatasetError
from tests.dataset.exposure_files import STARTS_MJD
from tests.dataset.wfpc2.files import SIDE, retyped


@pytest.mark.parametrize(("name", "chips"), [("wf_f555w", [2, 3, 4]), ("pc_f555w", [1])])
def test_the_chips_of_one_camera_are_taken_with_their_flags(loaded, visit, name, chips):
    before = {path: path.read_bytes() for path in visit.iterdir()}
    first = loaded(visit, name).exposures[0]
    assert first.path.name == "u40x0101m_flt.fits"
    with fits.open(first.path) as hdus:
        names = [hdu.name for hdu in hdus[1:]]
        assert names == [kind for kind in ("SCI", "ERR", "DQ") for _ in chips]
        for version, chip in enumerate(chips, 1):
            science, flags = hdus["SCI", version], hdus["DQ", version].data
            assert (science.data == chip).all()
            assert science.header["BUNIT"] == "COUNTS"
            assert flags[400, 400] == 8 + 256  # saturation, as later cameras have it too
            assert flags[10, 600] == 2
            assert (science.header["LITX"], science.header["LITY"]) == (50 + chip, 40 + chip)
    assert {path: path.read_bytes() for path in visit.iterdir()} == before


def test_errors_are_of_photons_and_read_noise(loaded, visit):
    with fits.open(loaded(visit, "pc_f555w").exposures[0].path) as hdus:
        gain, noise = 7.12, 5.24  # of chip 1, DrizzlePac's table
        assert hdus["ERR", 1].data[500, 500] == pytest.approx(np.hypot(gain**0.5, noise) / gain)


def test_what_was_gathered_knows_its_files(loaded, visit):
    source = source_of(loaded(visit, "wf_f555w").exposures[0].path)
    assert source.pixels == str(visit / "u40x0101m_c0m.fits")
    assert source.flags == str(visit / "u40x0101m_c1m.fits")
    assert source.chips == (2, 3, 4)
    assert source_of(visit / "u40x0101m_c0m.fits") is None


@pytest.mark.parametrize(
    "excluded",
    [
        "u40x0101m",
        "u40x0101m_c0m.fits",
        "u40x0101m_c1m.fits",
        "u40x0101m_flt.fits",
    ],
)
def test_an_exposure_is_left_out_by_any_of_its_names(loaded, visit, excluded):
    found = loaded(visit, "wf_f555w", excluded).exposures
    assert [one.rootname for one in found] == ["u40x0102m", "u40x0103m"]


def test_flags_that_are_not_there_are_missed(loaded, visit):
    (visit / "u40x0102m_c1m.fits").unlink()
    with pytest.raises(DatasetError, match=r"its flags, u40x0102m_c1m.fits, are not beside it"):
        loaded(visit, "wf_f555w")


def test_the_height_of_rows_is_left_out_of_the_copies(loaded, visit):
    for path in visit.glob("*_c0m.fits"):
        fits.setval(path, "DGEOFILE", value="uref$x_dxy.fits")
    found = loaded(visit, "wf_f555w")
    assert fits.getval(found.exposures[0].path, "DGEOFILE") == "N/A"
    assert fits.getval(visit / "u40x0101m_c0m.fits", "DGEOFILE") == "uref$x_dxy.fits"


def test_a_file_that_holds_both_is_taken_by_itself(loaded, visit, tmp_path):
    chips = {
        name: visit / f"u40x0101m_{kind}.fits" for name, kind in (("SCI", "c0m"), ("DQ", "c1m"))
    }
    both = tmp_path / "both"
    both.mkdir()
    for root in ("u40x0101m", "u40x0102m"):
        hdus = fits.HDUList([fits.PrimaryHDU(header=fits.getheader(chips["SCI"]))])
        hdus[0].header.update(ROOTNAME=root, EXPSTART=next(STARTS_MJD), DETECTOR="PC")
        for name, path in chips.items():
            hdus += [
                fits.ImageHDU(*fits.getdata(path, n, header=True), name=name, ver=n)
                for n in range(1, 5)
            ]
        hdus.writeto(both / f"{root}_flt.fits", output_verify="silentfix")
    (one, other) = (loaded(place, "wf_f555w").exposures[0].path for place in (visit, both))
    for extension in (("SCI", 2), ("ERR", 2), ("DQ", 2)):
        assert (fits.getdata(one, extension) == fits.getdata(other, extension)).all()


def test_flags_of_eight_bits_are_flags(loaded, visit):
    retyped(visit / "u40x0101m_c1m.fits", np.uint8)
    flags = fits.getdata(loaded(visit, "wf_f555w").exposures[0].path, ("DQ", 1))
    assert flags[400, 400] == 8 + 256


def test_names_in_capitals_are_taken(loaded, visit):
    for path in list(visit.iterdir()):
        path.rename(visit / path.name.upper())
    assert len(loaded(visit, "wf_f555w").exposures) == 3


def test_of_a_file_beside_that_which_holds_both_one_is_left_when_one_is_excluded(loaded, visit):
    hdus = fits.HDUList([fits.PrimaryHDU(header=fits.getheader(visit / "u40x0101m_c0m.fits"))])
    hdus += [fits.ImageHDU(np.ones((20, 20)), name="SCI", ver=version) for version in range(1, 5)]
    hdus.writeto(visit / "u40x0101m_flt.fits", output_verify="silentfix")
    with pytest.raises(DatasetError, match=r"dataset.exclude=\[u40x0101m_flt.fits\]"):
        loaded(visit, "wf_f555w")
    found = loaded(visit, "wf_f555w", "u40x0101m_flt.fits").exposures
    assert [one.rootname for one in found] == ["u40x0101m", "u40x0102m", "u40x0103m"]


def test_old_files_of_other_cameras_are_no_exposures(visit):
    fits.PrimaryHDU().writeto(visit / "x3an0101t_c0f.fits")  # Faint Object Camera
    assert len(describe_directory(visit)) == 3


def test_the_first_lit_column_is_seen_beside_the_shadow_across():
    shaded = np.zeros((SIDE, SIDE), bool)
    shaded[:60], shaded[:, :45] = True, True
    assert (first_lit(shaded, 0), first_lit(shaded, 1)) == (45, 60)
    assert first_lit(np.zeros((SIDE, SIDE), bool), 0) == 0
