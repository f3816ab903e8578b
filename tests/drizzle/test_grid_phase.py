"""Metrics over the sub-pixel phase of the output grid."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hstdriz_study.contracts import DrizzleSettings, Metric, PointRecord
from hstdriz_study.drizzle import grid_wcs, output_grid
from hstdriz_study.field.phases import grid_phases
from hstdriz_study.study.config import drizzle_settings
from hstdriz_study.study.directory.layout import PointDirectory, StudyDirectory
from hstdriz_study.study.directory.record import read_record, write_record
from hstdriz_study.study.run.filter_setup import set_up_filter
from hstdriz_study.study.run.point import PointRunner, StudyPoint


def test_phases_are_even_and_begin_with_the_points_own():
    assert grid_phases(1, (0.0, 0.0)) == [(0.0, 0.0)]
    assert grid_phases(2, (0.1, 0.0)) == [(0.1, 0.0), (0.1, 0.5), (0.6, 0.0), (0.6, 0.5)]


def test_spread_is_a_standard_deviation_and_needs_two_phases():
    assert math.isnan(Metric(1.0, 0.1).phase_std)
    assert math.isnan(Metric(1.0, 0.1, phases=np.array([1.0])).phase_std)
    assert Metric(1.0, 0.1, phases=np.array([1.0, 2.0, 3.0])).phase_std == pytest.approx(1.0)


def test_a_record_keeps_its_phases(tmp_path):
    phases = np.array([1.0, np.nan, 1.5])
    settings = DrizzleSettings(None, None, "square", "EXP", None, None, None)
    metrics = {"a/b": Metric(1.0, 0.1, "", None, phases)}
    write_record(PointRecord("k", "FINISHED", "f160w", settings, metrics), PointDirectory(tmp_path))
    np.testing.assert_array_equal(
        read_record(PointDirectory(tmp_path)).metrics["a/b"].phases, phases
    )


def test_a_phase_moves_the_sky_on_the_pixels(prepared_set):
    item = prepared_set("f160w")
    point = drizzle_settings(item.config)
    start = grid_wcs(output_grid(item.prepared.mosaic, point))
    moved = grid_wcs(output_grid(item.prepared.mosaic, replace(point, grid_phase=(0.25, -0.5))))
    x, y = start.world_to_pixel_values(150.0, 2.2)
    assert np.subtract(moved.world_to_pixel_values(150.0, 2.2), (x, y)) == pytest.approx(
        [0.25, -0.5], abs=1e-9
    )


@pytest.mark.endtoend
def test_a_point_is_measured_at_every_phase(compose_config, cache_dir, tmp_path):
    config = compose_config(
        "filter=f160w", f"prepare.cache_dir={cache_dir}", "drizzle.final_scale=psf/2.5",
        "drizzle.final_pixfrac=0.4", "measure.grid_phases=2",
    )  # fmt: skip
    field = set_up_filter(config, StudyDirectory(tmp_path))

    def run(name, config):
        return PointRunner({"f160w": field}, {})(
            StudyPoint(0, config, PointDirectory(tmp_path / name))
        )

    record = run("phases", config)
    assert record.status == "FINISHED", record.error
    ratio = record.metrics["weight/rms_over_median"]
    assert ratio.phases.shape == (4,)
    assert ratio.phases[0] == ratio.value
    assert len(np.unique(ratio.phases)) == 4
    # four dithers sample the phase: it moves the mean weight pattern less than pixfrac does
    assert 0 < ratio.phase_std < 0.1 * ratio.value
    alone = run("alone", replace(config, measure=replace(config.measure, grid_phases=1)))
    assert alone.metrics["psf/fwhm_arcsec"].value == record.metrics["psf/fwhm_arcsec"].value
    assert alone.metrics["psf/fwhm_arcsec"].phases is None
