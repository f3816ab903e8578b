"""What of a configuration bears on preparing the exposures of a filter."""

from __future__ import annotations

from dataclasses import dataclass
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
    tweakreg: TweakRegOptions | None
    final_bits: int | None
    tweakreg_max_rms_px: float
    tweakreg_max_shift_px: float
