"""What a user should know before trusting a choice: kinds of warnings, and their sentences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from hstdriz_study.choose.points import (
    FWHM,
    FWHM_CHANGE,
    N_STARS,
    SAMPLE_SPACING,
    label,
    metric_of,
    settings_of,
    value,
)
from hstdriz_study.choose.words.firmness import stability_said
from hstdriz_study.choose.words.numbers import count, percent
from hstdriz_study.choose.words.prices import price_said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.choice import Choice
    from hstdriz_study.choose.edges import Edge
    from hstdriz_study.choose.points import PointSummary
    from hstdriz_study.choose.prices import Price
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.stability import Stability
    from hstdriz_study.contracts import PointRecord


_SURE_SIGMA = 3.0


class Kind(Enum):
    """What a warning is about."""

    RECORD = auto()
    EDGE = auto()
    STARS = auto()
    DITHERS = auto()
    RESAMPLES = auto()
    GRID_PHASE = auto()
    COMMON_SCALE = auto()
    BEATEN = auto()
    FIELD = auto()


@dataclass(frozen=True)
class Caution:
    """A warning.

    Attributes
    ----------
    kind : Kind
    sentence : str
        One or two, the cure among them.
    """

    kind: Kind
    sentence: str


def cautions_of(
    chosen: PointRecord,
    settings: ChoiceSettings,
    choice: Choice,
) -> tuple[Caution, ...]:
    """Return the warnings on a choice; those of its record come first.

    Parameters
    ----------
    chosen : `~hstdriz_study.contracts.PointRecord`
    settings : ChoiceSettings
        ``min_stars_advised``, ``max_sample_spacing_px`` and ``max_change_probability``.
    choice : Choice
        All of it but the warnings.
    """
    resampling, phases = choice.resampling, choice.grid_phases
    found = [Caution(Kind.RECORD, text) for text in chosen.warnings]
    if choice.beaten is not None:
        found.append(_beaten(choice.rule, choice.beaten))
    if choice.beyond is not None:
        found.append(_on_edge(choice.edges))
    n_stars = value(chosen, N_STARS)
    if math.isfinite(n_stars) and n_stars < settings.min_stars_advised:
        found.append(_few_stars(round(n_stars), settings.min_stars_advised))
    spacing, scale = value(chosen, SAMPLE_SPACING), settings_of(chosen).final_scale_arcsec
    if spacing > settings.max_sample_spacing_px * scale:
        found.append(_few_dithers(spacing, scale, settings.max_sample_spacing_px))
    if resampling is not None and resampling.changed > settings.max_change_probability:
        found.append(_frail(resampling, settings.max_change_probability))
    if phases is not None and phases.n_same < phases.n_tables:
        found.append(_on_phase(phases))
    rival = choice.runner_up or choice.sharpest
    if rival is not None and (told := _over_field(chosen, rival)):
        found.append(told)
    return tuple(found)


def no_common_scale(why: str) -> Caution:
    """Warn that one scale for all filters was asked for and there is none."""
    return Caution(
        Kind.COMMON_SCALE,
        f"No scale common to all filters; this is the filter's own. {why}",
    )


def _beaten(rule: str, price: Price) -> Caution:
    return Caution(
        Kind.BEATEN,
        f"{price.own.label} keeps every limit, is not worse in anything and better in some: the "
        f"chosen point has {price_said(price)}. The rule {rule} takes it by its definition.",
    )


def _on_edge(edges: Sequence[Edge]) -> Caution:
    where = (
        "A point beyond the swept range is foretold to be sharper and may move the choice"
        if all(edge.of_sharpest for edge in edges)
        else "The choice lies on the edge of the swept range, so that a better one may lie "
        "beyond it"
    )
    return Caution(Kind.EDGE, f"{where}.")


def _few_stars(n_stars: int, advised: int) -> Caution:
    return Caution(
        Kind.STARS,
        f"Its FWHM rests on {count(n_stars, 'star')}, fewer than the {advised} advised "
        "(choose.min_stars_advised); its error is itself uncertain.",
    )


def _few_dithers(spacing_arcsec: float, scale_arcsec: float, limit_px: float) -> Caution:
    return Caution(
        Kind.DITHERS,
        f'There are too few dither positions for {scale_arcsec:.4g}": '
        f'they sample the sky every {spacing_arcsec:.3f}", '
        f"{spacing_arcsec / scale_arcsec:.1f} output pixels (limit {limit_px:g}, "
        "choose.max_sample_spacing_px). Pixels so fine hold little more than coarser ones; take a "
        "coarser scale or more exposures at other sub-pixel phases.",
    )


def _frail(resampling: Stability, limit: float) -> Caution:
    return Caution(
        Kind.RESAMPLES,
        f"The choice changes in {percent(resampling.changed)} of the resamples, more than "
        f"{percent(limit)} (choose.max_change_probability). {stability_said(resampling)}",
    )


def _on_phase(phases: Stability) -> Caution:
    return Caution(
        Kind.GRID_PHASE,
        f"The choice depends on where the output grid falls. {stability_said(phases)}",
    )


def _over_field(chosen: PointRecord, rival: PointSummary) -> Caution | None:
    """Warn that the FWHM changes more over the field than between the points one might take."""
    change, own = metric_of(chosen, FWHM_CHANGE), value(chosen, FWHM)
    other = rival.metrics.get(FWHM)
    if other is None or rival.key == chosen.key or not change.value > _SURE_SIGMA * change.err:
        return None
    between = abs(other.value / own - 1)
    if not change.value > between:
        return None
    return Caution(
        Kind.FIELD,
        f"The FWHM changes by {percent(change.value)} ± {percent(change.err)} over the field, more "
        f"than the {percent(between)} between {label(chosen)} and {rival.label}: where one looks "
        "matters more than which of them one takes. All points see the same stars, so that their "
        "order stands.",
    )
