"""From a question to the archive to exposures and calibration files in a folder of one's own."""

from typing import TYPE_CHECKING

from lazy_loader import attach

from hstdriz_study.fetch.settings import CrdsSettings, FetchSettings, Patience, Question

if TYPE_CHECKING:
    from hstdriz_study.fetch.answer import fetch_answer
    from hstdriz_study.fetch.references import fetched_references
else:
    # composing a configuration needs the settings alone
    __getattr__, *_ = attach(
        __name__,
        submod_attrs={"answer": ["fetch_answer"], "references": ["fetched_references"]},
    )

__all__ = [
    "CrdsSettings",
    "FetchSettings",
    "Patience",
    "Question",
    "fetch_answer",
    "fetched_references",
]
