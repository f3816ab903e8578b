from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from hstdriz_study.contracts import DrizzleSettings
from hstdriz_study.measure import WeightSpread
from hstdriz_study.predict import PredictedWeight, WeightMap, weight_maps, weight_table
from hstdriz_study.study.report import weight_preview_figure

POINT = DrizzleSettings(
    final_scale_arcsec=0.05, final_pixfrac=0.8, final_kernel="square", final_wht_type="EXP",
    final_rot=0.0, final_refimage=None, final_bits=336,
)  # fmt: skip


def foreseen(one: DrizzleSettings, ratio: float, holes: float = 0.0) -> PredictedWeight:
    return PredictedWeight(one, WeightSpread(ratio, 1.0, holes))


def test_points_stand_at_their_scale_and_pixfrac_and_missing_ones_are_nan():
    points = [replace(POINT, final_pixfrac=0.2), POINT, replace(POINT, final_scale_arcsec=0.03)]
    (weights,) = weight_maps(
        "f814w", [foreseen(p, r) for p, r in zip(points, (0.4, 0.1, 0.3), strict=True)]
    )
    assert weights.scales_arcsec.tolist() == [0.03, 0.05]
    assert weights.pixfracs.tolist() == [0.2, 0.8]
    np.testing.assert_array_equal(weights.rms_over_median, [[np.nan, 0.3], [0.4, 0.1]])


def test_each_kernel_has_a_map_of_its_own_that_says_so():
    points = [POINT, replace(POINT, final_kernel="turbo")]
    first, second = weight_maps("f814w", [foreseen(p, 0.1) for p in points])
    assert (first.variant, second.variant) == ("final_kernel=square", "final_kernel=turbo")


def test_table_holds_every_number():
    points = [POINT, replace(POINT, final_pixfrac=0.2)]
    (weights,) = weight_maps("f814w", [foreseen(POINT, 0.123), foreseen(points[1], 0.4, 2e-3)])
    table = weight_table(weights)
    for word in ("0.0500", "0.2", "0.8", "0.123", "0.400", "2.0e-03"):
        assert word in table


@pytest.mark.parametrize("n_pixfracs", [1, 10])
def test_map_is_drawn_with_limits_holes_and_points_without_a_value(
    compose_config, tmp_path: Path, n_pixfracs
):
    ratio = np.linspace(0.5, 0.05, 3 * n_pixfracs).reshape(3, n_pixfracs)
    ratio[0, 0], ratio[1, 0] = np.inf, np.nan
    weights = WeightMap(
        "f814w", "", np.array([0.03, 0.04, 0.05]), np.linspace(0.1, 1, n_pixfracs), ratio,
        np.where(ratio > 0.3, 1e-3, 0.0),
    )  # fmt: skip
    path = tmp_path / "map.png"
    weight_preview_figure(weights, compose_config().choose, r"/a$b\q$; 4 exposures", path)
    pixels = imread(path)[..., :3]
    orange = np.abs(pixels - (0.835, 0.369, 0.0)).max(axis=-1) < 0.02
    assert orange.any()
    assert pixels.std() > 0.05
