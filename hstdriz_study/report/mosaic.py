"""The pictures of all points of a filter side by side: scales down, pixfracs across."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Rectangle
from PIL import Image

from hstdriz_study.choose.points import summarise
from hstdriz_study.report.images import SIDE_PX
from hstdriz_study.report.series import variant
from hstdriz_study.report.style import CHOSEN, canvas, save

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from hstdriz_study.choose import Choice
    from hstdriz_study.contracts import PointRecord

TILE_IN = 1.3
GAP_PX = 8
STEP_PX = SIDE_PX // 2 + GAP_PX


def mosaic_figure(
    records: Sequence[PointRecord],
    pictures: Mapping[str, Path],
    choice: Choice,
    path: Path,
) -> None:
    """Lay out one picture a point in a grid of final_scale and final_pixfrac.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        Points of one filter with one kernel and weighting.
    pictures : mapping of str to `~pathlib.Path`
        The picture of each point, by its key; a point without one is named.
    choice : Choice
        The chosen point is framed.
    path : `~pathlib.Path`
    """
    points = {record.key: summarise(record) for record in records}
    status = {record.key: record.status for record in records}
    scales = sorted({point.final_scale_arcsec for point in points.values()})
    pixfracs = sorted({point.final_pixfrac for point in points.values()})
    cells = {
        key: (scales.index(point.final_scale_arcsec), pixfracs.index(point.final_pixfrac))
        for key, point in points.items()
    }
    size = (len(scales) * STEP_PX - GAP_PX, len(pixfracs) * STEP_PX - GAP_PX, 3)
    wall = np.full(size, 255, np.uint8)
    with canvas(TILE_IN * len(pixfracs) + 0.5, TILE_IN * len(scales) + 0.4) as figure:
        axes = figure.add_subplot()
        for key, (row, column) in cells.items():
            if key in pictures:
                wall[_span(row), _span(column)] = _halved(pictures[key])
            else:
                said = "no picture" if status[key] == "FINISHED" else status[key].lower()
                axes.text(_middle(column), _middle(row), said, ha="center", va="center")
        axes.imshow(wall, extent=(0, wall.shape[1], wall.shape[0], 0))
        if choice.chosen is not None and choice.chosen.key in cells:
            _frame(axes, *cells[choice.chosen.key])
        axes.set_xticks(
            [_middle(column) for column in range(len(pixfracs))],
            [f"pixfrac {pixfrac:g}" for pixfrac in pixfracs],
        )
        axes.set_yticks(
            [_middle(row) for row in range(len(scales))],
            [f'{scale:.4g}"' for scale in scales],
            rotation=90,
            va="center",
        )
        axes.tick_params(length=0, labelsize=9, labeltop=True, labelbottom=False)
        axes.grid(visible=False)
        axes.spines[:].set_visible(False)
        save(figure, path)


def shown_variant(records: Sequence[PointRecord], choice: Choice) -> list[PointRecord]:
    """Return the points with the kernel and weighting of the chosen point, or of the first."""
    known = [r for r in records if r.settings["final_scale_arcsec"] and r.settings["final_pixfrac"]]
    if not known:
        return []
    wanted = variant(summarise(known[0]) if choice.chosen is None else choice.chosen)
    return [record for record in known if variant(summarise(record)) == wanted]


def _halved(path: Path) -> np.ndarray:
    """Read a picture and average 2 x 2 screen pixels."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB").reduce(2))


def _span(index: int) -> slice:
    return slice(index * STEP_PX, index * STEP_PX + STEP_PX - GAP_PX)


def _middle(index: int) -> float:
    return index * STEP_PX + (STEP_PX - GAP_PX) / 2


def _frame(axes: Axes, row: int, column: int) -> None:
    side = STEP_PX - GAP_PX
    axes.add_patch(
        Rectangle(
            (column * STEP_PX, row * STEP_PX),
            side,
            side,
            fill=False,
            edgecolor=CHOSEN,
            linewidth=3.5,
            clip_on=False,
        )
    )
