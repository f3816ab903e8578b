"""A study from start to end: the rooms in the order of the data's path."""

from typing import TYPE_CHECKING

from lazy_loader import attach

if TYPE_CHECKING:
    from hstdriz_study.study.caching import (
        Unwanted,
        print_entries,
        print_sizes,
        prune_entries,
        verify_entries,
    )
    from hstdriz_study.study.check.command import check_points
    from hstdriz_study.study.fetching import fetch_points
    from hstdriz_study.study.finish import finish_study, print_rules, send_unsent
    from hstdriz_study.study.opened import OpenedStudy, open_study
    from hstdriz_study.study.preview import preview_study
    from hstdriz_study.study.products.make import make_products
    from hstdriz_study.study.run.job import run_points
    from hstdriz_study.study.run.refine import next_points
    from hstdriz_study.study.run.start import check_together, open_store, start_study
    from hstdriz_study.study.ui import show_study
    from hstdriz_study.study.what_if import what_if_study
else:
    __getattr__, *_ = attach(
        __name__,
        submod_attrs={
            "caching": [
                "Unwanted",
                "print_entries",
                "print_sizes",
                "prune_entries",
                "verify_entries",
            ],
            "check.command": ["check_points"],
            "fetching": ["fetch_points"],
            "finish": ["finish_study", "print_rules", "send_unsent"],
            "opened": ["OpenedStudy", "open_study"],
            "preview": ["preview_study"],
            "products.make": ["make_products"],
            "run.job": ["run_points"],
            "run.refine": ["next_points"],
            "run.start": ["check_together", "open_store", "start_study"],
            "ui": ["show_study"],
            "what_if": ["what_if_study"],
        },
    )

__all__ = [
    "OpenedStudy",
    "Unwanted",
    "check_points",
    "check_together",
    "fetch_points",
    "finish_study",
    "make_products",
    "next_points",
    "open_store",
    "open_study",
    "preview_study",
    "print_entries",
    "print_rules",
    "print_sizes",
    "prune_entries",
    "run_points",
    "send_unsent",
    "show_study",
    "start_study",
    "verify_entries",
    "what_if_study",
]
