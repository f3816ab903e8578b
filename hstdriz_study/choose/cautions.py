"""What a user should know before trusting a choice; the sentences are made in the room of words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.choose.points import N_STARS, SAMPLE_SPACING, settings_of, value

if TYPE_CHECKING:
    from hstdriz_study.choose.edges import WiderGrid
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.stability import Stability
    from hstdriz_study.contracts import PointRecord


@dataclass(frozen=True)
class Caution:
    """Something to know before trusting a choice; a class for each kind, with its numbers."""


@dataclass(frozen=True)
class OfRecord(Caution):
    """A warning that stands in the point's own record."""

    text: str


@dataclass(frozen=True)
class OnEdge(Caution):
    """The choice lies on the edge of what was swept."""

    beyond: WiderGrid


@dataclass(frozen=True)
class FewStars(Caution):
    """The FWHM rests on fewer stars than advised."""

    n_stars: int
    advised: int


@dataclass(frozen=True)
class FewDithers(Caution):
    """The dithers sample the sky too coarsely for the output pixels."""

    spacing_arcsec: float
    scale_arcsec: float
    limit_px: float


@dataclass(frozen=True)
class Frail(Caution):
    """The choice changes in more of the resamples than the limit allows."""

    resampling: Stability
    limit: float


@dataclass(frozen=True)
class OfGridPhase(Caution):
    """The choice depends on where the output grid falls."""

    phases: Stability


@dataclass(frozen=True)
class NoCommonScale(Caution):
    """One scale for all filters was asked for, and there is none; ``why`` says so."""

    why: str


def cautions_of(
    chosen: PointRecord,
    settings: ChoiceSettings,
    resampling: Stability | None,
    phases: Stability | None,
    beyond: WiderGrid | None,
) -> tuple[Caution, ...]:
    """Return what to know of a choice; what stands in its record comes first.

    Parameters
    ----------
    chosen : `~hstdriz_study.contracts.PointRecord`
    settings : ChoiceSettings
        ``min_stars_advised``, ``max_sample_spacing_px`` and ``max_change_probability``.
    resampling, phases : Stability or None
        None when it is not known.
    beyond : WiderGrid or None
        What extends the sweep; None when the choice is inside it.
    """
    found: list[Caution] = [OfRecord(text) for text in chosen.warnings]
    if beyond is not None:
        found.append(OnEdge(beyond))
    n_stars = value(chosen, N_STARS)
    if math.isfinite(n_stars) and n_stars < settings.min_stars_advised:
        found.append(FewStars(round(n_stars), settings.min_stars_advised))
    spacing, scale = value(chosen, SAMPLE_SPACING), settings_of(chosen).final_scale_arcsec
    if spacing > settings.max_sample_spacing_px * scale:
        found.append(FewDithers(spacing, scale, settings.max_sample_spacing_px))
    if resampling is not None and resampling.changed > settings.max_change_probability:
        found.append(Frail(resampling, settings.max_change_probability))
    if phases is not None and phases.n_same < phases.n_tables:
        found.append(OfGridPhase(phases))
    return tuple(found)
