"""A rule: what it is called, what it looks at and keeps, how it decides and says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hstdriz_study.choose.limits import EVERY_LIMIT, WEIGHT_LIMITS, limited_metrics, limits_of
from hstdriz_study.choose.points import FWHM
from hstdriz_study.choose.rule_of_thumb import HandbookPick
from hstdriz_study.choose.screen import Screening, screen
from hstdriz_study.choose.settings import OFF, ChoiceSettings
from hstdriz_study.choose.verdict import Verdict
from hstdriz_study.choose.words.told import Told
from hstdriz_study.contracts import ENTRIES, ErrorKind, entries_of, paired_sigma

if TYPE_CHECKING:
    from hstdriz_study.choose.paired import PairedSigma
    from hstdriz_study.contracts import MetricEntry, PointRecord

STAR_METRICS = {entry.name for entry in ENTRIES.values() if entry.error is ErrorKind.STARS}

Decide = Callable[[Screening, ChoiceSettings, HandbookPick], Verdict]
Words = Callable[[Verdict, ChoiceSettings, HandbookPick], Told]


def _checks_nothing(_: ChoiceSettings, __: Mapping[str, MetricEntry]) -> None:
    """Refuse nothing."""


def _names_none(_: ChoiceSettings) -> tuple[str, ...]:
    """Take no metric from the settings."""
    return ()


@dataclass(frozen=True)
class Rule:
    """A rule that chooses one of the points of a filter.

    Attributes
    ----------
    name : str
        As in ``choose.rule`` and ``conf/choose/<name>.yaml``.
    takes, source, held_back_by : str
        What it takes, where it comes from, and what keeps it from the corner of the
        grid: its row in the table of the documentation.
    decide : callable
        From screened points, of which one at least is admissible, to a verdict.
    words : callable
        From a verdict with a chosen point to its reasons.
    needs : tuple of str
        Metrics without which a point is not admissible.
    looks_at : tuple of str
        Further metrics that take part where they were measured.
    ranks_by : tuple of str
        Metrics by which it ranks points; it looks at all else through its limits
        alone. Empty when it ranks by no measured quantity.
    limits : tuple of str
        Keys of the limits that it keeps.
    own : mapping of str to value
        What ``choose=NAME`` sets for this rule alone.
    named_in : callable
        Metrics that the settings name: it needs them and ranks by them too.
    check : callable
        Refuses settings with which the rule cannot work (`ChoiceError`), given the entries
        of the metrics.
    scale_first : bool
        Whether it takes the scale before any measurement, and the pixfrac there.
    """

    name: str
    takes: str
    source: str
    held_back_by: str
    decide: Decide
    words: Words
    needs: tuple[str, ...] = (FWHM,)
    looks_at: tuple[str, ...] = ()
    ranks_by: tuple[str, ...] = ()
    limits: tuple[str, ...] = EVERY_LIMIT
    own: Mapping[str, Any] = field(default_factory=dict)
    named_in: Callable[[ChoiceSettings], Sequence[str]] = _names_none
    check: Callable[[ChoiceSettings, Mapping[str, MetricEntry]], None] = _checks_nothing
    scale_first: bool = False

    def __call__(
        self,
        records: Sequence[PointRecord],
        settings: ChoiceSettings,
        handbook: HandbookPick,
        sigma: PairedSigma = paired_sigma,
    ) -> Verdict:
        """Choose one of the points of one filter.

        ``sigma`` gives the error of the difference of two points; who asks again and again
        remembers it (`~hstdriz_study.choose.paired.RememberedSigma`).

        Raises
        ------
        ChoiceError
            If the rule cannot work with the settings.
        """
        self.check(settings, ENTRIES | entries_of(records))
        limits = limits_of(settings, self.limits)
        screening = screen(records, self.needed(settings), limits, sigma)
        if not screening.admissible:
            return screening.refuse(screening.refusal)
        return self.decide(screening, settings, handbook)

    def needed(self, settings: ChoiceSettings) -> tuple[str, ...]:
        """Return the metrics without which a point is not admissible."""
        return tuple(dict.fromkeys((*self.needs, *self.named_in(settings))))

    def ranked_by(self, settings: ChoiceSettings) -> tuple[str, ...]:
        """Return the metrics by which it ranks points; empty when by no measured quantity."""
        return (*self.ranks_by, *self.named_in(settings))

    def reads(self, settings: ChoiceSettings) -> tuple[str, ...]:
        """Return every metric on which the verdict may depend."""
        own = (*self.needed(settings), *self.looks_at, *self.ranks_by)
        return tuple(dict.fromkeys((*own, *limited_metrics(self.limits))))

    @property
    def weight_limits(self) -> tuple[str, ...]:
        """Keys of the limits on the weight map that it keeps."""
        return tuple(key for key in WEIGHT_LIMITS if key in self.limits)

    @property
    def needs_stars(self) -> bool:
        """Whether it cannot choose in a field without stars."""
        wanted = (*self.needs, *limited_metrics(self.limits))
        return any(metric in STAR_METRICS for metric in wanted)

    def as_shipped(self, settings: ChoiceSettings) -> ChoiceSettings:
        """Return settings as ``choose=NAME`` would have them, tolerances and limits kept."""
        return replace(settings, rule=self.name, **{**OFF, **self.own})
