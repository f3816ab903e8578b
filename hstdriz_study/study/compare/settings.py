"""What was set otherwise in two studies, and with which versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hstdriz_study.choose.points import settings_of
from hstdriz_study.nested import dotted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.study.compare.side import Side

Changes = tuple[tuple[str, str, str], ...]
# Of what is swept, a configuration holds the value of one point alone.
OF_ONE_POINT = tuple(f"drizzle.final_{name}" for name in ("scale", "pixfrac", "kernel", "wht_type"))


def settings_changes(a: Side, b: Side, shared: Sequence[str]) -> Changes:
    """Return what was set otherwise; what is alike in all filters is told once."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for name in shared:
        for setting, in_a, in_b in differing(_of_filter(a, name), _of_filter(b, name)):
            found.setdefault(setting, {})[name] = (in_a, in_b)
    rows = []
    for setting, by_filter in found.items():
        if len(by_filter) == len(shared) and len(set(by_filter.values())) == 1:
            rows.append((setting, *by_filter[shared[0]]))
        else:
            rows += [(f"{name}: {setting}", *values) for name, values in by_filter.items()]
    return tuple(rows)


def _of_filter(side: Side, name: str) -> dict[str, Any]:
    """Return the configuration of a filter with flat names, what was swept in full."""
    config = side.config(name)
    flat = {key: value for key, value in dotted(config) if key not in OF_ONE_POINT}
    return flat | {f"swept.{axis}": values for axis, values in _grid(side, name).items()}


def _grid(side: Side, name: str) -> dict[str, str]:
    points = [settings_of(record) for record in side.records if record.filter == name]
    axes = ("final_scale_arcsec", "final_pixfrac", "final_kernel", "final_wht_type")
    return {
        axis: ", ".join(_text(value) for value in sorted({getattr(p, axis) for p in points}))
        for axis in axes
    }


def differing(a: dict[str, Any], b: dict[str, Any]) -> Changes:
    """Return the names whose values differ, with both."""
    names = [name for name in dict.fromkeys([*a, *b]) if a.get(name) != b.get(name)]
    return tuple((name, _text(a.get(name)), _text(b.get(name))) for name in names)


def _text(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else "-" if value is None else str(value)
