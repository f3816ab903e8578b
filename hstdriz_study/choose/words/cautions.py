"""What a user should know before trusting a choice: kinds of warnings, and their sentences."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from hstdriz_study.choose.points import N_STARS, SAMPLE_SPACING, settings_of, value
from hstdriz_study.choose.words.edges import overrides_of
from hstdriz_study.choose.words.firmness import stability_said
from hstdriz_study.choose.words.numbers import count, percent

if TYPE_CHECKING:
    from hstdriz_study.choose.edges import WiderGrid
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.stability import Stability
    from hstdriz_study.contracts import PointRecord

# Where a text of another room is cut: at a bracket, colon, semicolon or full stop.
_ASIDE = re.compile(r" \(|[:;.](?: |$)")


class Kind(Enum):
    """What a warning is about."""

    RECORD = auto()
    EDGE = auto()
    STARS = auto()
    DITHERS = auto()
    RESAMPLES = auto()
    GRID_PHASE = auto()
    COMMON_SCALE = auto()


@dataclass(frozen=True)
class Caution:
    """A warning.

    Attributes
    ----------
    kind : Kind
    statement : str
        What it says first, which stands for it in a list.
    rest : str
        What follows: numbers in brackets, cause, cure.
    """

    kind: Kind
    statement: str
    rest: str = ""

    @property
    def sentence(self) -> str:
        """The whole of it, one or two sentences."""
        return self.statement + self.rest


def cautions_of(
    chosen: PointRecord,
    settings: ChoiceSettings,
    resampling: Stability | None,
    phases: Stability | None,
    beyond: WiderGrid | None,
) -> tuple[Caution, ...]:
    """Return the warnings on a choice; those of its record come first.

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
    found = [of_record(text) for text in chosen.warnings]
    if beyond is not None:
        found.append(_on_edge(beyond))
    n_stars = value(chosen, N_STARS)
    if math.isfinite(n_stars) and n_stars < settings.min_stars_advised:
        found.append(_few_stars(round(n_stars), settings.min_stars_advised))
    spacing, scale = value(chosen, SAMPLE_SPACING), settings_of(chosen).final_scale_arcsec
    if spacing > settings.max_sample_spacing_px * scale:
        found.append(_few_dithers(spacing, scale, settings.max_sample_spacing_px))
    if resampling is not None and resampling.changed > settings.max_change_probability:
        found.append(_frail(resampling, settings.max_change_probability))
    if phases is not None and phases.n_same < phases.n_tables:
        said = f". {stability_said(phases)}"
        statement = "The choice depends on where the output grid falls"
        found.append(Caution(Kind.GRID_PHASE, statement, said))
    return tuple(found)


def of_record(text: str) -> Caution:
    """Return a warning that a record holds as a text alone, cut where its first statement ends."""
    statement = _ASIDE.split(text, maxsplit=1)[0]
    return Caution(Kind.RECORD, statement, text[len(statement) :])


def no_common_scale(why: str) -> Caution:
    """Warn that one scale for all filters was asked for and there is none."""
    return Caution(
        Kind.COMMON_SCALE,
        "No scale common to all filters",
        f"; this is the filter's own. {why}",
    )


def _on_edge(beyond: WiderGrid) -> Caution:
    return Caution(
        Kind.EDGE,
        "The choice lies on the edge of the swept range, so that a better one may lie beyond it",
        f": {' '.join(overrides_of(beyond))}; the report has the command",
    )


def _few_stars(n_stars: int, advised: int) -> Caution:
    return Caution(
        Kind.STARS,
        f"Its FWHM rests on {count(n_stars, 'star')}, fewer than the {advised} advised",
        " (choose.min_stars_advised); its error is itself uncertain.",
    )


def _few_dithers(spacing_arcsec: float, scale_arcsec: float, limit_px: float) -> Caution:
    return Caution(
        Kind.DITHERS,
        f'There are too few dither positions for {scale_arcsec:.4g}"',
        f': they sample the sky every {spacing_arcsec:.3f}", '
        f"{spacing_arcsec / scale_arcsec:.1f} output pixels (limit {limit_px:g}, "
        "choose.max_sample_spacing_px). Pixels so fine hold little more than coarser ones; take a "
        "coarser scale or more exposures at other sub-pixel phases.",
    )


def _frail(resampling: Stability, limit: float) -> Caution:
    return Caution(
        Kind.RESAMPLES,
        f"The choice changes in {percent(resampling.changed)} of the resamples, more than "
        f"{percent(limit)}",
        f" (choose.max_change_probability). {stability_said(resampling)}",
    )
