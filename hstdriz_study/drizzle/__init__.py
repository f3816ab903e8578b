"""From prepared exposures and settings to a drizzled image."""

from hstdriz_study.drizzle.astrodrizzle import drizzle
from hstdriz_study.drizzle.options import final_options, one_call_options
from hstdriz_study.drizzle.settings import drizzle_settings

__all__ = ["drizzle", "drizzle_settings", "final_options", "one_call_options"]
