"""A study from start to end: the rooms in the order of the data's path."""

from hstdriz_study.study.finish import finish_study, send_unsent
from hstdriz_study.study.point import run_point
from hstdriz_study.study.start import start_study

__all__ = ["finish_study", "run_point", "send_unsent", "start_study"]
