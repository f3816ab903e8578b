"""All points of a study as one table with units."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import astropy.units as u
import numpy as np
from astropy.table import QTable

from hstdriz_study.contracts import recorded_settings
from hstdriz_study.errors import ChoiceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import PointRecord

SETTING_UNITS = {"final_scale_arcsec": u.arcsec, "final_rot": u.deg}


def points_table(records: Sequence[PointRecord]) -> QTable:
    """Return one row per point.

    Columns: ``key``, ``status``, ``filter``, every setting, every metric and
    ``<metric>_err`` with its unit, ``<metric>_phase_std`` where the point was
    measured at several phases of the output grid, and ``error`` (empty unless the point
    failed). A metric or a numeric setting that a point does not have is NaN.

    Raises
    ------
    ChoiceError
        If a metric has different units at different points, or one that
        astropy does not know.
    """
    table = QTable()
    table["key"] = [record.key for record in records]
    table["status"] = [record.status for record in records]
    table["filter"] = [record.filter for record in records]
    settings = [recorded_settings(record) for record in records]
    for name in _names(settings):
        table[name] = _setting_column(name, [one[name] for one in settings])
    for name in _names(record.metrics for record in records):
        unit = _unit(name, records)
        metrics = [record.metrics.get(name) for record in records]
        values = np.array([math.nan if m is None else m.value for m in metrics])
        errors = np.array([math.nan if m is None else m.err for m in metrics])
        table[name] = u.Quantity(values, unit) if unit else values
        table[f"{name}_err"] = u.Quantity(errors, unit) if unit else errors
        spread = np.array([math.nan if m is None else m.phase_std for m in metrics])
        if np.isfinite(spread).any():
            table[f"{name}_phase_std"] = u.Quantity(spread, unit) if unit else spread
    table["error"] = [record.error or "" for record in records]
    return table


def _names(dicts: Any) -> list[str]:
    return list(dict.fromkeys(name for one in dicts for name in one))


def _setting_column(name: str, settings: list[Any]) -> Any:
    known = [setting for setting in settings if setting is not None]
    numeric = known and all(
        isinstance(setting, (int, float)) and not isinstance(setting, bool) for setting in known
    )
    if not numeric:
        return ["" if setting is None else str(setting) for setting in settings]
    numbers = np.array([math.nan if setting is None else float(setting) for setting in settings])
    return u.Quantity(numbers, SETTING_UNITS[name]) if name in SETTING_UNITS else numbers


def _unit(name: str, records: Sequence[PointRecord]) -> u.UnitBase | None:
    units = sorted({r.metrics[name].unit for r in records if name in r.metrics})
    if len(units) > 1:
        raise ChoiceError(
            f"{name}: the points give it in different units ({', '.join(map(repr, units))}); "
            "run them again with one version of the metric"
        )
    if not units[0]:
        return None
    try:
        unit = u.Unit(units[0])
    except ValueError:
        raise ChoiceError(
            f"{name}: astropy does not know the unit {units[0]!r}; give the metric a unit that "
            "astropy.units.Unit reads, or none"
        ) from None
    # A magnitude of a system is stored as a plain magnitude: its error is a difference.
    return u.mag if isinstance(unit, u.function.logarithmic.MagUnit) else unit
