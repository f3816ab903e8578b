"""What of a configuration bears on preparing the exposures of a filter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.drizzlepac_options import PreparingOptions, TweakRegOptions


@dataclass(frozen=True)
class PrepareSettings:
    """What is done once to the exposures of a filter.

    Attributes
    ----------
    filter_name : str
        Of the filter, for names and sentences.
    cache_dir : `~pathlib.Path`
        Where prepared exposures are kept.
    updatewcs : bool
        Whether the distortion model is applied to the headers.
    steps : `~hstdriz_study.drizzlepac_options.PreparingOptions`
        For many exposures; `steps_of` gives those for a number of them.
    minmed_below : int
        With fewer exposures the cosmic rays are found against the minimum, where the median of
        all is too high.
    tweakreg : `~hstdriz_study.drizzlepac_options.TweakRegOptions` or None
        None: the exposures are not aligned.
    final_bits : int or None
        DQ bits that do not make a pixel bad in the final step.
    tweakreg_max_rms_px, tweakreg_max_shift_px : float
        Largest scatter of matched stars, and largest shift, to be believed.
    """

    filter_name: str
    cache_dir: Path
    updatewcs: bool
    steps: PreparingOptions
    minmed_below: int
    tweakreg: TweakRegOptions | None
    final_bits: int | None
    tweakreg_max_rms_px: float
    tweakreg_max_shift_px: float

    def steps_of(self, n_exposures: int) -> PreparingOptions:
        """Return the steps for a number of exposures; the median of two is their mean."""
        few = n_exposures < self.minmed_below
        return replace(self.steps, combine_type="minmed") if few else self.steps
