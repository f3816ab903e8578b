"""From verdicts on filters to one self-contained page."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, NamedTuple

from hstdriz_study.study.report.page import html_environment
from hstdriz_study.whole_files import write_text, written_here

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.study.check.command import Verdict


class FilterPage(NamedTuple):
    """A filter's part: the verdict in words, what was found, the heads of its table."""

    told: str
    verdict: Verdict
    heads: Sequence[str]

    @property
    def picture_uri(self) -> str:
        """The picture, in the page itself; empty without one."""
        coded = base64.b64encode(self.verdict.picture).decode()
        return f"data:image/png;base64,{coded}" if coded else ""


def write_page(filters: Sequence[FilterPage], data: str, path: Path) -> None:
    """Write the page.

    Parameters
    ----------
    filters : sequence of FilterPage
    data : str
        Whose exposures they are.
    path : `~pathlib.Path`

    Raises
    ------
    StudyError
        If the file cannot be written.
    """
    page = html_environment().get_template("check.html.j2").render(filters=filters, data=data)
    with written_here(path):
        write_text(path, page)
