"""From the candidates of the star selection to the size-magnitude plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.study.report.style import EXCLUDED, PALETTE, canvas, save

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

    from hstdriz_study.contracts import StudyRegions

STAR = "star"
# Verdict of the selection to colour, marker and words; stars are drawn last, on top.
VERDICTS = {
    "low_snr": ("#bbbbbb", ".", "too faint"),
    "edge": ("#999999", "+", "near the edge of full depth"),
    "neighbour": (PALETTE[4], "x", "close neighbour"),
    "saturated": (PALETTE[6], "^", "saturated"),
    "hole": (PALETTE[3], "v", "pixels without data"),
    "extended": (PALETTE[1], "s", "extended: galaxy or blend"),
    "compact": (PALETTE[5], "D", "compact: cosmic ray, hot pixel"),
    "unfit": (EXCLUDED, "*", "could not be fitted"),
    "unsure": (PALETTE[2], "s", "as small as a star, but no stars stand out"),
    "surplus": (PALETTE[2], "o", "good, not needed"),
    "outside": (PALETTE[5], "1", "outside of what is to be measured"),
    "unnamed": ("#999999", "1", "not among the stars that are named"),
    STAR: (PALETTE[0], "o", "selected star"),
}
UNKNOWN = (EXCLUDED, "*")
# Sizes beyond this many times the expected one are drawn at the upper edge.
MAX_SIZE_OVER_PSF = 3.0
MAX_EXACT_SIZE = 300


def stars_figure(regions: StudyRegions, path: Path) -> None:
    """Draw every source by brightness and size, coloured by its verdict.

    Parameters
    ----------
    regions : `~hstdriz_study.contracts.StudyRegions`
        Its ``candidates`` have columns ``flux`` (electrons / s), ``fwhm``
        (arcsec; NaN when the fit failed) and ``verdict``.
    path : `~pathlib.Path`
        File to write; its suffix decides the format.
    """
    candidates = regions.candidates
    verdicts = np.asarray(candidates["verdict"]).astype(str)
    flux = np.asarray(candidates["flux"], dtype=float)
    size = np.asarray(candidates["fwhm"], dtype=float)
    top = MAX_SIZE_OVER_PSF * regions.geometry.psf_fwhm_arcsec
    shown = (flux > 0) & np.isfinite(size)
    known = [name for name in VERDICTS if name in verdicts]
    other = sorted(set(verdicts) - set(VERDICTS))
    with canvas(6.0, 5.8) as figure:
        axes = figure.add_subplot()
        for name in other + known:
            color, marker, words = VERDICTS.get(name, (*UNKNOWN, name))
            mine = shown & (verdicts == name)
            axes.plot(
                -2.5 * np.log10(flux[mine]),
                np.minimum(size[mine], top),
                ls="none",
                marker=marker,
                ms=7 if name == STAR else 5,
                color=color,
                alpha=1.0 if len(size) < MAX_EXACT_SIZE else 0.7,
                label=f"{words} ({np.count_nonzero(verdicts == name)})",
            )
        _label(axes, regions, top)
        if known or other:
            figure.legend(loc="outside lower center", ncols=2)
        save(figure, path)


def _label(axes: Axes, regions: StudyRegions, top: float) -> None:
    expected, error = regions.expected_fwhm_arcsec or (regions.geometry.psf_fwhm_arcsec, 0.0)
    axes.axhline(expected, color=EXCLUDED, lw=0.8, ls=":")
    axes.axhspan(expected - error, expected + error, color=EXCLUDED, alpha=0.12, lw=0)
    axes.annotate(
        "expected star, 1 sigma" if error else "expected PSF",
        (0.01, expected),
        xycoords=("axes fraction", "data"),
        xytext=(0, 2),
        textcoords="offset points",
        fontsize=7.5,
        color=EXCLUDED,
    )
    axes.set(
        xlabel="instrumental magnitude, $-2.5\\,\\log_{10}$(e⁻/s)",
        ylabel="FWHM of a Gaussian fit (arcsec; larger ones at the top)",
        title=f"Star selection: {len(regions.stars)} stars of {len(regions.candidates)} sources",
        ylim=(0, 1.05 * top),
    )
    axes.invert_xaxis()
