"""The fast engine's largest difference from AstroDrizzle's product, by kernel and weighting.

Every pixel of the default synthetic sets with at least a thousandth of the median weight, at a
fine, a native-like and a rotated grid. Science differences are in units of the sky's RMS; on pixels
so bright that single precision is coarser than that, relative. Run as

    python benchmarks/parity.py        # about two minutes
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from grid import configuration

from hstdriz_study.contracts import FAST_KERNELS
from hstdriz_study.drizzlepac_options import WHT_TYPES
from hstdriz_study.field import Field
from hstdriz_study.study.config import drizzle_settings, field_options

if TYPE_CHECKING:
    from hstdriz_study.contracts import Drizzled, DrizzleSettings

# scale in native pixels, pixfrac, position angle
GRIDS = ((0.6, 0.6, 0.0), (1.0, 1.0, None), (0.8, 0.3, 33.0))
# Below this fraction of the sky's RMS single precision resolves a pixel to 1e-6.
FAINT = 10.0
# What the tests assert: of the sky's RMS, or of a bright pixel; of the median weight.
SCI, BRIGHT, WHT = 1e-5, 1e-6, 1e-6


def compare(reference: Drizzled, other: Drizzled) -> np.ndarray:
    """Return the largest faint, bright (relative) and weight difference, and how many are over."""
    median = np.median(reference.wht[reference.wht > 0])
    kept = reference.wht >= 1e-3 * median
    a, b = reference.sci[kept].astype(float), other.sci[kept].astype(float)
    sky_rms = 1.4826 * np.median(np.abs(a - np.median(a)))
    faint = np.abs(a) < FAINT * sky_rms
    wht = np.abs(reference.wht[kept].astype(float) - other.wht[kept]) / median
    sci = np.abs(a - b) / sky_rms
    relative = np.abs(a - b)[~faint] / np.abs(a[~faint])
    over = (sci > np.maximum(SCI, BRIGHT * np.abs(a) / sky_rms)) | (wht > WHT)
    return np.array([sci[faint].max(), relative.max(initial=0), wht.max(), over.sum(), over.size])


def print_filter(name: str, work: Path) -> None:
    """Print one row for each kernel and weighting."""
    config = configuration(name, work)
    field = Field(field_options(config))

    def worst(settings: DrizzleSettings) -> np.ndarray:
        theirs = field.image(settings, "astrodrizzle", work)
        return compare(theirs, field.image(settings, "frame"))

    for kernel, wht_type in product(FAST_KERNELS, WHT_TYPES):
        points = [
            replace(
                drizzle_settings(config), final_kernel=kernel, final_wht_type=wht_type,
                final_scale_arcsec=native * config.filter.native_scale_arcsec,
                final_pixfrac=pixfrac, final_rot=rot,
            )
            for native, pixfrac, rot in GRIDS
        ]  # fmt: skip
        each = np.array([worst(point) for point in points])
        cells = [f"{value:.1e}" for value in each[:, :3].max(axis=0)]
        cells += [f"{value:.0f}" for value in each[:, 3:].sum(axis=0)]
        print(ROW.format(name, kernel, wht_type, *cells), flush=True)


ROW = "{:>8}{:>10}{:>8}{:>15}{:>12}{:>14}{:>6}{:>10}"
HEADS = ("filter", "kernel", "weight", "SCI / sky RMS", "SCI bright", "WHT / median", "over")


def main() -> None:
    """Print the table of docs/engines.md."""
    print(ROW.format(*HEADS, "pixels"))
    for name in ("f160w", "f814w"):
        with tempfile.TemporaryDirectory() as directory:
            print_filter(name, Path(directory))


if __name__ == "__main__":
    main()
