"""From a dither pattern to the true world coordinates of each exposure.

The coordinates are those that ``stwcs.updatewcs`` makes of the headers, so that
the tool finds exactly the sky that was painted.
"""

from __future__ import annotations

import io
import os
import warnings
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from stwcs.distortion.utils import output_wcs
from stwcs.updatewcs import updatewcs
from stwcs.wcsutil import HSTWCS

from hstdriz_study.drizzlepac_options import updatewcs_options
from hstdriz_study.foreign import environment
from hstdriz_study.optics.chip_view import ARCSEC_PER_DEG, ChipView
from hstdriz_study.simulate.headers import (
    PA_V3_DEG,
    ChipPixels,
    ExposureHeader,
    LinearWCS,
    build_exposure,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hstdriz_study.optics.detector import Detector, Window
    from hstdriz_study.simulate.bands import Band

FIELD_DEG = (150.0, 2.2)
# Exposures beyond the pattern repeat it with this offset: new quarter-pixel phases.
_REPEAT_OFFSET_PX = (9.25, 7.75)


@dataclass(frozen=True)
class Pointing:
    """The headers and the true geometry of one exposure."""

    header: ExposureHeader
    chips: tuple[ChipView, ...]


@contextmanager
def reference_directory(detector: Detector, directory: Path) -> Iterator[None]:
    """Let ``iref$`` or ``jref$`` mean a directory for the time of the block."""
    with environment({detector.reference_variable: f"{directory}{os.sep}"}):
        yield


def rough_linear_wcs(detector: Detector, crval_deg: tuple[float, float]) -> LinearWCS:
    """Linear WCS of square pixels; ``updatewcs`` replaces all of it but CRVAL."""
    scale = detector.pixel_arcsec[0] / ARCSEC_PER_DEG
    angle = np.deg2rad(PA_V3_DEG + 45.0)
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    return LinearWCS(crval_deg, ((-cos, sin), (sin, cos)))


def true_views(header: ExposureHeader) -> tuple[ChipView, ...]:
    """Run ``updatewcs`` on an exposure without pixels and return each chip's geometry."""
    blank = tuple(
        ChipPixels(*(np.zeros((window.ny, window.nx), np.uint8) for _ in range(3)))
        for window in header.windows
    )
    hdus = build_exposure(header, blank)
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")  # about keywords that stwcs itself has written
        updatewcs(hdus, **updatewcs_options())
        views = []
        for version, window in enumerate(header.windows, start=1):
            wcs = HSTWCS(hdus, ("SCI", version))
            scale = float(output_wcs([wcs]).pscale)
            views.append(ChipView(wcs, scale, window.nx, window.ny))
    return tuple(views)


def turned(pointing: Pointing, by_deg: float) -> Pointing:
    """Turn the telescope about the reference position of an exposure's first chip."""
    header = pointing.header
    there = replace(header, pa_v3_deg=header.pa_v3_deg + by_deg)
    views = true_views(there)
    exact = tuple(LinearWCS.of(view.wcs) for view in views)
    return Pointing(replace(there, linear=exact), views)


def _center(view: ChipView) -> tuple[float, float]:
    return (view.nx - 1) / 2, (view.ny - 1) / 2


def _sky(view: ChipView, x: float, y: float) -> np.ndarray:
    return np.asarray(view.wcs.all_pix2world([[x, y]], 0)[0])


def dither_offset_px(detector: Detector, index: int) -> tuple[float, float]:
    """Displacement of the target on the detector in exposure ``index``, pixels."""
    repeat, step = divmod(index, len(detector.dither_px))
    x, y = detector.dither_px[step]
    return x + repeat * _REPEAT_OFFSET_PX[0], y + repeat * _REPEAT_OFFSET_PX[1]


def plan_pointings(
    band: Band,
    windows: tuple[Window, ...],
    rootnames: list[str],
    offsets_px: list[tuple[float, float]],
) -> list[Pointing]:
    """Point the telescope so that the field moves by ``offsets_px`` on the detector.

    The middle of the windows lies on `FIELD_DEG` when the offset is (0, 0).
    Offsets are exact at the middle of the first window.

    Returns
    -------
    list of `Pointing`
        Headers hold the true pointing; reference files must be in place.
    """
    detector = band.detector

    def aim(index: int, crval: np.ndarray) -> Pointing:
        offset = offsets_px[index]
        linear = rough_linear_wcs(detector, (float(crval[0]), float(crval[1])))
        header = ExposureHeader(
            band=band,
            rootname=rootnames[index],
            index=index,
            windows=windows,
            target_deg=FIELD_DEG,
            postarg_arcsec=(
                round(offset[0] * detector.pixel_arcsec[0], 4),
                round(offset[1] * detector.pixel_arcsec[1], 4),
            ),
            linear=(linear,) * len(windows),
        )
        views = true_views(header)
        exact = tuple(LinearWCS.of(view.wcs) for view in views)
        return Pointing(replace(header, linear=exact), views)

    field = np.array(FIELD_DEG)
    first_guess = aim(0, field)
    middle = np.mean([_sky(view, *_center(view)) for view in first_guess.chips], axis=0)
    crval = 2 * field - middle
    start = aim(0, crval)
    base = start.chips[0]
    x, y = _center(base)
    pointings = []
    for index, (dx, dy) in enumerate(offsets_px):
        if index == 0 and (dx, dy) == (0.0, 0.0):
            pointings.append(start)
            continue
        move = _sky(base, x, y) - _sky(base, x + dx, y + dy)
        pointings.append(aim(index, crval + move))
    return pointings
