"""From the table of a filter's exposures to the words of its cells."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from astropy.table import QTable

from hstdriz_study.choose.words.numbers import percent, with_error
from hstdriz_study.contracts import Metric
from hstdriz_study.field.exposures_checked import CHECKED_NAME
from hstdriz_study.text_table import NONE

if TYPE_CHECKING:
    from astropy.table import Row

    from hstdriz_study.study.directory.layout import FilterDirectory, StudyDirectory

_OF_EACH = f"*/{CHECKED_NAME}"
HEADS = (
    "exposure", "target", "visit", "EXPTIME (s)", "WCS", 'dither E, N (")', "phase x, y",
    "off the others (px)", "flux", "width", "sky", "good", "cosmic rays",
)  # fmt: skip


def exposures_told(filter_dir: FilterDirectory) -> list[tuple[str, ...]] | None:
    """Return the rows under `HEADS` of a filter; None for an earlier version's study."""
    path = filter_dir.path / CHECKED_NAME
    return exposure_cells(QTable.read(path)) if path.is_file() else None


def exposure_times(study_dir: StudyDirectory) -> dict[str, tuple[int, float]]:
    """Return how many exposures each filter has and their time together, in seconds."""
    tables = {path.parent.name: QTable.read(path) for path in study_dir.filters.glob(_OF_EACH)}
    return {
        name: (len(table), float(table["exptime"].to_value("s").sum()))
        for name, table in sorted(tables.items())
    }


def exposure_cells(table: QTable) -> list[tuple[str, ...]]:
    """Write the rows of a table of `checked_exposures` under `HEADS`."""
    return [_cells(row) for row in table]


def _cells(row: Row) -> tuple[str, ...]:
    return (
        str(row["exposure"]),
        str(row["target"]),
        str(row["visit"]),
        f"{row['exptime'].to_value('s'):.4g}",
        str(row["wcs"]),
        f"{row['dx'].to_value('arcsec'):+.3f}, {row['dy'].to_value('arcsec'):+.3f}",
        f"{row['phase_x']:.2f}, {row['phase_y']:.2f}",
        _cell(row["off_px"], row["off_px_err"]),
        _cell(row["flux_over_others"], row["flux_over_others_err"]),
        _cell(row["fwhm_over_others"], row["fwhm_over_others_err"]),
        _ratio(row["sky_over_others"]),
        percent(float(row["good"])),
        percent(float(row["cosmic_rays"])),
    )


def _cell(value: Any, err: Any) -> str:
    return with_error(Metric(float(value), float(err)), unknown=NONE)


def _ratio(value: Any) -> str:
    return f"{float(value):.2f}" if math.isfinite(value) else NONE
