"""Where a choice leans on the edge of the sweep, in sentences, and what extends it, as typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.edges import Axis, Edge, End

if TYPE_CHECKING:
    from hstdriz_study.choose.edges import WiderGrid

# Of a value at an end, and of those beyond it.
_WORDS = {
    (Axis.SCALE, End.LOW): ("finest scale", "finer"),
    (Axis.SCALE, End.HIGH): ("coarsest scale", "coarser"),
    (Axis.PIXFRAC, End.LOW): ("smallest pixfrac", "smaller"),
    (Axis.PIXFRAC, End.HIGH): ("largest pixfrac", "larger"),
}
_KEYS = {Axis.SCALE: "final_scale", Axis.PIXFRAC: "final_pixfrac"}


def edge_said(edge: Edge) -> str:
    """Say on which edge of the grid a point lies."""
    value = f'{edge.value:.4g}"' if edge.axis is Axis.SCALE else f"{edge.value:g}"
    if edge.end is End.ONLY:
        return f"Only one {_KEYS[edge.axis]} was swept ({value}): it was not chosen."
    which, beyond = _WORDS[edge.axis, edge.end]
    if edge.of_sharpest:
        return (
            f"The sharpest admissible point has the {which} swept ({value}); by the surface over "
            f"the points a {beyond} one is sharper by so much that it may move the choice."
        )
    return f"The chosen point has the {which} swept ({value}); sweep {beyond} ones."


def overrides_of(grid: WiderGrid) -> tuple[str, ...]:
    """Return the overrides that extend a sweep."""
    return (
        f"filter={grid.filter}",
        f"drizzle.final_scale={','.join(map(str, grid.scales))}",
        f"drizzle.final_pixfrac={','.join(map(str, grid.pixfracs))}",
    )
