"""One road from exposures to metrics, as a notebook takes it, beside a study of the same point."""

from __future__ import annotations

import ast
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

import hstdriz_study
from hstdriz_study.dataset import synthetic_directory
from hstdriz_study.errors import DatasetError
from hstdriz_study.field import Field
from hstdriz_study.field.expected import star_of_field
from hstdriz_study.field.inspection import inspection_stage
from hstdriz_study.measure.psf import measure_psf
from hstdriz_study.measure.regions.star_warnings import OFF_WIDTH
from hstdriz_study.study.config import drizzle_settings, field_options, point_options
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.run.filter_setup import load_field, set_up_filter
from hstdriz_study.study.run.point import PointRunner, StudyPoint

PACKAGE = Path(hstdriz_study.__file__).parent
# Of exposures, options and frozen values alone.
SCIENCE = ("checks", "dataset", "drizzle", "field", "inject", "measure", "predict", "prepare",
           "simulate", "validate")  # fmt: skip


@pytest.fixture(scope="module")
def config(compose_config, cache_dir):
    """A point on simulated exposures of F160W."""
    return compose_config(
        "filter=f160w", "dataset=synthetic", f"prepare.cache_dir={cache_dir}",
        "drizzle.final_scale=0.08", "drizzle.final_pixfrac=0.7",
    )  # fmt: skip


@pytest.fixture(scope="module")
def record(config, tmp_path_factory):
    """The same point as a study records it."""
    study_dir = StudyDirectory(tmp_path_factory.mktemp("study"))
    set_up_filter(config, study_dir)
    run = PointRunner({"f160w": load_field(study_dir, config)}, {})
    return run(StudyPoint(0, config, study_dir.point(0)))


def test_a_field_gives_the_fwhm_that_a_study_records(config, record) -> None:
    field = Field(field_options(config))
    settings = replace(
        drizzle_settings(config), final_scale_arcsec=0.08, final_pixfrac=0.7, final_kernel="square"
    )
    how = replace(point_options(config), engine="fast", metrics=(measure_psf,), grid_phases=1)
    fwhm = field.measure(settings, how).metrics["psf/fwhm_arcsec"]
    assert 0.15 < fwhm.value < 0.2
    recorded = record.metrics["psf/fwhm_arcsec"]
    assert (fwhm.value, fwhm.err) == (recorded.value, recorded.err)
    np.testing.assert_array_equal(fwhm.replicates, recorded.replicates)


def test_a_field_that_is_loaded_does_nothing_of_it_again(config, tmp_path) -> None:
    made = set_up_filter(config, StudyDirectory(tmp_path))
    loaded = load_field(StudyDirectory(tmp_path), config)
    nowhere = replace(
        loaded.options,
        dataset=replace(loaded.options.dataset, source=tmp_path / "gone"),
        prepare=replace(loaded.options.prepare, cache_dir=tmp_path / "gone"),
    )
    stored = Field.stored(nowhere, loaded.setup, loaded.checks, loaded.warnings)
    settings, how = drizzle_settings(config), point_options(config)
    one, other = (field.measure(settings, how).metrics for field in (made, stored))
    assert {name: metric.value for name, metric in one.items()} == {
        name: metric.value for name, metric in other.items()
    }
    assert stored.predict_weights([settings], 1) == made.predict_weights([settings], 1)
    assert not (tmp_path / "gone").exists()
    with pytest.raises(DatasetError, match="gone"):
        _ = stored.exposures


def test_another_record_of_the_detector_chooses_stars_anew(config, tmp_path, monkeypatch) -> None:
    (tmp_path / "records_of_a_test.py").write_text(
        "from dataclasses import replace\n"
        "from hstdriz_study.optics.detectors import WFC3_IR as SAME\n"
        "SHAKY = replace(SAME, optics=replace(SAME.optics, jitter_arcsec=0.09))\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    field = Field(field_options(config))
    options = [
        replace(field.options, detector_record=f"records_of_a_test.{name}")
        for name in ("SAME", "SHAKY")
    ]
    same, shaky = (inspection_stage(field.prepared, one).key for one in options)
    assert same == inspection_stage(field.prepared, field.options).key != shaky
    steady, shaken = (star_of_field(field.prepared, one).fwhm_arcsec for one in options)
    assert shaken > 1.2 * steady


def test_stars_of_a_telescope_sharper_than_its_record_are_found_and_told(
    config, tmp_path, monkeypatch
) -> None:
    (tmp_path / "records_too_wide.py").write_text(
        "from dataclasses import replace\n"
        "from hstdriz_study.optics.detectors import WFC3_IR\n"
        "WIDE = replace(WFC3_IR, optics=replace(WFC3_IR.optics, jitter_arcsec=0.055))\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    right = Field(field_options(config))
    options = replace(right.options, detector_record="records_too_wide.WIDE")
    wide = star_of_field(right.prepared, options).fwhm_arcsec
    assert wide > 1.18 * star_of_field(right.prepared, right.options).fwhm_arcsec
    found = Field(options).regions
    assert len(found.stars) >= 0.9 * len(right.regions.stars) > 0
    assert set(found.stars["id"]) <= set(right.regions.stars["id"])
    assert any(OFF_WIDTH in warning for warning in found.warnings)


def test_nothing_is_done_before_it_is_asked_for(config, tmp_path) -> None:
    options = field_options(config)
    options = replace(options, prepare=replace(options.prepare, cache_dir=tmp_path))
    field, settings = Field(options), drizzle_settings(config)
    field.predict_weights_unprepared([settings], 1)
    assert not list(tmp_path.iterdir())
    field.predict_weights([settings], 1)
    assert {path.name for path in tmp_path.glob("[!.]*")} == {"code", "compared", "prepared"}


def test_weight_maps_are_foreseen_in_the_boxes_in_which_they_are_measured(config, record) -> None:
    field = Field(field_options(config))
    np.testing.assert_array_equal(field.weight_boxes.centers, field.regions.weight_boxes)
    assert field.weight_boxes.side_arcsec == field.regions.weight_box_arcsec
    (foreseen,) = field.predict_weights([drizzle_settings(config)], 1)
    measured = record.metrics["weight/rms_over_median"].value
    assert foreseen.spread.rms_over_median == pytest.approx(measured, rel=1e-6)


@pytest.mark.parametrize("room", SCIENCE)
def test_a_science_room_imports_neither_the_configuration_nor_a_study(room: str) -> None:
    for path in (PACKAGE / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert (name or "").split(".")[1:2] not in (["config"], ["study"]), path


@pytest.fixture
def spoilt(config, compose_config, tmp_path):
    """Compose a study of copies of the simulated exposures, one of them changed."""
    made = synthetic_directory(field_options(config).dataset.source)

    def compose(change, *overrides):
        paths = [shutil.copy(path, tmp_path) for path in sorted(made.glob("*_flt.fits"))]
        with fits.open(paths[1], mode="update") as hdus:
            change(hdus)
        return compose_config(
            "filter=f160w", "dataset=local", f"dataset.path={tmp_path}",
            f"filter.iref={made}/ref", f"prepare.cache_dir={tmp_path}/cache", *overrides,
        )  # fmt: skip

    return compose


def test_electrons_that_are_called_a_rate_are_refused_before_anything_is_prepared(
    spoilt, tmp_path
) -> None:
    def to_electrons(hdus) -> None:
        hdus["SCI", 1].data *= hdus[0].header["EXPTIME"]

    field = Field(field_options(spoilt(to_electrons)))
    with pytest.raises(
        DatasetError, match=r"f160w: .*BUNIT, the gain or ERR.*accept=\[noise,sky\]"
    ):
        _ = field.prepared
    assert not (tmp_path / "cache" / "prepared").exists()


def test_what_is_accepted_of_pixels_is_told(spoilt) -> None:
    def to_variance(hdus) -> None:
        hdus["ERR", 1].data **= 2

    field = Field(field_options(spoilt(to_variance, "checks.accept=[noise]")))
    assert any(one.endswith("(accepted: noise)") for one in field.warnings)
