"""Keys of earlier versions: still read, with a warning that names the new one."""

from __future__ import annotations

import logging
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hstdriz_study.study.config.schema import StudyConfig

log = logging.getLogger(__name__)

NEW_NAME = "new_name"
"""Metadata of a field of the schema that is only read: the dotted key that it is now."""


def with_new_names(config: StudyConfig) -> StudyConfig:
    """Return a configuration in which values of renamed keys stand under their new names."""
    for old, new, value in _given_by_old_names(config):
        _tell(old, new)
        config = _with(_with(config, new, value), old, None)
    return config


def _given_by_old_names(part: Any, above: str = "") -> Iterator[tuple[str, str, Any]]:
    for item in fields(part):
        value, key = getattr(part, item.name), f"{above}{item.name}"
        if is_dataclass(value):
            yield from _given_by_old_names(value, f"{key}.")
        elif NEW_NAME in item.metadata and value is not None:
            yield key, item.metadata[NEW_NAME], value


def _with(part: Any, key: str, value: Any) -> Any:
    """Return a dataclass with the value of a dotted key replaced."""
    name, _, rest = key.partition(".")
    return replace(part, **{name: _with(getattr(part, name), rest, value) if rest else value})


@cache  # once, not once a point
def _tell(old: str, new: str) -> None:
    log.warning("warning: %s is now %s; its value is taken", old, new)
