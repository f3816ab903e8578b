"""From a map of predictions to a table for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.predict.maps import WeightMap

_LABEL_WIDTH, _CELL_WIDTH = 14, 9


def weight_table(weight_map: WeightMap) -> str:
    """Write RMS/median and hole fraction, one row a scale (arcsec), one column a pixfrac.

    A kernel or weighting that is swept stands above.
    """
    return "\n".join(
        [
            *([weight_map.variant] if weight_map.variant else []),
            *_block("RMS/median of the weight map", weight_map, weight_map.rms_over_median, _ratio),
            "",
            *_block(
                "fraction of pixels without data", weight_map, weight_map.hole_fraction, _fraction
            ),
        ]
    )


def _block(
    title: str, weight_map: WeightMap, values: np.ndarray, text: Callable[[float], str]
) -> list[str]:
    header = "".join(f"{pixfrac:>{_CELL_WIDTH}g}" for pixfrac in weight_map.pixfracs)
    rows = [
        f"{f'scale {scale:.4f}':>{_LABEL_WIDTH}}"
        + "".join(f"{text(v):>{_CELL_WIDTH}}" for v in row)
        for scale, row in zip(weight_map.scales_arcsec, values, strict=True)
    ]
    return [title, f"{'pixfrac':>{_LABEL_WIDTH}}" + header, *rows]


def _ratio(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.3f}"


def _fraction(value: float) -> str:
    if np.isnan(value):
        return "-"
    return "0" if value == 0 else f"{value:.1e}"
