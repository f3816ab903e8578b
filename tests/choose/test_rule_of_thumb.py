"""The handbook's rule of thumb."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hstdriz_study.choose import (
    ChoiceSettings,
    HandbookPick,
    choose,
    handbook_pick,
)

if TYPE_CHECKING:
    from hstdriz_study.contracts import PointRecord


@pytest.mark.parametrize(
    ("wavelength_nm", "psf_arcsec", "final_scale_arcsec"),
    [
        (595.6, 0.0624, 0.0312),
        (835.3, 0.0876, 0.0438),
        (1050.0, 0.110, 0.0550),
        (1250.0, 0.131, 0.0655),
        (1545.0, 0.162, 0.0810),
    ],
)
def test_handbook_pick_reproduces_the_published_table(
    wavelength_nm: float, psf_arcsec: float, final_scale_arcsec: float
) -> None:
    pick = handbook_pick(wavelength_nm, 0.12825)
    assert pick.psf_arcsec == pytest.approx(psf_arcsec, abs=6e-4)
    assert pick.final_scale_arcsec == pytest.approx(final_scale_arcsec, abs=3e-4)


def test_handbook_point_is_the_nearest_scale_with_pixfrac_above_the_scale_ratio(
    ir_grid: list[PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    near = choose(ir_grid, settings, handbook).handbook_point
    assert (near.final_scale_arcsec, near.final_pixfrac) == (0.08, 0.8)
