"""What of a configuration bears on preparing the exposures of a filter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hstdriz_study.dataset.solutions import UPDATEWCS

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.drizzlepac_options import PreparingOptions, TweakRegOptions


@dataclass(frozen=True)
class AlignTo:
    """A catalogue or an image that exposures are aligned to.

    Attributes
    ----------
    path : `~pathlib.Path`
    expand_refcat : bool
        Whether sources of aligned exposures are added to its.
    threshold : float
        Of a source in an image, in standard deviations of its sky.
    psf_fwhm_arcsec : float
        Of a source in an image.
    """

    path: Path
    expand_refcat: bool
    threshold: float
    psf_fwhm_arcsec: float


@dataclass(frozen=True)
class PrepareSettings:
    """What is done once to the exposures of a filter.

    Attributes
    ----------
    filter_name : str
        Of the filter, for names and sentences.
    cache_dir : `~pathlib.Path`
        Where prepared exposures are kept.
    engine : str
        One of `~hstdriz_study.drizzlepac_options.PREPARING_ENGINES`: what flags cosmic rays.
    wcs : str
        ``updatewcs``: made anew from the distortion model; ``active``: the one in use in the files;
        else the name of a solution in them.
    steps : `~hstdriz_study.drizzlepac_options.PreparingOptions`
        For many exposures; `steps_of` gives those for a number of them.
    minmed_below : int
        With fewer exposures the cosmic rays are found against the minimum, where the median of
        all is too high.
    tweakreg : `~hstdriz_study.drizzlepac_options.TweakRegOptions` or None
        None: the exposures are not aligned by it.
    align_to : `AlignTo` or None
        None: TweakReg aligns the exposures to each other.
    shifts : `~pathlib.Path` or None
        A shift file by which the exposures are aligned.
    final_bits : int or None
        DQ bits that do not make a pixel bad in the final step.
    tweakreg_max_rms_px, tweakreg_max_shift_px : float
        Largest scatter of matched stars, and largest shift, to be believed.
    """

    filter_name: str
    cache_dir: Path
    engine: str
    wcs: str
    steps: PreparingOptions
    minmed_below: int
    tweakreg: TweakRegOptions | None
    align_to: AlignTo | None
    shifts: Path | None
    final_bits: int | None
    tweakreg_max_rms_px: float
    tweakreg_max_shift_px: float

    @property
    def unfinished(self) -> str:
        """What is lost with a process that prepares, for a sentence."""
        return f"filter={self.filter_name}: preparing was not finished"

    @property
    def updatewcs(self) -> bool:
        """Whether the distortion model is applied to the headers."""
        return self.wcs == UPDATEWCS

    def steps_of(self, n_exposures: int) -> PreparingOptions:
        """Return the steps for a number of exposures; the median of two is their mean."""
        few = n_exposures < self.minmed_below
        return replace(self.steps, combine_type="minmed") if few else self.steps
