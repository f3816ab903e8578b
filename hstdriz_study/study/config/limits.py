"""What a key may say by itself: limits that stand beside the fields of the schema."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from omegaconf import MISSING

from hstdriz_study.errors import ConfigError
from hstdriz_study.names import ALLOWED_NAME, ALLOWED_OUTPUT, is_kept_in_output, is_name, shown
from hstdriz_study.nearest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from dataclasses import Field

_LIMITS = "limits"
_NO_SIGNS = ("Cc", "Cs", "Cn")  # control signs, and bytes of no encoding
MAX_LETTERS = 4000  # a path is no longer


@dataclass(frozen=True)
class Limit:
    """A test of a value, what passes it in words, and the words among which one may be meant."""

    allows: Callable[[Any], Any]
    words: str
    known: tuple[str, ...] = ()

    def or_null(self) -> Limit:
        """Return the limit of a key whose null has a meaning of its own; null always passes."""
        return replace(self, words=f"{self.words}, or null")

    def refused(self, value: Any) -> str:
        """Say of a value that does not pass what must be, and what was probably meant."""
        is_list = isinstance(value, list)
        given = value if is_list else [value]
        text = f"[{','.join(map(shown, value))}]" if is_list else shown(value)
        wrong = [word for word in given if word not in self.known] if self.known else []
        meant = [told for word in wrong if (told := did_you_mean(str(word), self.known))]
        return "; ".join((f"{text}: must be {self.words}", *meant))


def key(*limits: Limit) -> Any:
    """Declare a key of the schema: what it may say; its default stands in ``conf/``."""
    return field(default=MISSING, metadata={_LIMITS: limits})


def words_of_limits(item: Field[Any]) -> str:
    """Say what a key of the schema may say, in words; empty for one without a limit."""
    return "; ".join(limit.words for limit in item.metadata.get(_LIMITS, ()))


def check_limits(part: Any, above: str = "") -> None:
    """Check every key of a configuration by itself.

    Parameters
    ----------
    part : dataclass
        `~hstdriz_study.study.config.StudyConfig` or a part of it.
    above : str
        What the keys of a part begin with, such as ``drizzle.``.

    Raises
    ------
    ConfigError
        Naming the first key outside its limits, its value and what it may be.
    """
    for name, value, limits in _keys(part, above):
        _check_texts(name, value)
        for limit in limits:
            if isinstance(value, float) and not math.isfinite(value):
                raise ConfigError(f"{name}={value}: must be a finite number")
            if value is not None and not limit.allows(value):
                raise ConfigError(f"{name}={limit.refused(value)}")


def _check_texts(name: str, value: Any) -> None:
    """Refuse texts that are none, or of another kind, wherever a list or text may stand."""
    for text in value if isinstance(value, list) else [value]:
        if isinstance(text, (list, dict)) and isinstance(value, list):
            raise ConfigError(f"{name}={shown(value)}: must be a list of single values")
        if not isinstance(text, str):
            continue
        if any(unicodedata.category(sign) in _NO_SIGNS for sign in text.replace("\n", "")):
            raise ConfigError(
                f"{name}={shown(text)}: holds signs that cannot be printed; take them out"
            )
        if len(text) > MAX_LETTERS:
            raise ConfigError(
                f"{name}={shown(text)}: has {len(text)} letters, more than {MAX_LETTERS}"
            )


def _keys(part: Any, above: str) -> Iterator[tuple[str, Any, tuple[Limit, ...]]]:
    for item in fields(part):
        name, value = f"{above}{item.name}", getattr(part, item.name)
        if is_dataclass(value):
            yield from _keys(value, f"{name}.")
        else:
            yield name, value, item.metadata.get(_LIMITS, ())


def one_of(words: tuple[str, ...]) -> Limit:
    """Allow some words."""
    return Limit(lambda value: value in words, "one of " + ", ".join(words), words)


def any_of(words: tuple[str, ...]) -> Limit:
    """Allow a list of some words."""
    return Limit(lambda value: set(value) <= set(words), "a list of " + ", ".join(words), words)


def within(low: float, high: float, more: str = "") -> Limit:
    """Allow what lies between two numbers, both included; ``more`` follows them in words."""
    return Limit(lambda value: low <= value <= high, f"{low:g} to {_told(high)}{more}")


def _told(number: float) -> str:
    return f"{number}" if isinstance(number, int) else f"{number:.12g}"


def above_zero(high: float, more: str = "") -> Limit:
    """Allow what is larger than nothing and at most a number; ``more`` follows it in words."""
    return Limit(lambda value: 0 < value <= high, f"above 0 and at most {high:.12g}{more}")


ANY = 1e6  # of keys without a natural end: beyond it a number has lost its meaning
SIZE = above_zero(1000)  # a quarter of a degree; no detector of Hubble's sees as much
PIXEL = above_zero(5, " arcsec; the unit is arcsec, not milliarcsec")
SEED = within(0, 2**53)  # what JSON keeps to the digit
WORKERS = within(1, 4096)
FRACTION = within(0, 1)
TOLERANCE = Limit(lambda value: 0 <= value < 1, "0 to 1")
FRACTION_ABOVE_ZERO = above_zero(1)
WEIGHTS = Limit(
    lambda given: all(abs(weight) <= ANY for weight in given.values()),
    f"names of metrics with weights of {-ANY:.12g} to {ANY:.12g}",
)
SHOWN = Limit(
    lambda given: all(0 < value <= ANY for value in given),
    f"a list of numbers above 0 and at most {ANY:.12g}",
)
SOME_PATH = Limit(lambda value: bool(value.strip()), "the path of a directory")
NAME = Limit(is_name, ALLOWED_NAME)
ONE_LINE = Limit(
    lambda text: bool(text.strip()) and text.isprintable() and len(text) <= 200,  # noqa: PLR2004
    "1 to 200 printable characters",
)
KEPT_IN_OUTPUT = Limit(is_kept_in_output, ALLOWED_OUTPUT)
# it stands after a low line there
KEPT_IN_OUTPUT_OF_FILTER = Limit(lambda value: is_kept_in_output(f"_{value}"), ALLOWED_OUTPUT)


def _numbers(text: str) -> list[float]:
    """Split numbers as drizzlepac's drizCR.py does; none when one of them is not a number."""
    try:
        return [float(word) for word in re.split(r"[,;\s]+", text) if word]
    except ValueError:
        return []


def _are_two(text: str, allowed: Callable[[float], bool]) -> bool:
    numbers = _numbers(text)
    return len(numbers) == 2 and all(math.isfinite(n) and allowed(n) for n in numbers)  # noqa: PLR2004


TWO_POSITIVE = Limit(
    lambda text: _are_two(text, lambda number: 0 < number <= ANY),
    f"two numbers above 0 and at most {ANY:.12g}, such as '3.5 3.0'",
)
TWO_NOT_NEGATIVE = Limit(
    lambda text: _are_two(text, lambda number: 0 <= number <= ANY),
    f"two numbers of 0 to {ANY:.12g}, such as '1.2 0.7'",
)
