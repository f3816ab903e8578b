"""A value outside its limits is told what it must be, and what was probably meant."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from typing import get_args, get_origin, get_type_hints

import pytest

from hstdriz_study.cli.validation_options import ValidationConfig
from hstdriz_study.errors import ConfigError
from hstdriz_study.study.config.limits import any_of, check_limits, key, one_of, within
from hstdriz_study.study.config.schema import StudyConfig

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


def _numbers(part, above=""):
    """Give the keys of a part that hold a number, with their limits."""
    kinds = get_type_hints(part)
    for item in fields(part):
        kind = kinds[item.name]
        if is_dataclass(kind):
            yield from _numbers(kind, f"{above}{item.name}.")
        elif {int, float} & {kind, *get_args(kind)} and not hasattr(get_origin(kind), "keys"):
            yield f"{above}{item.name}", item.metadata.get("limits", ())


def test_every_number_of_the_configuration_has_a_lower_and_an_upper_bound():
    keys = dict([*_numbers(StudyConfig), *_numbers(ValidationConfig)])
    assert len(keys) > 60
    unbounded = {
        name
        for name, limits in keys.items()
        for value in (-1e300, 1e300)
        if all(_allows(limit, value) for limit in limits)
    }
    assert unbounded <= {"prepare.max_star_core_flagged"}  # of an earlier version, refused


def _allows(limit, value):
    try:
        return limit.allows(value)
    except TypeError:
        return limit.allows([value])
