"""The only place that plots and writes pages: figures, images, the report and the script."""

from typing import TYPE_CHECKING

from hstdriz_study.lazy import lazily

if TYPE_CHECKING:
    from hstdriz_study.study.report.dithers import dither_phase_figure, dither_sky_figure
    from hstdriz_study.study.report.images import point_images
    from hstdriz_study.study.report.matched_psfs import MATCHING_NAME, PRODUCTS_NAME
    from hstdriz_study.study.report.script import ProductCall, product_script
    from hstdriz_study.study.report.stars import stars_figure
    from hstdriz_study.study.report.tables import choice_table, rule_table
    from hstdriz_study.study.report.weight_preview import weight_preview_figure
    from hstdriz_study.study.report.what_if import WHAT_IF_NAME
    from hstdriz_study.study.report.write import ReportPaths, write_report
else:
    __getattr__ = lazily(
        __name__,
        {
            "MATCHING_NAME": "matched_psfs",
            "PRODUCTS_NAME": "matched_psfs",
            "ProductCall": "script",
            "ReportPaths": "write",
            "WHAT_IF_NAME": "what_if",
            "choice_table": "tables",
            "dither_phase_figure": "dithers",
            "dither_sky_figure": "dithers",
            "point_images": "images",
            "product_script": "script",
            "rule_table": "tables",
            "stars_figure": "stars",
            "weight_preview_figure": "weight_preview",
            "write_report": "write",
        },
    )

__all__ = [
    "MATCHING_NAME",
    "PRODUCTS_NAME",
    "WHAT_IF_NAME",
    "ProductCall",
    "ReportPaths",
    "choice_table",
    "dither_phase_figure",
    "dither_sky_figure",
    "point_images",
    "product_script",
    "rule_table",
    "stars_figure",
    "weight_preview_figure",
    "write_report",
]
