"""From single exposures to the weight maps of any combination of them.

Weights add up: the weight map of several exposures is the sum of theirs. Each exposure is
drizzled once, and every combination costs a sum.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.predict.weights import on_grids, spread_of, weights_in_boxes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hstdriz_study.contracts import DrizzleSettings, PreparedFilter, WeightBoxes
    from hstdriz_study.drizzle import Weighting
    from hstdriz_study.measure import WeightSpread
    from hstdriz_study.predict.weights import OneGrid

Combination = tuple[int, ...]


def single_exposures(prepared: PreparedFilter) -> list[PreparedFilter]:
    """Split prepared exposures into one each, on the output grid of all."""
    return [
        replace(
            prepared,
            exposures=(exposure,),
            footprints=(footprint,),
            chips=tuple(chip for chip in prepared.chips if chip.exposure == exposure),
        )
        for exposure, footprint in zip(prepared.exposures, prepared.footprints, strict=True)
    ]


def predict_combinations(
    singles: Sequence[PreparedFilter],
    combinations: Sequence[Combination],
    boxes: WeightBoxes,
    settings: Sequence[DrizzleSettings],
    weighting_of: Callable[[DrizzleSettings], Weighting],
    *,
    n_processes: int = 1,
) -> list[list[WeightSpread]]:
    """Predict the weight map of every point for every combination of exposures.

    Parameters
    ----------
    singles : sequence of `~hstdriz_study.contracts.PreparedFilter`
        One exposure each (`single_exposures`), with a common output grid.
    combinations : sequence of tuple of int
        Indices into ``singles``; one that stands twice counts twice.
    boxes, settings, weighting_of, n_processes
        As in `~hstdriz_study.predict.predict_weights`, which says what is raised.

    Returns
    -------
    list of list of `~hstdriz_study.measure.WeightSpread`
        One list a point, one item a combination.
    """
    work = partial(_spreads, tuple(singles), tuple(combinations), boxes)
    return on_grids(work, singles[0].mosaic, settings, weighting_of, n_processes)


def _spreads(
    singles: tuple[PreparedFilter, ...],
    combinations: tuple[Combination, ...],
    boxes: WeightBoxes,
    one: OneGrid,
) -> list[list[WeightSpread]]:
    by_exposure = [weights_in_boxes(single, boxes, one) for single in singles]
    of_points = zip(*by_exposure, strict=True)
    return [_of_point(np.array(wht), combinations) for wht in of_points]


def _of_point(wht: np.ndarray, combinations: tuple[Combination, ...]) -> list[WeightSpread]:
    return [spread_of(wht[list(chosen)].sum(axis=0)) for chosen in combinations]
