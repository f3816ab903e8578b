"""Keys of earlier versions: still read, with a warning that names the new one."""

from __future__ import annotations

from dataclasses import Field, field, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hstdriz_study.study.config.schema import StudyConfig

_NEW_NAME, _NEW_VALUES = "new_name", "new_values"


def key_now_named(new: str, values: Mapping[Any, Any] | None = None) -> Any:
    """Declare a key that is only read; unless given it is null.

    Parameters
    ----------
    new : str
        The dotted key that it is now.
    values : mapping, optional
        What its values are now, where they are others.
    """
    return field(default=None, metadata={_NEW_NAME: new, _NEW_VALUES: values or {}})


def is_old_name(item: Field[Any]) -> bool:
    """Tell whether a field of the schema is a key that is only read."""
    return _NEW_NAME in item.metadata


def old_names_told(config: StudyConfig) -> tuple[str, ...]:
    """Say which keys were given by an old name."""
    return tuple(
        f"warning: {old} is now {new}={value}; its value is taken"
        for old, new, value in _given_by_old_names(config)
    )


def with_new_names(config: StudyConfig) -> StudyConfig:
    """Return a configuration in which values of renamed keys stand under their new names."""
    for old, new, value in _given_by_old_names(config):
        config = _with(_with(config, new, value), old, None)
    return config


def _given_by_old_names(part: Any, above: str = "") -> Iterator[tuple[str, str, Any]]:
    for item in fields(part):
        value, key = getattr(part, item.name), f"{above}{item.name}"
        if is_dataclass(value):
            yield from _given_by_old_names(value, f"{key}.")
        elif is_old_name(item) and value is not None:
            yield key, item.metadata[_NEW_NAME], item.metadata[_NEW_VALUES].get(value, value)


def _with(part: Any, key: str, value: Any) -> Any:
    """Return a dataclass with the value of a dotted key replaced."""
    name, _, rest = key.partition(".")
    return replace(part, **{name: _with(getattr(part, name), rest, value) if rest else value})
