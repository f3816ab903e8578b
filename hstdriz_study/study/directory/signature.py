"""From a study to a short name for all that its numbers and choices depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hstdriz_study.cache import content_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hstdriz_study.contracts import PointRecord


def signature(study: Mapping[str, Any], records: Sequence[PointRecord]) -> str:
    """Return a name that two studies share if their points and the rule of their choices are one.

    The key of a point stands for its exposures and calibration files, configuration, libraries and
    code.

    Parameters
    ----------
    study : mapping
        What ``study.json`` holds.
    records : sequence of `~hstdriz_study.contracts.PointRecord`
    """
    rule = (study.get("config") or {}).get("choose")
    return content_key({"points": sorted(record.key for record in records), "choose": rule})
