"""From WCS, flags and exposure times to the weight map of every point, without drizzling images."""

from typing import TYPE_CHECKING

from lazy_loader import attach

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
    __getattr__, *_ = attach(
        __name__,
        submod_attrs={
            "combinations": ["Combination", "predict_combinations", "single_exposures"],
            "maps": ["WeightMap", "weight_maps"],
            "sketch": ["sketch_filter", "unflagged_weighting"],
            "foreseen_table": ["weight_table"],
            "weights": ["PredictedWeight", "choose_weight_boxes", "predict_weights"],
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
