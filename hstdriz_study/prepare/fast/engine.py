"""From aligned exposures to ones with their sky and flags of cosmic rays, as AstroDrizzle's.

Exposure by exposure in processes of their own, chip by chip; what they share, the static masks and
the combined image, is made between.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import partial
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from astropy.io import fits

from hstdriz_study.apart import apart_each
from hstdriz_study.good_bits import COSMIC_RAY_BIT
from hstdriz_study.prepare.chips import static_mask_name
from hstdriz_study.prepare.fast.chip import FastChip
from hstdriz_study.prepare.fast.limits import read_noise_e, thresholds
from hstdriz_study.prepare.fast.median import GROW_PX, TAKE_WEIGHTLESS, Noise, combine
from hstdriz_study.prepare.fast.rays import hit_pixels
from hstdriz_study.prepare.fast.single import drizzle_alone, fill_weightless
from hstdriz_study.prepare.fast.sky import EACH_ALONE, measure_skies, skies
from hstdriz_study.prepare.fast.static import save_static_masks, usual_pixels
from hstdriz_study.prepare.pixmap import strips

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from hstdriz_study.drizzlepac_options import PreparingOptions
    from hstdriz_study.prepare.chips import Placed

# AstroDrizzle's default, combine_maskpt, and the weight below which it counts none.
_LEAST_OF_MEAN_WEIGHT, _NO_WEIGHT = 0.3, 1e-8
_BAND_PX = 1_500_000  # of all exposures together: the arithmetic of minmed takes tens of bytes each
_COMBINED_NAME = "combined.npy"


class _Single(NamedTuple):
    """One exposure drizzled alone: its files, and from which weight on a pixel counts."""

    science: Path
    weights: Path
    least_weight: float


@dataclass(frozen=True)
class FastEngine:
    """The steps that flag cosmic rays.

    Attributes
    ----------
    placed : `~hstdriz_study.prepare.chips.Placed`
        Where the chips of the exposures lie;
        `~hstdriz_study.prepare.fast.limits.not_reproduced` allows them.
    directory : `~pathlib.Path`
        Of the aligned exposures. It receives the static masks, and meanwhile what is between the
        steps: twice the pixels of the exposures.
    steps : `~hstdriz_study.drizzlepac_options.PreparingOptions`
    n_processes : int
        The numbers do not depend on it.
    lost : str
        What is lost with one of them, for a sentence.
    """

    placed: Placed
    directory: Path
    steps: PreparingOptions
    n_processes: int
    lost: str

    @property
    def _between(self) -> Path:
        return self.directory / "between"

    def flag(self) -> None:
        """Measure the sky and flag cosmic rays in the files, in place; save the static masks."""
        self._between.mkdir()
        self._steps(self.exposures())
        shutil.rmtree(self._between)

    def _steps(self, exposures: list[tuple[FastChip, ...]]) -> None:
        usual = self._each("smoothing exposures", self._usual_pixels, exposures)
        save_static_masks(chain(*exposures), list(chain(*usual)))
        if self.steps.skymethod in EACH_ALONE:
            self._each("measuring the sky", self._measure_sky, exposures)
        else:
            measure_skies(exposures, self.steps.skymethod)
        if not self.steps.driz_cr:
            return
        singles = self._each("drizzling each exposure", self._drizzle_alone, exposures)
        self._combine(singles, exposures)
        self._each("flagging cosmic rays", self._flag, exposures)

    def _each(self, doing: str, work: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
        return apart_each(work, list(items), self.n_processes, self.lost, doing=doing)

    def exposures(self) -> list[tuple[FastChip, ...]]:
        """Return the exposures, each as its chips."""
        chips = (
            FastChip(
                exposure=self.directory / chip["exposure"],
                extver=chip["extver"],
                shape=(shape := tuple(chip["shape"])),
                exptime_s=chip["exptime_s"],
                read_noise_e=read_noise_e(fits.getheader(self.directory / chip["exposure"])),
                in_units=chip["in_units"],
                linear_scale_arcsec=chip["linear_scale_arcsec"],
                sky_nodes=self.directory / chip["sky_nodes"],
                static_mask=self.directory / static_mask_name(shape, chip["extver"]),
                resets=self.steps.driz_cr,
            )
            for chip in self.placed.chips
        )
        return [tuple(group) for _, group in groupby(chips, key=lambda chip: chip.exposure)]

    def _usual_pixels(self, chips: tuple[FastChip, ...]) -> list[Path]:
        files = []
        for chip in chips:
            files.append(self._between / f"{chip.exposure.stem}_usual{chip.extver}.npy")
            np.save(files[-1], usual_pixels(chip.science()))
        return files

    def _measure_sky(self, chips: tuple[FastChip, ...]) -> None:
        measure_skies([chips], self.steps.skymethod)

    def _drizzle_alone(self, chips: tuple[FastChip, ...]) -> _Single:
        from stsci.imagestats import ImageStats

        given = (chips, skies(chips), self.placed.mosaic, self.steps.driz_sep_bits)
        images = drizzle_alone(*given)
        if self.steps.combine_type in TAKE_WEIGHTLESS:
            fill_weightless(images, *given)
        stem = chips[0].exposure.stem
        files = (self._between / f"{stem}_science.npy", self._between / f"{stem}_weights.npy")
        for file, image in zip(files, images, strict=True):
            np.save(file, image)
        weights = images[1]
        mean = 0.0
        if weights.max() >= _NO_WEIGHT:
            mean = ImageStats(weights, lower=_NO_WEIGHT, fields="mean", nclip=0).mean
        return _Single(*files, _LEAST_OF_MEAN_WEIGHT * mean)

    def _combine(self, singles: list[_Single], exposures: list[tuple[FastChip, ...]]) -> None:
        """Combine band by band into a file that processes share."""
        noise = _noise(exposures)
        shape = self.placed.mosaic.shape
        np.lib.format.open_memmap(
            self._between / _COMBINED_NAME, mode="w+", dtype=np.float32, shape=shape
        ).flush()
        self._each(
            "combining",
            partial(self._combine_rows, singles, noise),
            strips(shape, _BAND_PX // len(singles)),
        )

    def _combine_rows(self, singles: list[_Single], noise: Noise, rows: slice) -> None:
        first = max(0, rows.start - GROW_PX)
        taken = slice(first, rows.stop + GROW_PX)
        images, weights = (
            np.stack([np.load(file, mmap_mode="r")[taken] for file in files])
            for files in zip(*(single[:2] for single in singles), strict=True)
        )
        least = [single.least_weight for single in singles]
        found = combine(images, weights, least, noise, self.steps.combine_type)
        whole = np.load(self._between / _COMBINED_NAME, mmap_mode="r+")
        whole[rows] = found[rows.start - first : rows.stop - first]

    def _flag(self, chips: tuple[FastChip, ...]) -> None:
        limits = thresholds(self.steps)
        assert limits is not None
        combined = np.load(self._between / _COMBINED_NAME, mmap_mode="r")
        hits = [
            hit_pixels(combined, self.placed.mosaic, chip, sky, limits)
            for chip, sky in zip(chips, skies(chips), strict=True)
        ]
        with fits.open(chips[0].exposure, mode="update", memmap=False) as hdus:
            for chip, hit in zip(chips, hits, strict=True):
                flags = chip.flags()
                flags[hit] |= COSMIC_RAY_BIT
                hdus["DQ", chip.extver].data[:] = flags.astype(hdus["DQ", chip.extver].data.dtype)


def _noise(exposures: list[tuple[FastChip, ...]]) -> Noise:
    """Return the noise of exposures as drizzlepac's createMedian.py puts it together."""
    return Noise(
        read_noise_e=[
            float(np.sqrt(np.mean([chip.read_noise_e**2 for chip in chips]))) for chips in exposures
        ],
        sky_e=[min(skies(chips)) * chips[0].to_electrons for chips in exposures],
        exptime_s=[chips[0].exptime_s for chips in exposures],
    )
