"""From exposures, prepared or not, to the weight maps of points that are not drizzled."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from hstdriz_study.apart import done_apart
from hstdriz_study.drizzle import weighting
from hstdriz_study.field.wanted import wanted_of
from hstdriz_study.guard import temporary_directory
from hstdriz_study.predict import (
    choose_weight_boxes,
    predict_weights,
    sketch_filter,
    unflagged_weighting,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hstdriz_study.contracts import DrizzleSettings, PreparedFilter, WeightBoxes
    from hstdriz_study.dataset import FilterExposures
    from hstdriz_study.field.settings import FieldOptions
    from hstdriz_study.predict import PredictedWeight

log = logging.getLogger(__name__)


def boxes_of(prepared: PreparedFilter, options: FieldOptions) -> WeightBoxes:
    """Choose the boxes in which the weight map of these exposures is measured."""
    return choose_weight_boxes(
        prepared,
        options.native,
        area_arcsec2=options.regions.weight_area_arcsec2,
        seed=options.regions.seed,
        wanted=wanted_of(options.regions),
    )


def predict_prepared(
    prepared: PreparedFilter,
    reference_dirs: Mapping[str, Path],
    boxes: WeightBoxes,
    settings: Sequence[DrizzleSettings],
    n_processes: int,
) -> list[PredictedWeight]:
    """Predict from prepared exposures, with their real flags and shifts."""
    weighting_of = partial(weighting, prepared, reference_dirs=reference_dirs)
    return predict_weights(prepared, boxes, settings, weighting_of, n_processes=n_processes)


def predict_raw(
    exposures: FilterExposures,
    options: FieldOptions,
    settings: Sequence[DrizzleSettings],
    n_processes: int,
) -> list[PredictedWeight]:
    """Predict from the user's exposures as they are, with an allowance for cosmic rays."""
    with temporary_directory("preview") as scratch:
        sketch = done_apart(
            lambda directory: sketch_filter(
                exposures, options.sketch.allowance, directory, options.prepare,
                seed=options.sketch.seed,
            ),
            scratch,
            f"filter={options.name}: reading the exposures was not finished",
        )  # fmt: skip
        for warning in sketch.warnings:
            log.warning("%s: warning: %s", options.name, warning)
        boxes = boxes_of(sketch, options)
        return predict_weights(
            sketch, boxes, settings, unflagged_weighting, n_processes=n_processes
        )
