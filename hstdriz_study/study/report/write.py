"""From the records and choices of a study to its tables and its report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hstdriz_study.choose import (
    choice_to_json,
    choose_common_scale,
    points_table,
)
from hstdriz_study.contracts import entries_of
from hstdriz_study.json_files import write_json
from hstdriz_study.study.config import data_told
from hstdriz_study.study.directory.read_back import product_warnings
from hstdriz_study.study.directory.refinement_record import read_refinement
from hstdriz_study.study.directory.signature import signature
from hstdriz_study.study.directory.stored import read_study
from hstdriz_study.study.report.between import between_told
from hstdriz_study.study.report.exposures import exposure_times, exposures_told
from hstdriz_study.study.report.figures import MOSAICS, draw_filter, setup_figures
from hstdriz_study.study.report.findings import chosen_record, common_told, extension
from hstdriz_study.study.report.gallery import walls
from hstdriz_study.study.report.made import image_told, product_rows
from hstdriz_study.study.report.matched_psfs import matching_told
from hstdriz_study.study.report.methods import bibtex, methods_paragraph
from hstdriz_study.study.report.over_field import psf_told
from hstdriz_study.study.report.page import FilterSection, StudyPage, render_html, render_markdown
from hstdriz_study.study.report.plots import curve_plots, tradeoff_plots
from hstdriz_study.study.report.refinement import refinement_told
from hstdriz_study.study.report.tables import choice_table, verdicts
from hstdriz_study.study.report.what_if import what_ifs_told
from hstdriz_study.whole_files import write_ecsv, write_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hstdriz_study.choose import Choice, ChoiceSettings, HandbookPick
    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.study.directory.layout import PointDirectory, StudyDirectory

# A list longer than this is left to study.json and the records.
MAX_PROVENANCE_ROWS = 60


@dataclass(frozen=True)
class ReportPaths:
    """What a report consists of.

    Attributes
    ----------
    points, choice, markdown, html : `~pathlib.Path`
    figures : tuple of `~pathlib.Path`
    choices : tuple of Choice
        In the order in which the filters were swept.
    table : str
        The choices as a table for the terminal.
    """

    points: Path
    choice: Path
    markdown: Path
    html: Path
    figures: tuple[Path, ...]
    choices: tuple[Choice, ...]
    table: str


@dataclass(frozen=True)
class _Recorded:
    """A record and where it lies."""

    record: PointRecord
    directory: PointDirectory


def write_report(
    study_dir: StudyDirectory,
    config: ChoiceSettings,
    handbooks: Mapping[str, HandbookPick],
    *,
    records: Sequence[PointRecord],
    choices: Sequence[Choice],
) -> ReportPaths:
    """Write what was found and chosen in a study.

    Writes ``points.ecsv``, ``choice.json``, ``report.md``, ``report.html`` and
    ``figures/<filter>/``. The same records give the same files. The scripts
    ``make_product_<filter>.py`` are mentioned when they are there already, so
    write them first.

    Parameters
    ----------
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`
        Directory of the study that was run.
    config : `~hstdriz_study.choose.ChoiceSettings`
    handbooks : mapping of str to HandbookPick
        The rule of thumb's settings of each filter.
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        All that the study holds, in its order.
    choices : sequence of Choice
        One a filter.

    Raises
    ------
    StudyError
        If ``study.json`` is missing.
    """
    directories = study_dir.points()
    recorded = [_Recorded(*one) for one in zip(records, directories, strict=True)]
    study = read_study(study_dir)
    data = data_told(study)
    table = points_table(records)
    table.meta["exposures"] = data.words
    write_ecsv(study_dir.table, table)
    write_json(
        study_dir.choice,
        {
            "study": study.get("name", ""),
            "exposures": data.words,
            "simulated": data.simulated,
            "choices": [choice_to_json(c) for c in choices],
        },
    )
    sections = [_section(choice, recorded, config, study, study_dir) for choice in choices]
    page = StudyPage(
        study,
        sections,
        _common(records, config, handbooks),
        methods_paragraph(study, records, choices, config, exposure_times(study_dir)),
        bibtex(study),
        matching_told(study_dir),
        _cited(study, records),
    )
    write_text(study_dir.html, render_html(page))
    write_text(study_dir.markdown, render_markdown(page, study_dir))
    drawn = [figure for section in sections for figure in section.figures]
    return ReportPaths(
        points=study_dir.table,
        choice=study_dir.choice,
        markdown=study_dir.markdown,
        html=study_dir.html,
        figures=tuple(figure.path for figure in drawn),
        choices=tuple(choices),
        table=choice_table(choices, entries_of(records)),
    )


def _cited(study: Mapping[str, Any], records: Sequence[PointRecord]) -> str:
    version = study.get("versions", {}).get("hstdriz-study", "")
    return f"hstdriz-study {version}, {study.get('name', '')}, {signature(study, records)}"


def _common(
    records: Sequence[PointRecord], config: ChoiceSettings, handbooks: Mapping[str, HandbookPick]
) -> dict[str, Any] | None:
    """Return what one scale for all filters would cost; None with a single filter."""
    if len({record.filter for record in records}) == 1:
        return None
    common = choose_common_scale(records, config, handbooks)
    return common_told(common, asked=config.common_scale)


def _section(
    choice: Choice,
    recorded: Sequence[_Recorded],
    config: ChoiceSettings,
    study: Mapping[str, Any],
    study_dir: StudyDirectory,
) -> FilterSection:
    mine = [item for item in recorded if item.record.filter == choice.filter]
    records = [item.record for item in mine]
    chosen = chosen_record(records, choice)
    of_product = product_warnings(
        study_dir.products.read_back(choice.filter), chosen.key if chosen else None
    )
    script = study_dir.script(choice.filter)
    pictures = _pictures(mine)
    told = verdicts(records, choice)
    return FilterSection(
        choice=choice,
        records=records,
        figures=draw_filter(records, choice, config, pictures, study_dir.figures / choice.filter),
        setup_figures=setup_figures(study_dir.of_filter(choice.filter)),
        warnings=[
            *of_product,
            *dict.fromkeys(warning for r in records for warning in r.warnings),
        ],
        provenance=_provenance(records),
        script=script.name if script.is_file() else None,
        extension=extension(study, choice, study_dir),
        refined=refinement_told(read_refinement(study_dir), choice.filter),
        between=between_told(study, choice, records, study_dir),
        exposures=exposures_told(study_dir.of_filter(choice.filter)),
        psf=psf_told(study_dir.of_filter(choice.filter)),
        what_ifs=what_ifs_told(study_dir, choice, records),
        planes=tradeoff_plots(records, choice, config, told),
        curves=curve_plots(records, choice, config, told),
        walls=walls(records, choice, pictures),
        products=product_rows(study_dir, chosen.key) if chosen else (),
        image=image_told(study_dir, chosen) if chosen else "",
    )


def _pictures(recorded: Sequence[_Recorded]) -> dict[str, dict[str, Path]]:
    """Return image name to point key to file, for the files that are there."""
    found: dict[str, dict[str, Path]] = {name: {} for name in MOSAICS}
    for item in recorded:
        for name, relative in item.record.images.items():
            path = item.directory.path / relative
            if name in found and path.is_file():
                found[name][item.record.key] = path
    return found


def _provenance(records: Sequence[PointRecord]) -> dict[str, list[tuple[str, str]]]:
    """Return inputs, reference files and data set as rows of name and value."""
    for record in records:
        if record.provenance:
            stored = record.provenance
            return {
                name: _rows(stored[name])[:MAX_PROVENANCE_ROWS]
                for name in ("dataset", "inputs", "references", "wcs")
                if stored.get(name)
            }
    return {}


def _rows(content: Any) -> list[tuple[str, str]]:
    pairs = content.items() if isinstance(content, dict) else content
    return [(str(name), str(value)) for name, value in pairs if value is not None]
