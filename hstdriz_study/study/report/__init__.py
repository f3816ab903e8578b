"""The only place that plots and writes pages: figures, images, the report and the script."""

from typing import TYPE_CHECKING

from lazy_loader import attach

if TYPE_CHECKING:
    from hstdriz_study.study.report.at_once import draw_all
    from hstdriz_study.study.report.dithers import dither_phase_figure, dither_sky_figure
    from hstdriz_study.study.report.findings import Extension, extension
    from hstdriz_study.study.report.images import point_images
    from hstdriz_study.study.report.over_field import over_field_figure
    from hstdriz_study.study.report.script import ProductCall, product_script
    from hstdriz_study.study.report.stars import stars_figure
    from hstdriz_study.study.report.tables import choice_table, rule_table
    from hstdriz_study.study.report.weight_preview import weight_preview_figure
    from hstdriz_study.study.report.write import ReportPaths, write_report
else:
    __getattr__, *_ = attach(
        __name__,
        submod_attrs={
            "at_once": ["draw_all"],
            "dithers": ["dither_phase_figure", "dither_sky_figure"],
            "findings": ["Extension", "extension"],
            "images": ["point_images"],
            "over_field": ["over_field_figure"],
            "script": ["ProductCall", "product_script"],
            "stars": ["stars_figure"],
            "tables": ["choice_table", "rule_table"],
            "weight_preview": ["weight_preview_figure"],
            "write": ["ReportPaths", "write_report"],
        },
    )

__all__ = [
    "Extension",
    "ProductCall",
    "ReportPaths",
    "choice_table",
    "dither_phase_figure",
    "dither_sky_figure",
    "draw_all",
    "extension",
    "over_field_figure",
    "point_images",
    "product_script",
    "rule_table",
    "stars_figure",
    "weight_preview_figure",
    "write_report",
]
