"""From WCS, flags and exposure times to the weight map of every point, without drizzling images."""

from typing import TYPE_CHECKING

from hstdriz_study.lazy import lazily
from hstdriz_study.predict.allowance import CosmicRayAllowance
from hstdriz_study.predict.settings import SketchSettings

if TYPE_CHECKING:
    from hstdriz_study.predict.combinations import (
        Combination,
        predict_combinations,
        single_exposures,
    )
    from hstdriz_study.predict.foreseen_table import weight_table
    from hstdriz_study.predict.maps import WeightMap, weight_maps
    from hstdriz_study.predict.sketch import sketch_filter, unflagged_weighting
    from hstdriz_study.predict.weights import (
        PredictedWeight,
        choose_weight_boxes,
        predict_weights,
    )
else:
    # most studies foresee nothing, and should not wait for it
    __getattr__ = lazily(
        __name__,
        {
            "Combination": "combinations",
            "PredictedWeight": "weights",
            "WeightMap": "maps",
            "choose_weight_boxes": "weights",
            "predict_combinations": "combinations",
            "predict_weights": "weights",
            "single_exposures": "combinations",
            "sketch_filter": "sketch",
            "unflagged_weighting": "sketch",
            "weight_maps": "maps",
            "weight_table": "foreseen_table",
        },
    )

__all__ = [
    "Combination",
    "CosmicRayAllowance",
    "PredictedWeight",
    "SketchSettings",
    "WeightMap",
    "choose_weight_boxes",
    "predict_combinations",
    "predict_weights",
    "single_exposures",
    "sketch_filter",
    "unflagged_weighting",
    "weight_maps",
    "weight_table",
]
