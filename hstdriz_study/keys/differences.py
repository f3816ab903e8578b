"""From the recorded parts of two keys to words that say what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hstdriz_study.nested import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Parts = Mapping[str, Mapping[str, Any]]  # of one stage

_LONGEST = 40
_ABSENT = "none"


def differences(earlier: Mapping[str, Parts], now: Mapping[str, Parts]) -> list[str]:
    """Say what differs between the keys of two results.

    Parameters
    ----------
    earlier, now : mapping of str to mapping
        By stage: the parts of its key. An input that is itself one of the stages is told by its
        own parts.

    Returns
    -------
    list of str
        Each once, the code first: "the code of measuring", "drizzle 3.0.0 → 3.0.1".
    """
    stages = [name for name in now if name in earlier]
    pairs = [(earlier[name], now[name]) for name in stages]
    told = [
        *(word for one, other in pairs for word in _code(one["code"], other["code"])),
        *(word for one, other in pairs for word in _values(one["versions"], other["versions"])),
        *(word for one, other in pairs for word in _values(one["options"], other["options"])),
        *(word for one, other in pairs for word in _inputs(one["inputs"], other["inputs"], stages)),
    ]
    return list(dict.fromkeys(told))


def _changed(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return [name for name in {**one, **other} if one.get(name) != other.get(name)]


def _code(one: Mapping[str, str], other: Mapping[str, str]) -> Iterator[str]:
    yield from (f"the code of {name}" for name in _changed(one, other))


def _values(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[str]:
    before, after = dict(dotted(one)), dict(dotted(other))
    for name in _changed(before, after):
        yield f"{name} {_short(before.get(name))} → {_short(after.get(name))}"


def _inputs(one: Mapping[str, Any], other: Mapping[str, Any], stages: list[str]) -> Iterator[str]:
    for name in _changed(one, other):
        files = _files(one.get(name)), _files(other.get(name))
        yield from (f"the content of {file}" for file in _changed(*files))
        if name not in stages and not any(files):
            yield f"the {name}"


def _files(content: Any) -> dict[str, str]:
    return dict(content) if isinstance(content, list) else {}


def _short(value: Any) -> str:
    text = _ABSENT if value is None else str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
