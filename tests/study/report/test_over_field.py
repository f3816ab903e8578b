"""The map of the PSF over the field and the tables of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy import units as u
from astropy.table import QTable
from matplotlib.image import imread

from hstdriz_study.field.inspection import EXPOSURES_NAME, PLANES_NAME
from hstdriz_study.measure.over_field.field_plane import FieldPlane
from hstdriz_study.measure.over_field.linear import UNKNOWN, linear_fit
from hstdriz_study.measure.over_field.psf import OverField, planes_table
from hstdriz_study.study.directory.layout import FilterDirectory
from hstdriz_study.study.report import over_field_figure
from hstdriz_study.study.report.over_field import EXPOSURE_HEADS, PLANE_HEADS, psf_told

if TYPE_CHECKING:
    from pathlib import Path

CORNERS = np.array([[150.0, 2.0], [150.03, 2.0], [150.03, 2.03], [150.0, 2.03]])


@pytest.fixture
def found() -> OverField:
    """Stars that are 6 % wider in the north, one of them not measured."""
    rng = np.random.default_rng(4)
    places = rng.uniform(-50, 50, (30, 2))
    fwhm = 0.2 * (1 + 0.06 * places[:, 1] / 108) + 0.001 * rng.standard_normal(30)
    fwhm[3] = np.nan
    stars = QTable(
        {
            "id": np.arange(30), "east": places[:, 0] * u.arcsec, "north": places[:, 1] * u.arcsec,
            "fwhm": fwhm * u.arcsec, "along_east": np.full(30, 0.1),
            "along_northeast": np.zeros(30), "ee": np.full(30, 0.9),
        }
    )  # fmt: skip
    plane = linear_fit(places, fwhm, FieldPlane.of([CORNERS]))
    return OverField(stars, plane, UNKNOWN, UNKNOWN, UNKNOWN, coverage=1.0, blocks=None)


def test_the_map_is_drawn_whatever_is_known(found, tmp_path: Path) -> None:
    planes, drawn = planes_table(found), []
    nothing = planes_table(found._replace(fwhm=UNKNOWN))
    for number, (stars, of_stars) in enumerate(
        [(found.stars, planes), (found.stars, nothing), (found.stars[:0], nothing)]
    ):
        path = tmp_path / f"{number}.png"
        over_field_figure(stars, of_stars, [CORNERS], path)
        drawn.append(imread(path))
    assert drawn[0].shape == drawn[1].shape
    assert np.any(drawn[0] != drawn[1])  # with the arrow


def test_the_tables_say_where_it_is_wider_and_what_is_not_known(found, tmp_path: Path) -> None:
    assert psf_told(FilterDirectory(tmp_path)) is None  # an earlier version's study
    planes_table(found).write(tmp_path / PLANES_NAME)
    unknown = np.full(1, np.nan)
    QTable(
        {
            "exposure": ["a.fits"], "exptime": [500.0] * u.s, "n_stars": [3],
            "fwhm": unknown * u.arcsec, "fwhm_err": unknown * u.arcsec, "fwhm_over_others": unknown,
            "fwhm_over_others_err": unknown, "ellipticity": unknown, "ellipticity_err": unknown,
            "fwhm_without": unknown, "depth_without": [-0.16] * u.mag,
            "depth_without_read_noise": [-0.16] * u.mag,
        }
    ).write(tmp_path / EXPOSURES_NAME)  # fmt: skip
    told = psf_told(FilterDirectory(tmp_path))
    (row,) = told.exposure_rows
    assert len(row) == len(EXPOSURE_HEADS)
    assert row == ("a.fits", "500", "3", "-", "-", "-", "-", "-0.16")
    width, *others = told.plane_rows
    assert all(len(one) == len(PLANE_HEADS) for one in told.plane_rows)
    angle = float(width[4].removeprefix("PA ").removesuffix("°"))
    assert min(angle, 360 - angle) < 10
    assert all(set(one[1:]) == {"-"} for one in others)
