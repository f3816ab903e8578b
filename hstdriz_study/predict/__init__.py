"""From WCS, flags and exposure times to the weight map of every point, without drizzling images."""

from hstdriz_study.predict.combinations import (
    Combination,
    predict_combinations,
    single_exposures,
)
from hstdriz_study.predict.cosmic_rays import CosmicRayAllowance
from hstdriz_study.predict.maps import WeightMap, weight_maps
from hstdriz_study.predict.sketch import sketch_filter, unflagged_weighting
from hstdriz_study.predict.table import weight_table
from hstdriz_study.predict.weights import (
    PredictedWeight,
    WeightBoxes,
    choose_weight_boxes,
    predict_weights,
)

__all__ = [
    "Combination",
    "CosmicRayAllowance",
    "PredictedWeight",
    "WeightBoxes",
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
