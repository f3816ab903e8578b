"""What is foretold of places between the points of a filter: ``filters/<filter>/between.json``."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from hstdriz_study.contracts import Metric
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.refine import Between, Spot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose import Choice
    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.study.directory.layout import FilterDirectory


def write_between(
    places: Sequence[Between],
    choice: Choice,
    records: Sequence[PointRecord],
    filter_dir: FilterDirectory,
) -> None:
    """Write the places, with the choice and the points that they are about."""
    stored = [asdict(place) for place in places]
    write_json(filter_dir.between, {"about": _about(choice, records), "places": stored})


def read_between(
    choice: Choice, records: Sequence[PointRecord], filter_dir: FilterDirectory
) -> tuple[Between, ...] | None:
    """Read the places; None where none are written of this choice among these points."""
    if not filter_dir.between.is_file():
        return None
    stored = read_json(filter_dir.between)
    if stored["about"] != _about(choice, records):
        return None
    return tuple(_place(one) for one in stored["places"])


def _about(choice: Choice, records: Sequence[PointRecord]) -> dict[str, Any]:
    chosen = choice.chosen and choice.chosen.key
    return {
        "rule": choice.rule,
        "chosen": chosen,
        "points": sorted(record.key for record in records),
    }


def _place(stored: dict[str, Any]) -> Between:
    depth = stored["depth"]
    return Between(
        **stored
        | {
            "spot": Spot(*stored["spot"]),
            "fwhm": Metric(**stored["fwhm"]),
            "depth": None if depth is None else Metric(**depth),
        }
    )
