"""A value outside its limits is told what it must be, and what was probably meant."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from hstdriz_study.errors import ConfigError
from hstdriz_study.study.config.limits import any_of, check_limits, key, one_of, within

WORDS = ("localmin", "globalmin", "match")


@dataclass
class Part:
    method: str = key(one_of(WORDS))
    several: list[str] = key(any_of(WORDS))
    fraction: float = key(within(0, 1).or_null())


@dataclass
class Whole:
    part: Part = field(default_factory=Part)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (("macth", [], 0.5), "part.method=macth: must be one of {}; did you mean match?"),
        (("xyz", [], 0.5), "part.method=xyz: must be one of {}"),
        (
            ("match", ["localmn", "xyz"], 0.5),
            "part.several=[localmn,xyz]: must be a list of {}; did you mean localmin?",
        ),
        (("match", [], 2.0), "part.fraction=2.0: must be 0 to 1, or null"),
    ],
)
def test_the_nearest_of_the_known_words_is_named(values, sentence):
    with pytest.raises(ConfigError) as told:
        check_limits(Whole(Part(*values)))
    assert str(told.value) == sentence.format(", ".join(WORDS))
