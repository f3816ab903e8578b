"""The pictures of all points of a filter side by side: scales down, pixfracs across."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.image import imread

from hstdriz_study.choose.points import summarise
from hstdriz_study.report.series import variant
from hstdriz_study.report.style import CHOSEN, canvas, save

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from hstdriz_study.choose import Choice
    from hstdriz_study.contracts import PointRecord

TILE_IN = 1.25


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
    chosen = None if choice.chosen is None else choice.chosen.key
    size = (TILE_IN * len(pixfracs) + 0.6, TILE_IN * len(scales) + 0.5)
    with canvas(*size) as figure:
        grid = figure.subplots(len(scales), len(pixfracs), squeeze=False)
        for axes in grid.flat:
            _bare(axes)
        for key, point in points.items():
            axes = grid[scales.index(point.final_scale_arcsec), pixfracs.index(point.final_pixfrac)]
            if key in pictures:
                axes.imshow(imread(pictures[key]))
            else:
                said = "no picture" if status[key] == "FINISHED" else status[key].lower()
                axes.text(0.5, 0.5, said, ha="center", va="center", transform=axes.transAxes)
            if key == chosen:
                _frame(axes)
        for axes, pixfrac in zip(grid[0], pixfracs, strict=True):
            axes.set_title(f"pixfrac {pixfrac:g}", fontsize=9)
        for axes, scale in zip(grid[:, 0], scales, strict=True):
            axes.set_ylabel(f'{scale:.4g}"', fontsize=9)
        save(figure, path)


def shown_variant(records: Sequence[PointRecord], choice: Choice) -> list[PointRecord]:
    """Return the points with the kernel and weighting of the chosen point, or of the first."""
    known = [r for r in records if r.settings["final_scale_arcsec"] and r.settings["final_pixfrac"]]
    if not known:
        return []
    wanted = variant(summarise(known[0]) if choice.chosen is None else choice.chosen)
    return [record for record in known if variant(summarise(record)) == wanted]


def _bare(axes: Axes) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _frame(axes: Axes) -> None:
    for spine in axes.spines.values():
        spine.set_visible(True)
        spine.set_color(CHOSEN)
        spine.set_linewidth(3.5)
