"""Keys of earlier versions: still read, with a warning that names the new one."""

from __future__ import annotations

from dataclasses import Field, field, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hstdriz_study.study.config.schema import StudyConfig

_NEW_NAME = "new_name"


def key_now_named(new: str) -> Any:
    """Declare a key that is only read: the dotted key that it is now; unless given it is null."""
    return field(default=None, metadata={_NEW_NAME: new})


def is_old_name(item: Field[Any]) -> bool:
    """Tell whether a field of the schema is a key that is only read."""
    return _NEW_NAME in item.metadata


def old_names_told(config: StudyConfig) -> tuple[str, ...]:
    """Say which keys were given by an old name."""
    return tuple(
        f"warning: {old} is now {new}; its value is taken"
        for old, new, _ in _given_by_old_names(config)
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
            yield key, item.metadata[_NEW_NAME], value


def _with(part: Any, key: str, value: Any) -> Any:
    """Return a dataclass with the value of a dotted key replaced."""
    name, _, rest = key.partition(".")
    return replace(part, **{name: _with(getattr(part, name), rest, value) if rest else value})
