"""One road from exposures to metrics: prepare, choose where to measure, drizzle, measure.

`Field` is the whole of it; studies, ``validate``, ``preview``, products, benchmarks and notebooks
call it. It knows exposures, options and frozen values, and neither a configuration nor the
directory of a study.
"""

from hstdriz_study.field.field import Field
from hstdriz_study.field.measuring import MeasuredPoint
from hstdriz_study.field.settings import FieldOptions, PointOptions
from hstdriz_study.field.setup import FieldSetup

__all__ = ["Field", "FieldOptions", "FieldSetup", "MeasuredPoint", "PointOptions"]
