"""What there is to know of a metric besides its values: unit, words, what is better, its places.

A function that measures something of one's own may say so with `gives`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

Function = TypeVar("Function", bound=Callable[..., object])

# Units as plots and tables write them; others stand as astropy writes them.
_UNIT_WORDS = {
    "mag(AB)": "AB mag",
    "electron / s": "e⁻/s",
    "electron / (pix s)": "e⁻/s/pixel",
    "pix": "",
}


class Better(StrEnum):
    """Which of two points has the better value; of what is the same at all of them, neither."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"

    @property
    def sense(self) -> float:
        """1 where the smaller value is the better one, -1 where the larger, 0 where neither."""
        return {"lower": 1.0, "higher": -1.0}.get(self, 0.0)


class ErrorKind(StrEnum):
    """Where the error of a metric comes from: what is drawn anew in a resample, or what else."""

    STARS = "stars"
    SKY = "sky"
    WEIGHT_BOXES = "weight boxes"
    ARTIFICIAL_STARS = "artificial stars"
    BINOMIAL = "binomial"
    SCATTER = "scatter"
    EXACT = "none"
    OWN = "as its function says"


class Need(StrEnum):
    """What a metric cannot be measured without."""

    STARS = "stars"
    SKY_BOXES = "blank sky"
    FULL_DEPTH = "full depth"
    ARTIFICIAL_STARS = "artificial stars"
    ZERO_POINT = "PHOTFLAM"
    SQUARE_KERNEL = "square kernel"


class Place(StrEnum):
    """Where a metric is shown besides the list of all metrics of a point, which has every one."""

    CHOICE = "choice"
    """A column beside each choice, each goal's pick and each comparison of two choices."""
    POINTS = "points"
    """A column of the table of all points, and a line where one hovers over a point."""
    CURVES = "curves"
    """A panel against pixfrac (or scale)."""
    PLANES = "planes"
    """The interactive trade-off: a plane against the FWHM."""
    TRADE_OFF = "trade-off"
    """The figure of the trade-off, and MLflow's."""
    MLFLOW = "mlflow"
    """A column of MLflow's table of runs."""


@dataclass(frozen=True)
class MetricEntry:
    """One metric.

    Attributes
    ----------
    name : str
        ``group/name``: the column of ``points.ecsv``, the key in MLflow, whose page has
        a section a group.
    label : str
        What it is, in a few words.
    unit : str
        As astropy reads it; empty for a number without unit.
    better : Better
    meaning : str
        What it is, in a sentence.
    phrase : str
        What a sentence and the head of a table call it; the label when empty.
    alone : str
        What a plot calls it, where nothing around says what it is of; the phrase when empty.
    column : str
        The head over its column; phrase and unit when empty.
    error : ErrorKind
    needs : tuple of Need
    drawn : tuple of Place
    format : str
        How Python formats its value where no error says how many digits it has.
    """

    name: str
    label: str
    unit: str = ""
    better: Better = Better.NEITHER
    meaning: str = ""
    phrase: str = ""
    alone: str = ""
    column: str = ""
    error: ErrorKind = ErrorKind.OWN
    needs: tuple[Need, ...] = ()
    drawn: tuple[Place, ...] = (Place.CURVES,)
    format: str = ".4g"

    @property
    def group(self) -> str:
        """What stands before the last slash of the name; MLflow makes a section of it."""
        return self.name.rpartition("/")[0]

    @property
    def in_sentence(self) -> str:
        """What a sentence calls it."""
        return self.phrase or self.label

    @property
    def by_itself(self) -> str:
        """What it is called where nothing around says what it is of."""
        return self.alone or self.in_sentence

    @property
    def unit_words(self) -> str:
        """The unit as plots and tables write it; empty where the words say it already."""
        return _UNIT_WORDS.get(self.unit, self.unit)

    @property
    def difference_unit(self) -> str:
        """The unit of a difference of two values: of magnitudes of any system, mag."""
        return "mag" if self.unit.startswith("mag(") else self.unit_words

    @property
    def axis(self) -> str:
        """The label of an axis, with the unit."""
        return _with_unit(self.by_itself, self.unit_words)

    @property
    def head(self) -> str:
        """The head over a column, with the unit."""
        return self.column or _with_unit(self.in_sentence, self._unit_sign)

    @property
    def suffix(self) -> str:
        """The unit as it follows a number."""
        sign = self._unit_sign
        return f" {sign}" if sign[:1].isalnum() else sign

    def text(self, value: float) -> str:
        """Write a value without its unit."""
        return format(value, self.format)

    @property
    def _unit_sign(self) -> str:
        return '"' if self.unit == "arcsec" else self.unit_words


def _with_unit(words: str, unit: str) -> str:
    return f"{words} ({unit})" if unit else words


def gives(*entries: MetricEntry) -> Callable[[Function], Function]:
    """Say what a metric function of one's own gives.

    Parameters
    ----------
    *entries : `MetricEntry`
        One for each metric that is to have words, a unit, a place of its own. A metric
        without an entry is called by its name and drawn among the curves.

    Examples
    --------
    >>> @gives(MetricEntry("own/peak", "peak of the stars", unit="electron / s"))
    ... def measure_peak(point, context): ...
    >>> entries_given(measure_peak)["own/peak"].label
    'peak of the stars'
    """

    def described(function: Function) -> Function:
        vars(function)[_GIVEN] = entries
        return function

    return described


_GIVEN = "metric_entries"


def entries_given(function: Callable[..., object]) -> dict[str, MetricEntry]:
    """Return what `gives` says of a function, by the names of the metrics."""
    return {entry.name: entry for entry in getattr(function, _GIVEN, ())}
