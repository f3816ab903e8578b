"""The table of points."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import astropy.units as u
import numpy as np
import pytest
from astropy.table import QTable

from hstdriz_study.choose import points_table
from hstdriz_study.contracts import DrizzleSettings, Metric, PointRecord
from hstdriz_study.errors import ChoiceError

if TYPE_CHECKING:
    from collections.abc import Callable


def test_table_survives_ecsv_with_units_and_missing_values(
    point: Callable[..., PointRecord], tmp_path: Path
) -> None:
    failed = point(0.08, 0.2, status="FAILED", error='said "no", twice', metrics={})
    table = points_table([point(0.06, 0.5, 0.2), failed])
    table.write(tmp_path / "points.ecsv")
    back = QTable.read(tmp_path / "points.ecsv")
    assert back.colnames == table.colnames
    assert back["psf/fwhm_arcsec"].unit == u.arcsec
    assert back["final_scale_arcsec"].unit == u.arcsec
    assert back["noise/aperture_sigma"].unit == u.electron / u.s
    assert back["noise/sky_rms"].unit == u.electron / u.s / u.pix
    assert back["noise/depth_abmag"].unit == u.mag
    assert back["psf/fwhm_arcsec"][0] == 0.2 * u.arcsec
    assert np.isnan(back["psf/fwhm_arcsec"][1])
    assert back["error"][1] == 'said "no", twice'
    assert list(back["status"]) == ["FINISHED", "FAILED"]


def test_every_metric_has_its_error_beside_it(point: Callable[..., PointRecord]) -> None:
    names = points_table([point(0.06, 0.5)]).colnames
    metrics = [name for name in names if "/" in name and not name.endswith("_err")]
    assert metrics
    assert all(names[names.index(name) + 1] == f"{name}_err" for name in metrics)


def test_settings_that_are_missing_at_some_points_are_nan_or_empty(
    point: Callable[..., PointRecord],
) -> None:
    settings = DrizzleSettings(0.06, 0.5, "square", "EXP", 0.0, Path("reference.fits"), None)
    first = point(0.06, 0.5, settings=settings)
    second = point(0.07, 0.5)
    table = points_table([first, second])
    assert table["final_rot"].unit == u.deg
    assert math.isnan(table["final_rot"][1].value)
    assert list(table["final_refimage"]) == ["reference.fits", ""]


@pytest.mark.parametrize(
    ("unit", "said"), [("furlongs?", "does not know the unit"), ("mm", "different units")]
)
def test_units_that_cannot_be_written_are_refused_by_name(
    point: Callable[..., PointRecord], unit: str, said: str
) -> None:
    strange = point(0.06, 0.5)
    strange.metrics["psf/fwhm_arcsec"] = Metric(1.0, 0.1, unit)
    records = [strange] if "?" in unit else [strange, point(0.07, 0.5)]
    with pytest.raises(ChoiceError, match=f"psf/fwhm_arcsec.*{said}"):
        points_table(records)


def test_scatter_over_grid_phases_has_a_column_where_it_was_measured(
    point: Callable[..., PointRecord],
) -> None:
    first, second = point(0.06, 0.5), point(0.07, 0.5)
    first.metrics["psf/fwhm_arcsec"] = Metric(0.2, 0.01, "arcsec", phases=np.array([0.2, 0.3]))
    table = points_table([first, second])
    assert table["psf/fwhm_arcsec_phase_std"][0].value == pytest.approx(0.1 / math.sqrt(2))
    assert np.isnan(table["psf/fwhm_arcsec_phase_std"][1])
    assert "weight/rms_over_median_phase_std" not in table.colnames
