"""From choices, records and figures to one self-contained HTML page and one Markdown page."""

from __future__ import annotations

import base64
import json
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from hstdriz_study.choose.words.regret import REGRET_HEADS
from hstdriz_study.contracts import entries_of
from hstdriz_study.markdown import cell, plain
from hstdriz_study.study.config import data_told
from hstdriz_study.study.report.between import BETWEEN_HEADS
from hstdriz_study.study.report.exposures import HEADS as SIDE_BY_SIDE_HEADS
from hstdriz_study.study.report.findings import (
    METRIC_HEADS,
    PRICE_HEADS,
    VOTE_HEADS,
    chosen_record,
    firmness,
    goal_heads,
    goal_rows,
    goals_told,
    metric_rows,
    regret_lead,
    regret_rows,
    rules_silent,
    skipped_points,
    vote_rows,
    warnings_told,
)
from hstdriz_study.study.report.made import PRODUCT_HEADS
from hstdriz_study.study.report.over_field import EXPOSURE_HEADS, PLANE_HEADS
from hstdriz_study.study.report.refinement import KNOWN_HEADS, ROUND_HEADS
from hstdriz_study.study.report.tables import (
    VARIANT_HEADS,
    choice_heads,
    choice_rows,
    point_heads,
    point_rows,
    rule_heads,
    rule_rows,
    variant_rows,
    verdicts,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hstdriz_study.choose import Choice
    from hstdriz_study.contracts import MetricEntry, PointRecord
    from hstdriz_study.study.directory.layout import StudyDirectory
    from hstdriz_study.study.report.between import BetweenTold
    from hstdriz_study.study.report.figures import FigureFile
    from hstdriz_study.study.report.findings import Extension
    from hstdriz_study.study.report.gallery import Wall
    from hstdriz_study.study.report.over_field import PsfTold
    from hstdriz_study.study.report.plots import Plot
    from hstdriz_study.study.report.refinement import RefinementTold

MIME = {".svg": "image/svg+xml", ".png": "image/png"}


@dataclass(frozen=True)
class FilterSection:
    """Everything the page says about one filter.

    ``script`` is the file, relative to the study, that makes the chosen
    product, and ``extension`` the command that sweeps beyond the edge on which
    the choice lies, ``refined`` what was added around the choice,
    ``between`` what is foretold between the points,
    ``exposures`` the rows of their table, ``psf`` what is known of the PSF by
    exposure and over the field; None where there is
    none. ``what_ifs`` tells what exposures fewer or more would change.
    ``planes`` and ``curves`` are the interactive plots, ``walls`` the
    pictures of the points by kind, ``products`` the rows of what was made of the choice, ``image``
    its size.
    """

    choice: Choice
    records: Sequence[PointRecord]
    figures: Sequence[FigureFile]
    setup_figures: Sequence[FigureFile]
    warnings: Sequence[str]
    provenance: Mapping[str, Sequence[tuple[str, str]]]
    script: str | None
    extension: Extension | None = None
    refined: RefinementTold | None = None
    between: BetweenTold | None = None
    exposures: Sequence[Sequence[str]] | None = None
    psf: PsfTold | None = None
    what_ifs: Sequence[Mapping[str, Any]] = ()
    planes: Sequence[Plot] = ()
    curves: Sequence[Plot] = ()
    walls: Sequence[Wall] = ()
    products: Sequence[tuple[str, ...]] = ()
    image: str = ""


@dataclass(frozen=True)
class StudyPage:
    """Everything the page says.

    Attributes
    ----------
    study : mapping
        What ``study.json`` holds.
    sections : sequence of FilterSection
    common : mapping or None
        One scale for all filters (see `~hstdriz_study.study.report.findings.common_told`).
    methods, bibtex : str
        A paragraph for a paper and what it cites.
    cited : str
        A line that fixes what was run.
    matching : mapping or None
        What matching the PSFs costs (see
        `~hstdriz_study.study.report.matched_psfs.matching_told`).
    """

    study: Mapping[str, Any]
    sections: Sequence[FilterSection]
    common: Mapping[str, Any] | None = None
    methods: str = ""
    bibtex: str = ""
    matching: Mapping[str, Any] | None = None
    cited: str = ""


def render_html(page: StudyPage) -> str:
    """Return the report as one HTML file with its images inside."""
    environment = html_environment()
    shown = _context(page) | {"plotly": Markup(get_plotlyjs())}  # noqa: S704 - plotly's own file
    return environment.get_template("report.html.j2").render(shown)


def render_markdown(page: StudyPage, study_dir: StudyDirectory) -> str:
    """Return the report as Markdown whose images lie beside it in `study_dir`."""
    environment = _environment(autoescape=False)  # Markdown: `plain` keeps tags out
    environment.filters |= {"cell": cell, "plain": plain}
    environment.filters["relative"] = lambda path: path.relative_to(study_dir.path).as_posix()
    return environment.get_template("report.md.j2").render(_context(page))


def html_environment() -> jinja2.Environment:
    """Return where the templates of pages are; every value that they show is escaped."""
    environment = _environment(autoescape=True)
    environment.filters |= {"data_uri": _data_uri, "json": _json}
    return environment


def _environment(*, autoescape: bool) -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("hstdriz_study.study.report"),
        autoescape=autoescape,  # noqa: S701 - off for Markdown alone
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _context(page: StudyPage) -> dict[str, Any]:
    study = page.study
    choices = [section.choice for section in page.sections]
    records = [record for section in page.sections for record in section.records]
    tracking = study.get("tracking") or {}
    statuses, entries = [record.status for record in records], entries_of(records)
    return {
        "name": study.get("name", ""),
        "title": study.get("title") or study.get("name", ""),
        "created": study.get("created", "").replace("T", " ").replace("+00:00", " UTC"),
        "data": data_told(study),
        "command": _command(study),
        "link": tracking.get("link"),
        "served_locally": not tracking.get("tracking_uri", "").startswith("http"),
        "versions": study.get("versions", {}),
        "counts": {status: statuses.count(status) for status in sorted(set(statuses))},
        "heads": {
            "between": BETWEEN_HEADS,
            "choice": choice_heads(entries),
            "exposure": EXPOSURE_HEADS,
            "side_by_side": SIDE_BY_SIDE_HEADS,
            "goal": goal_heads(entries),
            "known": KNOWN_HEADS,
            "metric": METRIC_HEADS,
            "plane": PLANE_HEADS,
            "point": point_heads(entries),
            "price": PRICE_HEADS,
            "regret": REGRET_HEADS,
            "rule": rule_heads(choices),
            "round": ROUND_HEADS,
            "variant": VARIANT_HEADS,
            "product": PRODUCT_HEADS,
            "vote": VOTE_HEADS,
        },
        "choice_rows": choice_rows(choices, entries),
        "regret_lead": regret_lead(choices),
        "goal_rows": goal_rows(choices, entries),
        "goals_told": goals_told(choices),
        "rule_rows": rule_rows(choices),
        "rules_silent": rules_silent(choices),
        "at_common": " at the common scale" if any(choice.common for choice in choices) else "",
        "common": page.common,
        "matching": page.matching,
        "methods": page.methods,
        "bibtex": page.bibtex,
        "cited": page.cited,
        "sections": [_of_filter(section, entries) for section in page.sections],
    }


def _command(study: Mapping[str, Any]) -> str:
    """Return the command that ran the study; empty when it is not recorded."""
    overrides = study.get("overrides", [])
    return shlex.join(["hstdriz-study", *overrides]) if overrides else ""


def _of_filter(section: FilterSection, entries: Mapping[str, MetricEntry]) -> dict[str, Any]:
    choice, records = section.choice, section.records
    chosen = chosen_record(records, choice)
    return {
        "section": section,
        "choice": choice,
        "firmness": firmness(choice),
        "products": section.products,
        "regrets": regret_rows(choice),
        "vote_rows": vote_rows(choice),
        "metric_rows": [] if chosen is None else metric_rows(chosen),
        "warnings": warnings_told(choice, section.warnings),
        "variant_rows": variant_rows(choice),
        "point_rows": point_rows(records, choice, entries),
        "failed": [record for record in records if record.status == "FAILED"],
        "skipped": skipped_points(records),
        **_explored(section),
    }


def _explored(section: FilterSection) -> dict[str, Any]:
    """Return what the plots and the comparator begin with: the chosen point and its rival."""
    choice = section.choice
    pictured = {
        tile.key: tile.label for wall in section.walls for _, ts in wall.rows for tile in ts
    }
    told = verdicts(section.records, choice)
    rivals = [choice.chosen, choice.runner_up, choice.sharpest, choice.handbook_point]
    first = [point.key for point in rivals if point is not None and point.key in pictured]
    first += [key for key in pictured if key not in first]
    return {
        "planes": section.planes,
        "curves": section.curves,
        "walls": section.walls,
        "options": [(key, label, told.get(key, "")) for key, label in pictured.items()],
        "first_key": first[0] if first else "",
        "second_key": first[min(1, len(first) - 1)] if first else "",
    }


def _data_uri(path: Path) -> str:
    content = base64.b64encode(path.read_bytes()).decode("ascii")
    return f"data:{MIME[path.suffix]};base64,{content}"


def _json(content: Any) -> Markup:
    """Write JSON that may stand inside a script element."""
    text = json.dumps(content, allow_nan=False, separators=(",", ":"), ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - no tag is left
