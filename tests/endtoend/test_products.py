"""What is made of a choice: ``report.make_noise_map`` and ``hstdriz-study products``."""

import hashlib
import re
import shutil
from dataclasses import replace

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS

from hstdriz_study.contracts import DrizzleSettings, MeasureContext
from hstdriz_study.drizzle import drizzle
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.measure import extract
from hstdriz_study.measure.noise import measure_noise
from hstdriz_study.measure.noise_map import large_area_noise
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.run.filter_setup import load_setup

pytestmark = pytest.mark.endtoend

POINT = ("filter=f160w", "drizzle.final_scale=psf/2", "drizzle.final_pixfrac=0.6")


@pytest.fixture(scope="module")
def study(program, tmp_path_factory):
    """A study of one point that makes its noise map."""
    return program(tmp_path_factory.mktemp("noise"), *POINT, "report.make_noise_map=true")


def checksums(paths) -> list[str]:
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]


def sky_pulls(sky, noise_of) -> np.ndarray:
    """Sum of each blank-sky box over the noise that the map gives for it."""
    sums, variances = [], []
    level = np.nanmedian([box.sci for box in sky])
    for box in sky:
        known = np.isfinite(box.sci)
        sums.append((box.sci[known] - level).sum())
        variances.append((noise_of(box.wht)[known] ** 2).sum())
    return np.array(sums) / np.sqrt(variances)


def test_noise_map_lies_beside_the_product_on_its_grid_and_says_what_it_is(study):
    assert study.code == 0, study.stderr
    products = study.study_dir / "products"
    (record,) = study.records
    noise, header = fits.getdata(products / "noise_f160w.fits", header=True)
    (image,) = products.glob("study_f160w_dr?.fits")
    with fits.open(image) as hdus:
        weight, wcs = hdus["WHT"].data, WCS(hdus["SCI"].header)
    assert noise.shape == weight.shape
    corners = [[0.0, 0.0], [500.0, 30.0]]
    np.testing.assert_allclose(
        WCS(header).all_pix2world(corners, 0), wcs.all_pix2world(corners, 0), rtol=1e-12
    )
    np.testing.assert_array_equal(np.isnan(noise), weight == 0)
    rms, correlation = (record.metrics[f"noise/{name}"] for name in ("sky_rms", "correlation"))
    analytic = record.metrics["noise/correlation_analytic"].value
    written = {
        "SKYRMS": rms.value, "SKYRMSER": rms.err, "RCORR": correlation.value,
        "RCORRERR": correlation.err, "RCORRAN": analytic,
    }  # fmt: skip
    for key, value in written.items():  # a card has room for 15 digits of some numbers
        assert header[key] == pytest.approx(value, rel=1e-13), key
    of_image = fits.getheader(image)
    assert header["POINTKEY"] == of_image["POINTKEY"] == record.key
    assert header["D001SCAL"] == pytest.approx(record.settings.final_scale_arcsec, rel=1e-9)
    for key in ("STUDY", "RULE", "FILTER", "D001PIXF", "D001KERN", "WHTTYPE", "FWHM", "DEPTH5"):
        assert header[key] == of_image[key], key
    assert header["BUNIT"] == fits.getheader(image, "SCI")["BUNIT"]
    assert not list(products.glob("*_flt.fits"))
    assert header["SHA256"] == checksums([image])[0]
    expected = rms.value * correlation.value * np.sqrt(header["WHTREF"] / weight[weight > 0])
    np.testing.assert_allclose(noise[weight > 0], expected, rtol=1e-5)


def test_products_of_an_ended_study_are_not_made_twice_and_no_input_is_touched(program, study):
    setup = load_setup(StudyDirectory(study.study_dir), "f160w")
    products = study.study_dir / "products"
    (image,) = products.glob("study_f160w_dr?.fits")
    before = checksums(setup.prepared.inputs)
    stamp = image.stat().st_mtime_ns
    assert "noise_f160w.fits" in (study.study_dir / "report.md").read_text()
    (products / "noise_f160w.fits").unlink()
    again = program(study.directory, "products", str(study.study_dir))
    assert again.code == 0, again.stderr
    made = (image, products / "noise_f160w.fits", products / "psf_f160w.fits")
    assert again.stdout.split() == [str(path) for path in made]
    assert image.stat().st_mtime_ns == stamp
    # another script, for example of another choice, makes another product
    (products / "make_product_f160w.py").write_text("")
    anew = program(study.directory, "products", str(study.study_dir))
    assert anew.code == 0
    assert re.search(r"running make_product_f160w\.py, steps: \d of 8\n", anew.stderr)
    assert image.stat().st_mtime_ns > stamp
    assert checksums(setup.prepared.inputs) == before


def test_study_without_a_noise_metric_has_no_noise_map_and_says_so(program, study, tmp_path):
    copied = shutil.copytree(study.study_dir, tmp_path / "copy")
    record = read_json(copied / "points/0/record.json")
    del record["metrics"]["noise/sky_rms"], record["metrics"]["noise/correlation"]
    write_json(copied / "points/0/record.json", record)
    outcome = program(tmp_path, "products", str(copied))
    assert outcome.code == 1
    assert "noise/sky_rms and noise/correlation was not measured" in outcome.stderr
    nowhere = program(tmp_path, "products", str(tmp_path / "nowhere"))
    assert nowhere.code == 2
    (line,) = nowhere.said
    assert line.startswith("error: ")


@pytest.mark.parametrize("wht_type", ["EXP", "ERR", "IVM"])
def test_blank_sky_of_every_weighting_scatters_as_the_map_says(study, tmp_path, wht_type):
    setup = load_setup(StudyDirectory(study.study_dir), "f160w")
    (record,) = study.records
    settings = DrizzleSettings(
        final_scale_arcsec=record.settings.final_scale_arcsec, final_pixfrac=0.6,
        final_kernel="square", final_wht_type=wht_type, final_rot=0.0, final_refimage=None,
        final_bits=record.settings.final_bits,
    )  # fmt: skip
    product = drizzle(
        setup.prepared, settings, reference_dirs=setup.reference_dirs,
        log_file=tmp_path / "astrodrizzle.log",
    )  # fmt: skip
    pixels = extract(product, setup.regions)
    context = MeasureContext(setup.regions, None, 4, 5, 50, seed=1)
    found = measure_noise(pixels, context)
    weights = np.array([box.wht for box in pixels.sky])
    noise = large_area_noise(weights, found["noise/sky_rms"], found["noise/correlation"])
    pulls = sky_pulls(pixels.sky, noise.at)
    # boxes of some twenty pixels lose 2 % at their rim; faint wings of galaxies add as much
    robust = 1.4826 * np.median(np.abs(pulls - np.median(pulls)))
    assert robust == pytest.approx(1.0, abs=3 * 1.17 / np.sqrt(2 * len(pulls)))
    without = replace(noise, sigma=noise.sky_rms)
    assert np.std(sky_pulls(pixels.sky, without.at)) > 1.3


def test_a_product_that_is_not_what_was_measured_is_an_error_in_exit_code_and_report(
    program, study, tmp_path
):
    copy = tmp_path / "study"
    shutil.copytree(study.study_dir, copy)
    read_back = copy / "products" / "read_back_f160w.json"
    assert read_json(read_back)["differences"] == []  # AstroDrizzle's product is what was measured
    (image,) = (copy / "products").glob("study_f160w_dr?.fits")
    with fits.open(image, mode="update") as hdus:
        hdus["SCI"].data *= 1.2
        hdus[0].header["NDRIZIM"] -= 1
    made = program(tmp_path, "products", str(copy), tracks=False)
    assert made.code == 1
    (error,) = [line for line in made.stderr.splitlines() if "not what the study" in line]
    for said in ("NDRIZIM is 3 where the exposures give 4", "make it again"):
        assert said in error
    assert len(read_json(read_back)["differences"]) > 1  # the scatter of the sky, too
    assert program(tmp_path, "report", str(copy), tracks=False).code in {0, 1}
    assert "is not what the study has measured" in (copy / "report.md").read_text()


def test_a_product_that_was_cut_short_is_named(program, study, tmp_path):
    copy = tmp_path / "study"
    shutil.copytree(study.study_dir, copy)
    (image,) = (copy / "products").glob("study_f160w_dr?.fits")
    with image.open("r+b") as stream:
        stream.truncate(image.stat().st_size // 2)
    made = program(tmp_path, "products", str(copy), tracks=False)
    assert made.code == 1
    assert f"{image}: no whole image" in made.stderr
    assert "Traceback" not in made.stderr
