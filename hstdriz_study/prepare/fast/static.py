"""From the pixels of all exposures to those of the detector that are always too dark."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from hstdriz_study.prepare.fast.chip import FastChip

# AstroDrizzle's default, static_sig, and the clippings of its staticMask.py.
_SIGMAS, _CLIPPINGS = 4.0, 3
_LEAST_BINS = 2


def usual_pixels(pixels: np.ndarray) -> np.ndarray:
    """Tell which pixels of a chip are not far below its mode; all of one that has none."""
    from stsci.imagestats import ImageStats

    stats = ImageStats(
        pixels, nclip=_CLIPPINGS, fields="mode", lower=np.nanmin(pixels), upper=np.nanmax(pixels)
    )
    if len(stats.histogram) < _LEAST_BINS:
        return np.ones(pixels.shape, bool)
    usual: np.ndarray = ~(pixels < stats.mode - _SIGMAS * stats.stddev)
    return usual


def save_static_masks(chips: Iterable[FastChip], usual: Sequence[Path]) -> None:
    """Save the static mask of each kind of chip: where its pixels are usual in all exposures.

    Parameters
    ----------
    chips : iterable of `~hstdriz_study.prepare.fast.chip.FastChip`
    usual : sequence of `~pathlib.Path`
        What `usual_pixels` has found of each, saved.
    """
    kinds = defaultdict(list)
    for chip, found in zip(chips, usual, strict=True):
        kinds[chip.static_mask].append(found)
    for path, files in kinds.items():
        mask = np.load(files[0])
        for file in files[1:]:
            mask &= np.load(file)
        np.save(path, mask)
