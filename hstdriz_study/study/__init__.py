"""A study from start to end: the rooms in the order of the data's path."""

from typing import TYPE_CHECKING

from hstdriz_study.lazy import lazily

if TYPE_CHECKING:
    from hstdriz_study.study.finish import finish_study, print_rules, send_unsent
    from hstdriz_study.study.preview import preview_study
    from hstdriz_study.study.products.make import make_products
    from hstdriz_study.study.run.job import run_points
    from hstdriz_study.study.run.refine import next_points
    from hstdriz_study.study.run.start import open_store, start_study
    from hstdriz_study.study.what_if import what_if_study
else:
    __getattr__ = lazily(
        __name__,
        {
            "finish_study": "finish",
            "make_products": "products.make",
            "next_points": "run.refine",
            "open_store": "run.start",
            "preview_study": "preview",
            "print_rules": "finish",
            "run_points": "run.job",
            "send_unsent": "finish",
            "start_study": "run.start",
            "what_if_study": "what_if",
        },
    )

__all__ = [
    "finish_study",
    "make_products",
    "next_points",
    "open_store",
    "preview_study",
    "print_rules",
    "run_points",
    "send_unsent",
    "start_study",
    "what_if_study",
]
