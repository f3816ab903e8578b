"""Choose AstroDrizzle's ``final_scale`` and ``final_pixfrac`` by measurement.

The packages read like the path of the data: ``dataset`` -> ``prepare`` ->
``drizzle`` -> ``measure`` -> ``track`` -> ``choose`` -> ``report``.
"""

__version__ = "0.1.0"
