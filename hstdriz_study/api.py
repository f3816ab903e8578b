"""What notebooks and programs import: ``from hstdriz_study.api import open_study, run_sweep``.

The names are provisional until version 1.
"""

from hstdriz_study.cli.notebook import run_sweep
from hstdriz_study.cli.shipped import shipped_config
from hstdriz_study.contracts import DrizzleSettings
from hstdriz_study.field import Field
from hstdriz_study.study import OpenedStudy, open_study
from hstdriz_study.study.config import drizzle_settings, field_options, point_options

__all__ = [
    "DrizzleSettings",
    "Field",
    "OpenedStudy",
    "drizzle_settings",
    "field_options",
    "open_study",
    "point_options",
    "run_sweep",
    "shipped_config",
]
