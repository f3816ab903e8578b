"""Nested settings as dotted keys."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.nested import dotted

NAMES = st.text("abc", min_size=1, max_size=3)
NESTED = st.recursive(
    st.integers() | st.none() | st.lists(st.integers(), max_size=2),
    lambda values: st.dictionaries(NAMES, values, min_size=1, max_size=3),
)


def at(values: Any, name: str) -> Any:
    for part in name.split("."):
        values = values[part]
    return values


@given(st.dictionaries(NAMES, NESTED, max_size=3))
def test_every_value_is_found_once_where_its_dotted_key_leads(values: dict[str, Any]) -> None:
    found = list(dotted(values))
    assert len(found) == len(dict(found))
    assert all(at(values, name) == value for name, value in found)
    assert not any(isinstance(value, dict) for _, value in found)


def test_values_at_all_depths_are_told_in_their_order() -> None:
    values = {"a": 1, "b": {"c": {"d": 2}, "e": [3]}}
    assert list(dotted(values)) == [("a", 1), ("b.c.d", 2), ("b.e", [3])]
