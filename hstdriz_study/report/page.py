"""From choices, records and figures to one self-contained HTML page and one Markdown page."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jinja2

from hstdriz_study.report.tables import (
    CHOICE_HEADS,
    POINT_HEADS,
    VARIANT_HEADS,
    choice_rows,
    point_rows,
    variant_rows,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hstdriz_study.choose import Choice
    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.report.figures import FigureFile

MIME = {".svg": "image/svg+xml", ".png": "image/png"}


@dataclass(frozen=True)
class FilterSection:
    """Everything the page says about one filter.

    ``script`` is the file, relative to the study, that makes the chosen
    product; None where there is none.
    """

    choice: Choice
    records: Sequence[PointRecord]
    figures: Sequence[FigureFile]
    setup_figures: Sequence[FigureFile]
    warnings: Sequence[str]
    provenance: Mapping[str, Sequence[tuple[str, str]]]
    script: str | None


def render_html(study: Mapping[str, Any], sections: Sequence[FilterSection]) -> str:
    """Return the report as one HTML file with its images inside.

    Parameters
    ----------
    study : mapping
        What ``study.json`` holds.
    sections : sequence of FilterSection
    """
    environment = _environment(autoescape=True)
    environment.filters["data_uri"] = _data_uri
    return environment.get_template("report.html.j2").render(_context(study, sections))


def render_markdown(
    study: Mapping[str, Any], sections: Sequence[FilterSection], study_dir: Path
) -> str:
    """Return the report as Markdown whose images lie beside it in ``study_dir``."""
    environment = _environment(autoescape=False)  # Markdown: `_cell` keeps tags out
    environment.filters["cell"] = _cell
    environment.filters["relative"] = lambda path: path.relative_to(study_dir).as_posix()
    return environment.get_template("report.md.j2").render(_context(study, sections))


def _environment(*, autoescape: bool) -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("hstdriz_study.report"),
        autoescape=autoescape,  # noqa: S701 - off for Markdown alone
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _context(study: Mapping[str, Any], sections: Sequence[FilterSection]) -> dict[str, Any]:
    statuses = [record.status for section in sections for record in section.records]
    return {
        "name": study.get("name", ""),
        "title": study.get("title") or study.get("name", ""),
        "created": study.get("created", ""),
        "overrides": study.get("overrides", []),
        "link": (study.get("tracking") or {}).get("link"),
        "versions": study.get("versions", {}),
        "counts": {status: statuses.count(status) for status in sorted(set(statuses))},
        "choice_heads": CHOICE_HEADS,
        "choice_rows": choice_rows([section.choice for section in sections]),
        "variant_heads": VARIANT_HEADS,
        "point_heads": POINT_HEADS,
        "sections": [
            {
                "section": section,
                "choice": section.choice,
                "variant_rows": variant_rows(section.choice),
                "point_rows": point_rows(section.records, section.choice),
                "failed": [r for r in section.records if r.status == "FAILED"],
            }
            for section in sections
        ],
    }


def _data_uri(path: Path) -> str:
    content = base64.b64encode(path.read_bytes()).decode("ascii")
    return f"data:{MIME[path.suffix]};base64,{content}"


def _cell(text: object) -> str:
    """Keep a text inside one cell of a Markdown table."""
    return str(text).replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
