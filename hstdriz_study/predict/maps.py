"""From predicted points to maps of scale by pixfrac, one a variant of the other settings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import DrizzleSettings
    from hstdriz_study.predict.weights import PredictedWeight


@dataclass(frozen=True)
class WeightMap:
    """Predictions for one filter and one variant of the settings that are not mapped.

    Attributes
    ----------
    filter : str
    variant : str
        The settings in which this map differs from the others of the filter.
    scales_arcsec, pixfracs : 1D `~numpy.ndarray`
        Ascending.
    rms_over_median, hole_fraction : 2D `~numpy.ndarray`
        One row a scale, one column a pixfrac; nan where no point was asked for.
    """

    filter: str
    variant: str
    scales_arcsec: np.ndarray
    pixfracs: np.ndarray
    rms_over_median: np.ndarray
    hole_fraction: np.ndarray


def weight_maps(name: str, predicted: Sequence[PredictedWeight]) -> list[WeightMap]:
    """Lay predictions out as maps.

    Parameters
    ----------
    name : str
        The filter.
    predicted : sequence of `PredictedWeight`
        One a point.
    """
    variants: dict[DrizzleSettings, list[PredictedWeight]] = {}
    for one in predicted:
        variant = replace(one.settings, final_scale_arcsec=None, final_pixfrac=None)
        variants.setdefault(variant, []).append(one)
    words = _difference(list(variants))
    return [_map(name, words[variant], points) for variant, points in variants.items()]


def _difference(variants: list[DrizzleSettings]) -> dict[DrizzleSettings, str]:
    """Name each variant by the settings that are not the same in all."""
    values = [vars(variant) for variant in variants]
    differing = [key for key in values[0] if len({each[key] for each in values}) > 1]
    return {
        variant: ", ".join(f"{key}={vars(variant)[key]}" for key in differing)
        for variant in variants
    }


def _map(name: str, variant: str, predicted: Sequence[PredictedWeight]) -> WeightMap:
    scales, row = np.unique([one.final_scale_arcsec for one in predicted], return_inverse=True)
    pixfracs, column = np.unique([one.final_pixfrac for one in predicted], return_inverse=True)
    ratio = np.full((len(scales), len(pixfracs)), np.nan)
    holes = ratio.copy()
    ratio[row, column] = [one.spread.rms_over_median for one in predicted]
    holes[row, column] = [one.spread.hole_fraction for one in predicted]
    return WeightMap(name, variant, scales, pixfracs, ratio, holes)
