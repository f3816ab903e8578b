"""From a directory of flt/flc files, or a seed, to the described exposures of one filter."""

from hstdriz_study.dataset.load import FilterExposures, dataset_warnings, load_exposures
from hstdriz_study.dataset.local import describe_directory, select_exposures
from hstdriz_study.dataset.reading import read_exposure
from hstdriz_study.dataset.settings import DatasetSettings, SyntheticSource, WantedFilter
from hstdriz_study.dataset.synthetic import synthetic_directory

__all__ = [
    "DatasetSettings",
    "FilterExposures",
    "SyntheticSource",
    "WantedFilter",
    "dataset_warnings",
    "describe_directory",
    "load_exposures",
    "read_exposure",
    "select_exposures",
    "synthetic_directory",
]
