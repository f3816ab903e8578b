"""From points of a plot and words for them to labels that do not lie on one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patheffects import withStroke

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes

    from hstdriz_study.study.report.style import Color

FONT_PT = 8.0
_LETTER_PT, _LINE_PT = 0.64 * FONT_PT, 1.1 * FONT_PT  # of digits in DejaVu Sans
MARKER_PT = 5.0
# Where a label may stand, as the side of its point in units of its own half size.
_SIDES = ((-1, -1), (1, 1), (1, -1), (-1, 1), (1, 0), (-1, 0), (0, 1), (0, -1))
_GAP_PT = 1.5  # between a label and its marker

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Label:
    """A word for a point.

    Attributes
    ----------
    x, y : float
        The point, in the units of the axes.
    text : str
    color : tuple of float
    marker_pt : float
        How wide what marks the point is, a ring around it included.
    """

    x: float
    y: float
    text: str
    color: Color
    marker_pt: float = MARKER_PT


def write_labels(axes: Axes, labels: Sequence[Label]) -> None:
    """Write labels beside their points; one for which there is no room is left out.

    Parameters
    ----------
    axes : `~matplotlib.axes.Axes`
        With its limits and its place in the figure settled.
    labels : sequence of Label
        Those that are to be there first come first.
    """
    if not labels:
        return
    scale = 72.0 / axes.figure.dpi
    points = scale * axes.transData.transform([(label.x, label.y) for label in labels])
    offsets = offsets_pt(points, [one.text for one in labels], [one.marker_pt for one in labels])
    for label, offset in zip(labels, offsets, strict=True):
        if offset is None:
            continue
        written = axes.annotate(
            label.text,
            (label.x, label.y),
            xytext=offset,
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=FONT_PT,
            color=label.color,
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
        )
        written.set_in_layout(False)  # inside the axes; asking each for its size takes long


def offsets_pt(
    points: np.ndarray, texts: Sequence[str], markers_pt: Sequence[float]
) -> list[tuple[float, float] | None]:
    """Return where each label stands, in typographic points from its own point.

    Parameters
    ----------
    points : `~numpy.ndarray`, shape (N, 2)
        In typographic points.
    texts : sequence of str
    markers_pt : sequence of float
        How wide the marker of each point is.

    Returns
    -------
    list of (float, float) or None
        None for a label that would lie on an earlier one wherever it stood.
    """
    half_markers = np.array(markers_pt) / 2
    markers = [
        _box(point, np.array([half, half]))
        for point, half in zip(points, half_markers, strict=True)
    ]
    taken: list[Box] = []
    found: list[tuple[float, float] | None] = []
    for point, text, half_marker in zip(points, texts, half_markers, strict=True):
        half = np.array([len(text) * _LETTER_PT, _LINE_PT]) / 2
        free = [
            (sum(_overlap(box, marker) for marker in markers), n, offset, box)
            for n, (offset, box) in enumerate(_places(point, half, half_marker))
            if not any(_overlap(box, other) for other in taken)
        ]
        if not free:
            found.append(None)
            continue
        _, _, offset, box = min(free, key=lambda one: one[:2])
        taken.append(box)
        found.append(offset)
    return found


def _places(
    point: np.ndarray, half: np.ndarray, half_marker: float
) -> Iterator[tuple[tuple[float, float], Box]]:
    for side in _SIDES:
        offset = np.array(side) * (half + half_marker + _GAP_PT)
        yield (float(offset[0]), float(offset[1])), _box(point + offset, half)


def _box(centre: np.ndarray, half: np.ndarray) -> Box:
    return (*(centre - half), *(centre + half))


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
