"""Warnings on a choice: the first statement, which stands for it in a list, and the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import singledispatch

from hstdriz_study.choose.cautions import (
    Caution,
    FewDithers,
    FewStars,
    Frail,
    NoCommonScale,
    OfGridPhase,
    OfRecord,
    OnEdge,
)
from hstdriz_study.choose.words.edges import overrides_of
from hstdriz_study.choose.words.firmness import stability_said
from hstdriz_study.choose.words.numbers import count, percent

# Where a text of another room is cut: at a bracket, colon, semicolon or full stop.
_ASIDE = re.compile(r" \(|[:;.](?: |$)")


@dataclass(frozen=True)
class Warned:
    """A warning: its first statement, and what follows it: numbers in brackets, cause, cure."""

    statement: str
    rest: str

    @property
    def sentence(self) -> str:
        """The whole of it, one or two sentences."""
        return self.statement + self.rest


def warned_by(text: str) -> Warned:
    """Return a warning of another room, which is known as a text alone, cut to be listed."""
    statement = _ASIDE.split(text, maxsplit=1)[0]
    return Warned(statement, text[len(statement) :])


@singledispatch
def warned(caution: Caution) -> Warned:
    """Say what to know before trusting a choice; each kind registers its sentences."""
    raise TypeError(f"no words are registered for {type(caution).__name__}")


@warned.register(OfRecord)
def _(caution: OfRecord) -> Warned:
    return warned_by(caution.text)


@warned.register(OnEdge)
def _(caution: OnEdge) -> Warned:
    return Warned(
        "The choice lies on the edge of the swept range, so that a better one may lie beyond it",
        f": {' '.join(overrides_of(caution.beyond))}; the report has the command",
    )


@warned.register(FewStars)
def _(caution: FewStars) -> Warned:
    return Warned(
        f"Its FWHM rests on {count(caution.n_stars, 'star')}, fewer than the {caution.advised} "
        "advised",
        " (choose.min_stars_advised); its error is itself uncertain.",
    )


@warned.register(FewDithers)
def _(caution: FewDithers) -> Warned:
    spacing, scale = caution.spacing_arcsec, caution.scale_arcsec
    return Warned(
        f'There are too few dither positions for {scale:.4g}"',
        f': they sample the sky every {spacing:.3f}", {spacing / scale:.1f} output pixels (limit '
        f"{caution.limit_px:g}, choose.max_sample_spacing_px). Pixels so fine hold little more "
        "than coarser ones; take a coarser scale or more exposures at other sub-pixel phases.",
    )


@warned.register(Frail)
def _(caution: Frail) -> Warned:
    return Warned(
        f"The choice changes in {percent(caution.resampling.changed)} of the resamples, more than "
        f"{percent(caution.limit)}",
        f" (choose.max_change_probability). {stability_said(caution.resampling)}",
    )


@warned.register(OfGridPhase)
def _(caution: OfGridPhase) -> Warned:
    return Warned(
        "The choice depends on where the output grid falls", f". {stability_said(caution.phases)}"
    )


@warned.register(NoCommonScale)
def _(caution: NoCommonScale) -> Warned:
    return Warned("No scale common to all filters", f"; this is the filter's own. {caution.why}")
