"""The scenes of GalSim against closed forms, and their stars as the tool selects them."""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib.util import find_spec
from math import pi, sqrt
from typing import Any

import astropy.units as u
import numpy as np
import pytest
from astropy.table import QTable

from hstdriz_study.contracts.metric_table import ELLIPTICITY, FWHM
from hstdriz_study.errors import StudyError
from hstdriz_study.field import Field
from hstdriz_study.measure.fidelity import aperture_fluxes
from hstdriz_study.measure.patches import STAR_PATCH_OVER_EE_RADIUS
from hstdriz_study.measure.psf import measure_psf
from hstdriz_study.simulate.scene import star_grid
from hstdriz_study.validate.scenes.catalogue import catalogue
from hstdriz_study.validate.scenes.exposures import TRUTH_NAME, expose_catalogue, side_arcsec
from hstdriz_study.validate.scenes.fields import scene_field
from hstdriz_study.validate.scenes.library import galsim
from hstdriz_study.validate.scenes.spec import SceneSpec, known_scenes
from hstdriz_study.validate.scenes.telescope import telescope
from hstdriz_study.validate.star_image import StarImage
from hstdriz_study.validate.stars import field_numbers, scene_rows

needs_galsim = pytest.mark.skipif(
    find_spec("galsim") is None,
    reason="the extra scenes (GalSim) is not installed",
)
# filter: side of the window, exposures, AB magnitude and distance of the stars
DENSE = {"f160w": (300, 12, 19.8, 4.0), "f814w": (500, 8, 19.5, 2.6)}
SAMPLE = ("ir_compact_40_300", "ir_galaxies_0_300", "acs_compact_40_300", "own_ir_40_100")


def of_files(of_set: Any, directory: Any) -> Any:
    references = dict.fromkeys(("iref", "jref"), directory / "ref")
    dataset = replace(of_set.field.dataset, source=directory, reference_dirs=references)
    return replace(of_set, field=replace(of_set.field, dataset=dataset))


def equal_stars(band: Any, side: float, apart: float, abmag: float) -> QTable:
    scene = star_grid(side / 2, apart, abmag)
    n = len(scene.kind)
    truth = QTable({"kind": scene.kind, "axis_ratio": scene.axis_ratio})
    truth["ra"], truth["dec"] = scene.ra_deg * u.deg, scene.dec_deg * u.deg
    truth["x"] = np.zeros(n) * u.arcsec
    truth["half_light_radius"] = np.zeros(n) * u.arcsec
    truth["flux"] = np.full(n, 10 ** (0.4 * (band.zero_point_abmag - abmag))) * u.electron / u.s
    return truth


def closed_form(band: Any, pixfrac: float, *squares: float) -> StarImage:
    """The PSF without its pixel as GalSim gives it; pixel, drop and squares put on by numpy."""
    pixel = np.array(band.detector.pixel_arcsec)
    step = pixel.min() / 12
    psf = telescope(band).psf.drawImage(nx=961, ny=961, scale=step, method="no_pixel").array
    frequency = np.fft.fftfreq(len(psf), step)
    along_x, along_y = (
        np.sinc(frequency * side) * np.sinc(frequency * pixfrac * side) for side in pixel
    )
    spectrum = np.fft.fft2(np.fft.ifftshift(psf)) * np.multiply.outer(along_y, along_x)
    return StarImage(np.fft.fftshift(np.fft.ifft2(spectrum).real), step, squares, flux=1.0)


def ellipticity_inside(image: StarImage, radius: float) -> float:
    axis = np.linspace(-radius, radius, 301)
    dx, dy = np.meshgrid(axis, axis)
    light = np.where(np.hypot(dx, dy) <= radius, image(dx, dy), 0.0)
    xx, xy, yy = (float((light * one).sum()) for one in (dx * dx, dx * dy, dy * dy))
    split = np.hypot(xx - yy, 2 * xy)
    return 1 - sqrt((xx + yy - split) / (xx + yy + split))


@needs_galsim
@pytest.mark.filterwarnings("ignore")  # of WCS headers
@pytest.mark.parametrize("name", list(DENSE))
def test_stars_are_those_of_the_same_psf_drizzled_in_closed_form(
    name: str, set_options: Any, tmp_path: Any
) -> None:
    side_px, n_exposures, abmag, apart = DENSE[name]
    of_set = set_options(f"filter={name}", "dataset=synthetic", f"prepare.cache_dir={tmp_path}")
    band, native = of_set.band, of_set.native_arcsec
    spec = SceneSpec("dense", "galsim", name, 0, 0, 3, side_px=side_px, n_exposures=n_exposures)
    truth = equal_stars(band, side_arcsec(band, side_px), apart, abmag)
    truth = expose_catalogue(tmp_path / "scene", band, spec, truth)
    field = Field(of_files(of_set, tmp_path / "scene").field)
    settings = replace(of_set.drizzle, final_scale_arcsec=round(0.6 * native, 4), final_pixfrac=0.8)
    pixels, context = field.pixels(settings, "fast"), field.context(of_set.point.n_bootstrap)
    metrics = measure_psf(pixels, context)

    scale, pixfrac = settings.final_scale_arcsec, settings.pixfrac
    image = closed_form(band, pixfrac, scale)
    geometry = field.regions.geometry
    radius, outer = geometry.aperture_radius_arcsec, geometry.ee_radius_arcsec
    assert len(field.regions.stars) > 20
    assert metrics[FWHM.name].value == pytest.approx(image.fwhm_arcsec(), rel=0.01)
    expected = ellipticity_inside(image, radius)
    assert metrics[ELLIPTICITY.name].value == pytest.approx(expected, abs=0.01)
    background = image.median_between(outer, STAR_PATCH_OVER_EE_RADIUS * outer)
    inside = closed_form(band, pixfrac, scale, scale).energy_inside(radius)
    inside -= background * pi * radius**2
    flux = np.median(aperture_fluxes(pixels, context))
    assert flux == pytest.approx(truth["flux"][0].value * inside, rel=0.005)


@needs_galsim
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", SAMPLE)
def test_a_sample_of_the_scenes_has_its_stars(name: str, set_options: Any, tmp_path: Any) -> None:
    (spec,) = (one for one in known_scenes() if one.name == name)

    def options_of(wanted: Any) -> Any:
        return set_options(
            f"filter={wanted.filter}", "dataset=synthetic", f"dataset.seed={wanted.seed}",
            f"prepare.cache_dir={wanted.cache_dir}",
        )  # fmt: skip

    rows = scene_rows(field_numbers(scene_field(spec, options_of, tmp_path)))
    assert rows
    assert [row.claim for row in rows if not row.passed] == []


def test_the_scenes_are_many_and_those_set_aside_are_twenty_or_more() -> None:
    scenes = known_scenes()
    assert len({scene.name for scene in scenes}) == len(scenes) >= 60
    assert len({scene.seed for scene in scenes}) == len(scenes)
    assert sum(scene.held_out for scene in scenes) >= 20


def test_a_scene_holds_what_it_says(set_options: Any) -> None:
    band = set_options("filter=f160w", "dataset=synthetic").band
    spec = SceneSpec("x", "galsim", "f160w", 30, 200, 5, arrangement="galaxy_cluster")
    sources = catalogue(spec, band, 60.0)
    kinds = list(sources["kind"])
    assert (kinds.count("star"), kinds.count("galaxy")) == (30, 201)
    assert np.abs(sources["x"].to_value("arcsec")).max() <= 30
    assert (sources["half_light_radius"][sources["kind"] == "star"] == 0).all()
    again = catalogue(spec, band, 60.0)
    assert (again["flux"] == sources["flux"]).all()


def test_a_missing_galsim_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "galsim", None)
    with pytest.raises(StudyError, match=r"pip install 'hstdriz-study\[scenes\]'"):
        galsim()


@pytest.mark.parametrize("defocused", [0.0, 0.15])
def test_an_exposure_out_of_focus_is_let_pass_where_it_is_meant(
    defocused: float, set_options: Any, tmp_path: Any
) -> None:
    spec = SceneSpec("scene", "galsim", "f160w", 0, 0, 1, defocused=defocused)
    truth = tmp_path / "scene" / TRUTH_NAME
    truth.parent.mkdir()
    QTable({"ra": [1.0]}).write(truth)  # as if it had been simulated

    def options_of(wanted: Any) -> Any:
        return set_options(f"filter={wanted.filter}", "dataset=synthetic")

    checks = scene_field(spec, options_of, tmp_path).of_set.field.checks
    assert ("width" in checks.accept) == (defocused > 0)
