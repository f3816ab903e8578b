"""WFPC2: pixels and flags in files of their own become one file of one camera's chips."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.io import fits

from hstdriz_study.dataset import dataset_warnings, describe_directory, load_exposures
from hstdriz_study.dataset.wfpc2 import source_of
from hstdriz_study.dataset.wfpc2_chips import first_lit
from hstdriz_study.errors import ConfigError, DatasetError
from hstdriz_study.study.config import dataset_settings
from tests.dataset.exposure_files import STARTS_MJD, write_exposure

SIDE = 800
SCALE_DEG = {1: 0.0455 / 3600, 2: 0.0996 / 3600, 3: 0.0996 / 3600, 4: 0.0996 / 3600}


def write_c0m(directory, root, *, chips=(1, 2, 3, 4), flags_of=(1, 2, 3, 4), **primary):
    """Write pixels and flags as the archive has them; return the path of the pixels."""
    header = {
        "TELESCOP": "HST", "INSTRUME": "WFPC2", "ROOTNAME": root, "FILTNAM1": "F555W",
        "FILTNAM2": "", "ATODGAIN": 7.0, "EXPTIME": 100.0, "EXPSTART": next(STARTS_MJD),
        "IDCTAB": "uref$x_idc.fits", "MODE": "FULL", "DATE-OBS": "1997-06-13", "DGEOFILE": "N/A",
    } | primary  # fmt: skip
    for kind, of, dtype in (("c0m", chips, np.float32), ("c1m", flags_of, np.int16)):
        hdus = fits.HDUList([fits.PrimaryHDU()])
        hdus[0].header.update(header)
        for version, chip in enumerate(of, 1):
            data = np.zeros((SIDE, SIDE), dtype)
            data[:] = chip if kind == "c0m" else 0
            if kind == "c1m":
                data[: 40 + chip], data[:, : 50 + chip], data[400, 400] = 2, 2, 8
            hdus.append(fits.ImageHDU(data, _wcs(chip), name="SCI", ver=version))
        hdus.writeto(directory / f"{root}_{kind}.fits")
    return directory / f"{root}_c0m.fits"


def _wcs(chip):
    return fits.Header(
        {
            "DETECTOR": chip, "CRPIX1": 400.0, "CRPIX2": 400.0, "CRVAL1": 150.0, "CRVAL2": 2.0,
            "CD1_1": -SCALE_DEG[chip], "CD1_2": 0.0, "CD2_1": 0.0, "CD2_2": SCALE_DEG[chip],
            "CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "PHOTFLAM": 3.48e-18, "PHOTPLAM": 5443.0,
        }
    )  # fmt: skip


@pytest.fixture
def settings(compose_config, tmp_path):
    def compose(directory, name, *exclude):
        config = compose_config("dataset=local", f"dataset.path={directory}", f"filter={name}")
        config.dataset.exclude = list(exclude)
        config.prepare.cache_dir = str(tmp_path / "cache")
        return dataset_settings(config)

    return compose


@pytest.fixture
def loaded(settings):
    return lambda *asked: load_exposures(settings(*asked))


@pytest.fixture
def warned(settings):
    def load(*asked):
        wanted = settings(*asked)
        return dataset_warnings(wanted, load_exposures(wanted))

    return load


@pytest.fixture
def visit(tmp_path):
    directory = tmp_path / "data"
    directory.mkdir()
    for root in ("u40x0101m", "u40x0102m", "u40x0103m"):
        write_c0m(directory, root)
    return directory


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


def edited(path, extension, **cards):
    with fits.open(path, mode="update") as hdus:
        for keyword, value in cards.items():
            if value is None:
                del hdus[extension].header[keyword]
            else:
                hdus[extension].header[keyword] = value


def retyped(path, dtype):
    with fits.open(path) as hdus:
        copies = [fits.ImageHDU(hdu.data.astype(dtype), hdu.header) for hdu in hdus[1:]]
        changed = fits.HDUList([hdus[0].copy(), *copies])
    changed.writeto(path, overwrite=True)


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


def test_it_is_named_with_both_cameras_among_others(visit, loaded):
    for name in ("j8xi00o1q_flc.fits", "j8xi00o2q_flc.fits"):
        write_exposure(visit / name)
    found = describe_directory(visit)
    assert {(one.instrument, one.detector) for one in found} == {("WFPC2", "PC+WF"), ("ACS", "WFC")}
    assert len(loaded(visit, "f814w").exposures) == 2
    with pytest.raises(
        DatasetError, match=r"no WFPC2/WF F814W exposures.*WFPC2/PC\+WF F555W \(3\)"
    ):
        loaded(visit, "wf_f814w")


@pytest.mark.parametrize(("typed", "fitting"), [("f814w", "F555W"), ("f555w", "F814W")])
def test_the_filters_that_fit_what_is_there_are_named(loaded, tmp_path, typed, fitting):
    for root in ("u40x0101m", "u40x0102m"):
        write_c0m(tmp_path, root, FILTNAM1=fitting)
    names = f"take filter=pc_{fitting.lower()} or filter=wf_{fitting.lower()}$"
    with pytest.raises(DatasetError, match=rf"WFPC2/PC\+WF {fitting} \(2\); {names}"):
        loaded(tmp_path, typed)


def test_flags_alone_are_told_with_what_they_lack(loaded, visit):
    for path in visit.glob("*_c0m.fits"):
        path.unlink()
    flags = (
        r"holds no .*\(of WFPC2: \*_c0m.fits or \*_c0f.fits\); it holds 3 \*_c1m.fits "
        r"\(u40x0101m_c1m.fits and 2 more\): flags without the pixels, "
        r"download their \*_c0m.fits too$"
    )
    with pytest.raises(DatasetError, match=flags):
        loaded(visit, "wf_f555w")


def test_flags_without_pixels_beside_whole_exposures_are_told_until_excluded(warned, visit):
    (visit / "u40x0103m_c0m.fits").unlink()
    (told,) = warned(visit, "wf_f555w")
    assert "left out: 1 *_c1m.fits (u40x0103m_c1m.fits): flags without the pixels" in told
    for name in ("u40x0103m", "u40x0103m_c1m.fits"):
        assert warned(visit, "wf_f555w", name) == ()


def test_an_exposure_through_crossed_filters_is_told_until_excluded(warned, visit):
    write_c0m(visit, "u40x0109m", FILTNAM1="POLQ", FILTNAM2="F555W")
    (told,) = warned(visit, "wf_f555w")
    assert "left out: u40x0109m_c0m.fits, taken through crossed filters (POLQ+F555W)" in told
    assert warned(visit, "wf_f555w", "u40x0109m") == ()


def test_exposures_of_another_filter_are_left_out_without_a_word(warned, visit):
    write_c0m(visit, "u40x0109m", FILTNAM1="F814W")
    assert warned(visit, "wf_f555w") == ()


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


def test_tables_that_are_a_file_are_one_sentence(compose_config, visit):
    path = next(visit.iterdir())
    given = f"dataset.path={visit}", f"filter.uref={path}"
    config = compose_config("dataset=local", "filter=wf_f555w", *given)
    with pytest.raises(ConfigError, match=rf"filter.uref={path}: is a file; give the directory"):
        dataset_settings(config)


def test_old_files_of_other_cameras_are_no_exposures(visit):
    fits.PrimaryHDU().writeto(visit / "x3an0101t_c0f.fits")  # Faint Object Camera
    assert len(describe_directory(visit)) == 3


def test_the_first_lit_column_is_seen_beside_the_shadow_across():
    shaded = np.zeros((SIDE, SIDE), bool)
    shaded[:60], shaded[:, :45] = True, True
    assert (first_lit(shaded, 0), first_lit(shaded, 1)) == (45, 60)
    assert first_lit(np.zeros((SIDE, SIDE), bool), 0) == 0
