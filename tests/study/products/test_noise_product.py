"""The noise map of a product: its pixels, its header, and what it refuses."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table
from astropy.wcs import WCS

from hstdriz_study.contracts import (
    DrizzleSettings,
    MeasureGeometry,
    Metric,
    PointRecord,
    StudyRegions,
)
from hstdriz_study.errors import DatasetError, MetricUnavailableError
from hstdriz_study.study.directory.layout import ProductsDirectory
from hstdriz_study.study.products.noise_product import write_noise_map

SHAPE, SCALE_ARCSEC, BOX_PX = (90, 80), 0.06, 10
CENTERS_PX = [(20, 30), (55, 60)]
RMS, CORRELATION = Metric(0.02, 0.001, "electron / (pix s)"), Metric(1.5, 0.06)
SETTINGS = DrizzleSettings(SCALE_ARCSEC, 0.8, "gaussian", "IVM", 0.0, None, 0)


CARDS = [("STUDY", "mine", "study")]


@pytest.fixture
def wcs():
    made = WCS(naxis=2)
    made.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    made.wcs.crval, made.wcs.crpix = [150.0, 2.2], [40.0, 45.0]
    made.wcs.cdelt = [-SCALE_ARCSEC / 3600, SCALE_ARCSEC / 3600]
    return made


@pytest.fixture
def weight():
    """Uneven weights, 400 and 900 in the two boxes of blank sky, 0 along the rim."""
    made = np.random.default_rng(3).uniform(100, 2000, SHAPE).astype(np.float32)
    made[:, :4] = 0
    for (x, y), value in zip(CENTERS_PX, (400, 900), strict=True):
        half = BOX_PX // 2 + 2
        made[y - half : y + half, x - half : x + half] = value
    return made


@pytest.fixture
def product(tmp_path, wcs, weight):
    science = np.random.default_rng(4).normal(size=SHAPE).astype(np.float32)
    hdus = [
        fits.PrimaryHDU(),
        fits.ImageHDU(science, wcs.to_header(), name="SCI"),
        fits.ImageHDU(weight, name="WHT"),
    ]
    path = tmp_path / "study_f160w_drz.fits"
    fits.HDUList(hdus).writeto(path)
    return path


@pytest.fixture
def products(tmp_path):
    return ProductsDirectory(tmp_path)


@pytest.fixture
def regions(wcs):
    nothing = Table({"ra": np.empty(0), "dec": np.empty(0)})
    return StudyRegions(
        stars=nothing, candidates=nothing,
        sky_boxes=wcs.all_pix2world(np.array(CENTERS_PX, float) - 0.5, 0),
        weight_boxes=np.empty((0, 2)), weight_box_arcsec=1.0, full_depth=(),
        preview_center=(150.0, 2.2), preview_stretch=(0.0, 1.0), star_stretch=(0.0, 1.0),
        geometry=MeasureGeometry(0.128, 0.2, 0.4, 0.4, 0.9, SCALE_ARCSEC * BOX_PX, 3.0),
    )  # fmt: skip


def record(**metrics):
    measured = {"noise/sky_rms": RMS, "noise/correlation": CORRELATION} | metrics
    kept = {name: metric for name, metric in measured.items() if metric is not None}
    return PointRecord("0123abcd", "FINISHED", "f160w", SETTINGS, kept)


def test_the_map_is_the_noise_of_every_pixel_on_the_grid_of_the_product(
    product, regions, weight, wcs, tmp_path
):
    before = product.read_bytes()
    directory = tmp_path / "products"
    directory.mkdir()
    path = write_noise_map(product, record(), regions, ProductsDirectory(directory), CARDS)
    assert path == directory / "noise_f160w.fits"
    noise, header = fits.getdata(path, header=True)
    reference = ((20 + 30) / 2) ** 2  # the square of the mean square root in boxes of one size
    expected = 0.02 * 1.5 * np.sqrt(reference / np.where(weight > 0, weight, np.nan))
    np.testing.assert_allclose(noise, expected, rtol=1e-5)
    assert noise.dtype.newbyteorder("=") == np.float32
    corners = [[0.0, 0.0], [79.0, 12.0]]
    np.testing.assert_allclose(
        WCS(header).all_pix2world(corners, 0), wcs.all_pix2world(corners, 0), rtol=1e-12
    )
    assert product.read_bytes() == before


def test_the_header_says_how_the_map_was_made_and_of_what(product, regions, products):
    analytic = Metric(1.44, 0.0)
    made = record(**{"noise/correlation_analytic": analytic})
    header = fits.getheader(write_noise_map(product, made, regions, products, CARDS))
    error = 0.03 * np.hypot(0.001 / 0.02, 0.06 / 1.5)
    cards = {
        "STUDY": ("mine", "study"),
        "BUNIT": ("ELECTRONS/S", "1 sigma of a pixel"),
        "PRODUCT": ("study_f160w_drz.fits", "drizzled image this belongs to"),
        "SHA256": (hashlib.sha256(product.read_bytes()).hexdigest(), ""),
        "SKYRMS": (0.02, "scatter of a pixel of weight WHTREF, electron/s"),
        "SKYRMSER": (0.001, "its 1-sigma error"),
        "RCORR": (1.5, "noise correlation R, measured"),
        "RCORRERR": (0.06, "its 1-sigma error"),
        "RCORRAN": (1.44, "R of Fruchter & Hook, square kernel"),
        "SIGMA": (0.03, "SKYRMS * RCORR: noise at WHTREF, electron/s"),
        "SIGMAERR": (error, "its 1-sigma error"),
        "WHTREF": (625.0, "weight of a pixel of scatter SKYRMS"),
        "NSKYBOX": (2, "boxes of blank sky it was measured in"),
    }
    for key, (value, comment) in cards.items():
        near = value if isinstance(value, str) else pytest.approx(value, rel=1e-12)
        assert header[key] == near, key
        # astropy cuts a comment that does not fit beside its value
        assert comment.startswith(header.comments[key]), key
        assert bool(header.comments[key]) == bool(comment), key


def test_the_definition_stands_in_the_header_a_line_a_card(product, regions, products):
    header = fits.getheader(write_noise_map(product, record(), regions, products, CARDS))
    lines = [line for line in header["COMMENT"] if line]
    assert "NOISE = SKYRMS * RCORR * sqrt(WHTREF / WHT), WHT of PRODUCT (SHA256);" in lines
    assert lines[0].startswith("Background noise (1 sigma)")
    assert all(len(line) <= 72 for line in lines)


def test_a_kernel_without_a_known_correlation_leaves_the_card_empty(product, regions, products):
    header = fits.getheader(write_noise_map(product, record(), regions, products, CARDS))
    assert "RCORRAN" in header
    assert header["RCORRAN"] is None


def test_a_map_that_is_there_is_made_anew(product, regions, products):
    write_noise_map(product, record(), regions, products, CARDS)
    louder = record(**{"noise/sky_rms": Metric(0.04, 0.001)})
    header = fits.getheader(write_noise_map(product, louder, regions, products, CARDS))
    assert header["SIGMA"] == pytest.approx(0.06)


@pytest.mark.parametrize("lacking", ["SCI", "WHT"])
def test_a_file_that_is_no_product_is_named(product, regions, products, tmp_path, lacking):
    with fits.open(product) as hdus:
        kept = fits.HDUList([hdu.copy() for hdu in hdus if hdu.name != lacking])
    other = tmp_path / "other.fits"
    kept.writeto(other)
    with pytest.raises(DatasetError) as raised:
        write_noise_map(other, record(), regions, products, CARDS)
    assert str(raised.value) == f"{other}: no SCI and WHT; name a product of AstroDrizzle"
    assert not products.noise_map("f160w").exists()


@pytest.mark.parametrize("name", ["noise/sky_rms", "noise/correlation"])
def test_a_point_whose_noise_was_not_measured_has_no_map(product, regions, products, name):
    with pytest.raises(MetricUnavailableError, match=f"no noise map: {name} was not measured"):
        write_noise_map(product, record(**{name: None}), regions, products, CARDS)
    assert not products.noise_map("f160w").exists()
