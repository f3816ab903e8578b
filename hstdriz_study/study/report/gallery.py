"""The pictures of all points of a filter, once each, in rows as the lines of the plots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.study.report.figures import MOSAIC_NOTE, MOSAICS
from hstdriz_study.study.report.series import plan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hstdriz_study.choose import Choice
    from hstdriz_study.contracts import PointRecord


@dataclass(frozen=True)
class Tile:
    """One picture of one point."""

    key: str
    label: str
    path: Path
    chosen: bool


@dataclass(frozen=True)
class Wall:
    """All pictures of one kind, on the same patch of sky with the same stretch.

    ``rows`` holds the name of each row with its tiles.
    """

    kind: str
    title: str
    caption: str
    rows: tuple[tuple[str, tuple[Tile, ...]], ...]


def walls(
    records: Sequence[PointRecord], choice: Choice, pictures: Mapping[str, Mapping[str, Path]]
) -> list[Wall]:
    """Return the pictures of one filter by kind.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        Points of one filter.
    choice : Choice
    pictures : mapping
        Kind (see `~hstdriz_study.study.report.figures.MOSAICS`) to point key to file.

    Returns
    -------
    list of Wall
        Kinds without a picture are left out.
    """
    layout = plan(records)
    chosen = None if choice.chosen is None else choice.chosen.key
    found = []
    for kind, (title, caption) in MOSAICS.items():
        files = pictures.get(kind, {})
        rows = []
        for series in layout.series:
            tiles = tuple(
                Tile(point.key, point.label, files[point.key], point.key == chosen)
                for point in series.points
                if point.key in files
            )
            if tiles:
                rows.append((layout.name(series), tiles))
        if rows:
            found.append(Wall(kind, title, caption + MOSAIC_NOTE, tuple(rows)))
    return found
