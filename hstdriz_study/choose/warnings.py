"""What a user should know before trusting a choice."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hstdriz_study.choose.points import N_STARS, SAMPLE_SPACING, settings_of, value
from hstdriz_study.choose.wording import count, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.stability import Stability
    from hstdriz_study.config import ChooseConfig
    from hstdriz_study.contracts import PointRecord


def choice_warnings(
    chosen: PointRecord,
    config: ChooseConfig,
    resampling: Stability | None,
    phases: Stability | None,
    extension: Sequence[str],
) -> tuple[str, ...]:
    """Return the warnings on a choice, one or two sentences each; its exposures' come first.

    Parameters
    ----------
    chosen : `~hstdriz_study.contracts.PointRecord`
    config : `~hstdriz_study.config.ChooseConfig`
        ``min_stars_advised``, ``max_sample_spacing_px`` and ``max_change_probability``.
    resampling, phases : Stability or None
        None when it is not known.
    extension : sequence of str
        Overrides that extend the sweep; empty when the choice is inside it.
    """
    found = list(chosen.warnings)
    if extension:
        found.append(
            "The choice lies on the edge of the swept range, so that a better one may lie "
            f"beyond it: {' '.join(extension)}; the report has the command"
        )
    n_stars = value(chosen, N_STARS)
    if math.isfinite(n_stars) and n_stars < config.min_stars_advised:
        found.append(
            f"Its FWHM rests on {count(round(n_stars), 'star')}, fewer than the "
            f"{config.min_stars_advised} advised (choose.min_stars_advised); its error is itself "
            "uncertain."
        )
    spacing, scale = value(chosen, SAMPLE_SPACING), settings_of(chosen).final_scale_arcsec
    if spacing > config.max_sample_spacing_px * scale:
        found.append(
            f'There are too few dither positions for {scale:.4g}": they sample the sky every '
            f'{spacing:.3f}", {spacing / scale:.1f} output pixels (limit '
            f"{config.max_sample_spacing_px:g}, choose.max_sample_spacing_px). Pixels so fine hold "
            "little more than coarser ones; take a coarser scale or more exposures at other "
            "sub-pixel phases."
        )
    if resampling is not None and resampling.changed > config.max_change_probability:
        found.append(
            f"The choice changes in {percent(resampling.changed)} of the resamples, more than "
            f"{percent(config.max_change_probability)} (choose.max_change_probability). "
            f"{resampling.sentence}"
        )
    if phases is not None and phases.n_same < phases.n_tables:
        found.append(f"The choice depends on where the output grid falls. {phases.sentence}")
    return tuple(found)
