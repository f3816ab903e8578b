"""From prepared exposures to one picture that has them side by side."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from astropy.visualization import AsinhStretch, ImageNormalize, ZScaleInterval

from hstdriz_study.checks.levels import rates
from hstdriz_study.study.report.style import PNG_DPI, canvas

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_COLUMNS = 4
_LONGEST_PX = 400  # of a chip, as it is drawn
_CELL_IN = 2.4


def exposures_picture(exposures: Sequence[Path], good_bits: int | None) -> bytes:
    """Draw every chip of every exposure in one stretch, bad pixels grey; return a PNG.

    Parameters
    ----------
    exposures : sequence of `~pathlib.Path`
    good_bits : int or None
        DQ bits that are fine to use; None when all are.
    """
    chips = [_chip(hdus, version, good_bits) for path in exposures
             for hdus, version in [(path, n) for n in _versions(path)]]  # fmt: skip
    titles = [f"{path.name}\nSCI,{n}" for path in exposures for n in _versions(path)]
    stretch = ImageNormalize(
        np.concatenate([chip[np.isfinite(chip)] for chip in chips]),
        interval=ZScaleInterval(), stretch=AsinhStretch(),
    )  # fmt: skip
    columns = min(_COLUMNS, len(chips))
    rows = math.ceil(len(chips) / columns)
    tall = max(chip.shape[0] / chip.shape[1] for chip in chips)
    with canvas(_CELL_IN * columns, (_CELL_IN * tall + 0.45) * rows) as figure:
        for number, (chip, title) in enumerate(zip(chips, titles, strict=True)):
            axes = figure.add_subplot(rows, columns, number + 1, facecolor="#999999")
            axes.imshow(chip, origin="lower", cmap="gray_r", norm=stretch, interpolation="nearest")
            axes.set_title(title, fontsize=7)
            axes.set(xticks=[], yticks=[])
            axes.grid(visible=False)
        drawn = io.BytesIO()
        figure.savefig(drawn, dpi=PNG_DPI, format="png", metadata={"Software": None})
    return drawn.getvalue()


def _versions(path: Path) -> list[int]:
    with fits.open(path) as hdus:
        return [hdu.ver for hdu in hdus if hdu.name == "SCI"]


def _chip(path: Path, extver: int, good_bits: int | None) -> np.ndarray:
    """Return a chip, sky taken off, every few pixels of it; NaN where it is bad."""
    with fits.open(path) as hdus:
        image, bad = rates(hdus, extver, good_bits)
    level = np.where(bad, np.nan, image)
    step = max(1, math.ceil(max(image.shape) / _LONGEST_PX))
    return np.asarray((level - np.nanmedian(level))[::step, ::step])
