"""One look for all figures: sizes, colours that colour-blind readers can tell apart, files."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from hstdriz_study.whole_files import write_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

# Okabe & Ito's palette, without its yellow, which is too pale on white.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "*")
CHOSEN = "#D55E00"
HANDBOOK = "#0072B2"
EXCLUDED = "#777777"
PNG_DPI = 130

_DATED = {".svg": "Date", ".pdf": "CreationDate"}

Color = tuple[float, float, float, float]

_RC: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.labelsize": 9,
    "axes.grid": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.formatter.useoffset": False,
    "figure.autolayout": False,
    "figure.constrained_layout.use": False,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "lines.linewidth": 1.4,
    "lines.markersize": 5,
    "errorbar.capsize": 2,
    "svg.fonttype": "path",
}


@contextmanager
def canvas(width_in: float, height_in: float) -> Iterator[Figure]:
    """Give an empty figure in the house style; matplotlib's global state is left alone.

    Parameters
    ----------
    width_in, height_in : float
        Size in inches.
    """
    with mpl.rc_context(_RC):
        figure = Figure(figsize=(width_in, height_in), layout="constrained")
        FigureCanvasAgg(figure)
        yield figure


def save(figure: Figure, path: Path) -> None:
    """Write a figure in the format of the suffix, without a date, so that it can be compared.

    What is written of it later has the same layout, which takes as long as drawing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    undated = {_DATED.get(path.suffix, "Software"): None}
    with mpl.rc_context(_RC | {"svg.hashsalt": path.stem}):
        # into memory: matplotlib's PDF writer tells of a full disk in zlib's words
        drawn = io.BytesIO()
        figure.savefig(drawn, format=path.suffix[1:], dpi=PNG_DPI, metadata=undated)
        figure.set_layout_engine(None)
    write_bytes(path, drawn.getvalue())


RING: dict[str, Any] = {"ls": "none", "mfc": "none", "mew": 2}
"""How a point is marked that stands for something: its sign is drawn around it."""


def ordered_colors(values: Sequence[float]) -> dict[float, Color]:
    """Give ordered values (scales, pixfracs) ordered colours, dark to light.

    Parameters
    ----------
    values : sequence of float
        Distinct values in ascending order.
    """
    steps = max(len(values) - 1, 1)
    colormap = mpl.colormaps["viridis"]
    return {value: colormap(0.72 * index / steps) for index, value in enumerate(values)}
