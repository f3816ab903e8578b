"""From the points of a sweep to whether their exposures are ready for it, filter by filter."""

from __future__ import annotations

import logging
import math
import sys
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from hstdriz_study.choose.words.numbers import count
from hstdriz_study.errors import StudyError
from hstdriz_study.field import Field
from hstdriz_study.field.exposures_checked import checked_exposures
from hstdriz_study.names import free_path
from hstdriz_study.predict import weight_maps, weight_table
from hstdriz_study.study.check.depth import expected_depth_abmag
from hstdriz_study.study.check.page import FilterPage, write_page
from hstdriz_study.study.check.pictures import exposures_picture
from hstdriz_study.study.config import (
    drizzle_settings,
    field_options,
    points_told,
    without_part,
)
from hstdriz_study.study.fetching import fetch_exposures
from hstdriz_study.study.report.exposures import HEADS, exposure_cells
from hstdriz_study.study.run.aligned_to import aligned_to_other
from hstdriz_study.study.run.room import require_images
from hstdriz_study.text_table import aligned
from hstdriz_study.whole_files import ELSEWHERE, require_writable
from hstdriz_study.workers import cores

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.study.config import StudyConfig

log = logging.getLogger(__name__)

READY, WARNED, NOT_USABLE = 0, 1, 2
PAGE_NAME = "check.html"


@dataclass(frozen=True)
class Verdict:
    """What was found of a filter: ``refused`` says why it cannot be used, if so."""

    name: str
    refused: str = ""
    warnings: Sequence[str] = ()
    rows: Sequence[tuple[str, ...]] = ()
    solutions: Sequence[str] = ()
    foreseen: Sequence[str] = ()
    picture: bytes = field(default=b"", repr=False)

    @property
    def exit_code(self) -> int:
        """One of `READY`, `WARNED`, `NOT_USABLE`."""
        if self.refused:
            return NOT_USABLE
        return WARNED if self.warnings else READY

    @property
    def told(self) -> str:
        """The verdict in words."""
        if self.refused:
            return "not usable"
        return f"usable, {count(len(self.warnings), 'warning')}" if self.warnings else "ready"


def check_points(points: Sequence[StudyConfig], directory: Path) -> int:
    """Say of every filter of a sweep what its exposures are, and what will go wrong.

    Parameters
    ----------
    points : sequence of `~hstdriz_study.study.config.StudyConfig`
        The validated configuration of every point of a sweep.
    directory : `~pathlib.Path`
        Receives ``check.html``, or ``check-2.html`` and so on where there is one.

    Returns
    -------
    int
        `READY`, `WARNED` or `NOT_USABLE`, whichever is worst.

    Raises
    ------
    StudyError
        If the page cannot be written: in a directory where none can before any work.
    """
    for told in without_part(points):
        log.info("%s", told)
    require_writable(directory, ELSEWHERE)
    points = fetch_exposures(points)
    by_name = sorted(points, key=lambda point: point.filter.name)
    grouped = groupby(by_name, key=lambda point: point.filter.name)
    data = points_told(points)
    sys.stdout.write(f"{data.line}\n\n")
    verdicts = [_checked(name, list(of_filter), points) for name, of_filter in grouped]
    for verdict in verdicts:
        sys.stdout.write(_in_words(verdict))
    path = free_path(directory / PAGE_NAME)
    write_page([FilterPage(one.told, one, HEADS) for one in verdicts], data.words, path)
    sys.stdout.write(f"page: {path.name}\n")
    return max(verdict.exit_code for verdict in verdicts)


def _checked(
    name: str, points: Sequence[StudyConfig], of_all_filters: Sequence[StudyConfig]
) -> Verdict:
    try:
        checked = Field(field_options(aligned_to_other(points[0], of_all_filters)))
        warnings = checked.warnings
        require_images(points, {name: checked})
        table = checked_exposures(checked)
        foreseen = _foreseen(checked, points)
    except StudyError as error:
        return Verdict(name, refused=str(error))
    names = [f"{row['exposure']}: {row['wcs_in_file']}" for row in table]
    return Verdict(
        name,
        warnings=warnings,
        rows=exposure_cells(table),
        solutions=names,
        foreseen=foreseen,
        picture=exposures_picture(checked.prepared.exposures, checked.options.native.final_bits),
    )


def _foreseen(checked: Field, points: Sequence[StudyConfig]) -> list[str]:
    """Return what the sweep will give: depth, and the weight map of every point."""
    depth = expected_depth_abmag(checked)
    told = [] if math.isnan(depth) else [f"5-sigma depth of a point source: {depth:.2f} AB mag"]
    settings = [drizzle_settings(point) for point in points]
    predicted = checked.predict_weights(settings, points[0].workers or cores())
    return told + [weight_table(one) for one in weight_maps(checked.name, predicted)]


def _in_words(verdict: Verdict) -> str:
    lines = [f"{verdict.name}: {verdict.told}", ""]
    if verdict.refused:
        return "\n".join([*lines[:1], f"  {verdict.refused}", "", ""])
    lines += [aligned(HEADS, verdict.rows), "", "WCS solutions in the files, the one in use first:"]
    lines += [f"  {one}" for one in verdict.solutions]
    for one in verdict.foreseen:
        lines += ["", one]
    lines += ["", *(f"warning: {one}" for one in verdict.warnings), ""]
    return "\n".join(lines) + "\n"
