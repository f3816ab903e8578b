"""One road from exposures to metrics: prepare, choose where to measure, drizzle, measure.

`Field` is the whole of it; studies, ``validate``, ``preview``, products, benchmarks and notebooks
call it. It knows exposures, options and frozen values, and neither a configuration nor the
directory of a study.
"""

from typing import TYPE_CHECKING

from lazy_loader import attach

from hstdriz_study.field.field import Field
from hstdriz_study.field.settings import FieldOptions, PointOptions
from hstdriz_study.field.setup import FieldSetup

if TYPE_CHECKING:
    from hstdriz_study.field.measuring import MeasuredPoint
else:
    __getattr__, *_ = attach(__name__, submod_attrs={"measuring": ["MeasuredPoint"]})

__all__ = ["Field", "FieldOptions", "FieldSetup", "MeasuredPoint", "PointOptions"]
