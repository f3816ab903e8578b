from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.stats import mad_std
from astropy.table import QTable

from hstdriz_study.errors import DatasetError
from hstdriz_study.simulate import BANDS, band_of, generate_filter

if TYPE_CHECKING:
    from pathlib import Path

SKY_PERCENTILE = 60  # sources cover less than a third of the field


def _arrays(paths: Any) -> Any:
    for path in paths:
        with fits.open(path) as hdus:
            for hdu in hdus[1:]:
                yield hdu.data.copy()


def test_equal_specifications_give_equal_pixels(
    simulated: Any, spec_of: Any, tmp_path: Path
) -> None:
    first = simulated("f160w")
    again = generate_filter(tmp_path, BANDS["f160w"], spec_of())
    pairs = zip(_arrays(first.exposures), _arrays(again), strict=True)
    assert all(np.array_equal(one, other) for one, other in pairs)


def test_another_seed_gives_another_sky_and_other_noise(simulated: Any) -> None:
    first, other = simulated("f160w"), simulated("f160w", seed=2, n_exposures=1)
    assert not np.array_equal(fits.getdata(first.exposures[0]), fits.getdata(other.exposures[0]))
    one, two = (QTable.read(s.truth / "truth_f160w.ecsv") for s in (first, other))
    assert not np.isin(one["ra"].value, two["ra"].value).any()


def test_directory_holds_only_exposures_at_the_top(simulated: Any) -> None:
    made = simulated("f814w")
    names = {path.name for path in made.directory.iterdir()}
    assert names == {path.name for path in made.exposures} | {"ref", "truth"}
    assert len(made.exposures) == 4


def test_rootnames_are_unique_over_filters_and_exposures(simulated: Any) -> None:
    sets = [simulated(name) for name in ("f160w", "f814w", "uvis_f814w")]
    roots = [fits.getval(path, "ROOTNAME") for made in sets for path in made.exposures]
    assert len(set(roots)) == len(roots)
    assert all(len(root) == 9 for root in roots)


def test_all_filters_see_the_same_sky(simulated: Any) -> None:
    ir, acs = (
        QTable.read(simulated(name).truth / f"truth_{name}.ecsv") for name in ("f160w", "f814w")
    )
    assert np.array_equal(ir["ra"], acs["ra"])
    assert np.array_equal(ir["dec"], acs["dec"])
    assert np.ptp((ir["mag"] - acs["mag"]).value) > 0.3


@pytest.mark.parametrize("name", ["f160w", "f814w", "uvis_f814w"])
def test_sky_level_and_noise_are_those_of_the_band(simulated: Any, name: str) -> None:
    band = BANDS[name]
    with fits.open(simulated(name).exposures[0]) as hdus:
        sci, err, dq = (hdus[extension, 1].data for extension in ("SCI", "ERR", "DQ"))
    unit = band.exptime_s if band.detector.counts_per_second else 1.0
    clean = sci[dq == 0] * unit
    sky = clean[clean < np.percentile(clean, SKY_PERCENTILE)]
    level = band.sky_e_per_s * band.exptime_s
    background = level + band.detector.dark_e_per_s * band.exptime_s
    noise = np.sqrt(background + np.mean(band.detector.read_noise_e) ** 2)
    # The lower half of the distribution is free of sources.
    below = clean[clean < level] - level
    assert np.sqrt(np.mean(below**2)) == pytest.approx(noise, rel=0.05)
    assert np.median(err[dq == 0]) * unit == pytest.approx(noise, rel=0.05)
    assert mad_std(sky) < noise


@pytest.mark.parametrize("name", ["f160w", "f814w"])
def test_cosmic_ray_masks_have_the_rate_of_the_camera(simulated: Any, name: str) -> None:
    made, band = simulated(name), BANDS[name]
    with np.load(made.truth / f"cosmic_rays_{name}.npz") as masks:
        assert len(masks.files) == 4 * len(band.detector.chips)
        fraction = np.mean([masks[key].mean() for key in masks.files])
    expected = band.detector.cosmic_rays.pixels_per_s * band.exptime_s
    assert fraction == pytest.approx(expected, rel=0.25)


def test_dq_bits_are_those_of_the_camera_and_saturation(simulated: Any) -> None:
    for name in ("f160w", "f814w"):
        allowed = {defect.dq_bit for defect in BANDS[name].detector.defects} | {256}
        with fits.open(simulated(name).exposures[0]) as hdus:
            present = int(np.bitwise_or.reduce(hdus["DQ", 1].data, axis=None))
        assert present & ~sum(allowed) == 0
        assert present & 4


@pytest.mark.parametrize("name", ["f606w", "f814w", "f105w", "f125w", "f160w"])
def test_each_subarray_has_a_dozen_good_stars_and_a_few_saturated(
    simulated: Any, name: str
) -> None:
    band = BANDS[name]
    made = simulated(name, seed=5, n_exposures=1)
    table = QTable.read(made.truth / f"truth_{name}.ecsv")
    seen = (table["kind"] == "star") & (table["n_exposures"] == len(made.exposures))
    # A tenth of the light in the central pixel is a lower bound in every band.
    peak_e = 0.1 * table["flux"].value * band.exptime_s
    noise_e = np.sqrt(peak_e + band.sky_e_per_s * band.exptime_s + 15.0**2)
    good = seen & ~table["saturated"] & (peak_e / noise_e > 30)
    assert good.sum() >= 15
    assert 1 <= (seen & table["saturated"]).sum() <= 10


def test_saturated_stars_carry_the_saturation_bit_and_are_clipped(
    simulated: Any, updated: Any
) -> None:
    from stwcs.wcsutil import HSTWCS

    made, band = simulated("f160w"), BANDS["f160w"]
    table = QTable.read(made.truth / "truth_f160w.ecsv")
    stars = table[(table["n_exposures"] == 4) & table["saturated"]]
    assert len(stars) >= 2
    flagged = np.zeros(len(stars), bool)
    for path in updated(made):
        with fits.open(path) as hdus:
            wcs = HSTWCS(hdus, ("SCI", 1))
            sci, dq = hdus["SCI"].data, hdus["DQ"].data
        x, y = wcs.all_world2pix(stars["ra"].value, stars["dec"].value, 0)
        for star, (i, j) in enumerate(np.round(np.column_stack([x, y])).astype(int)):
            core = slice(j - 1, j + 2), slice(i - 1, i + 2)
            flagged[star] |= bool((dq[core] & 256).any())
            # The flat field scales the clipped charge.
            assert sci[core].max() * band.exptime_s < 1.15 * band.detector.full_well_e
    assert flagged.all()


def test_pointing_errors_are_in_the_headers_and_not_in_the_pixels(simulated: Any) -> None:
    right, wrong = simulated("f160w"), simulated("f160w", pointing_error_px=0.5, n_exposures=3)
    pairs = zip(_arrays(right.exposures[:3]), _arrays(wrong.exposures), strict=True)
    assert all(np.array_equal(one, other) for one, other in pairs)
    table = QTable.read(wrong.truth / "pointing_f160w.ecsv")
    assert table["error_x"][0].value == table["error_y"][0].value == 0
    for row, path in zip(table, wrong.exposures, strict=True):
        header = fits.getheader(path, 1)
        cos_dec = np.cos(row["true_dec"].to_value("rad"))
        east = (header["CRVAL1"] - row["true_ra"].value) * cos_dec
        north = header["CRVAL2"] - row["true_dec"].value
        cd = np.array([[header["CD1_1"], header["CD1_2"]], [header["CD2_1"], header["CD2_2"]]])
        error = np.linalg.solve(cd, [east, north])
        # The error is laid out at the window's middle, the CD matrix holds at CRPIX.
        assert error == pytest.approx([row["error_x"].value, row["error_y"].value], abs=0.01)


def test_unknown_filter_is_refused_with_the_names_that_exist() -> None:
    with pytest.raises(DatasetError, match="f999w has no simulated exposures; take one of f606w"):
        band_of("f999w")


def test_every_filter_has_random_numbers_of_its_own() -> None:
    streams = [band.stream for band in BANDS.values()]
    assert len(set(streams)) == len(streams)


@pytest.mark.parametrize("values", [{"n_exposures": 0}, {"seed": -1}, {"pointing_error_px": -0.1}])
def test_numbers_out_of_range_are_refused(spec_of: Any, values: Any) -> None:
    with pytest.raises(DatasetError, match=next(iter(values))):
        spec_of(**values)


@pytest.mark.parametrize(
    ("name", "zero_point"), [("f606w", 26.50), ("f814w", 25.95), ("f160w", 25.95)]
)
def test_zero_points_are_the_published_ab_ones(name: str, zero_point: float) -> None:
    assert BANDS[name].zero_point_abmag == pytest.approx(zero_point, abs=0.02)
