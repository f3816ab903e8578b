"""From the parts of a stage's key to its entry in the cache, which keeps them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from hstdriz_study.cache import content_key
from hstdriz_study.keys.building import cached_apart
from hstdriz_study.keys.code import code_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from hstdriz_study.keys.code import Code

IDENTITY_NAME = "identity.json"


@dataclass(frozen=True)
class StageKey:
    """What determines the numbers of one stage; all of it JSON-able.

    Attributes
    ----------
    inputs : dict
        Their content: pairs of file name and checksum, or the key of the stage that made them.
    options : dict
        As they are given to the code.
    versions : dict of str to str
        Of the libraries that make the numbers.
    code : dict of str to str
        What the code does and its digest.
    """

    inputs: dict[str, Any]
    options: dict[str, Any]
    versions: dict[str, str]
    code: dict[str, str]

    @property
    def key(self) -> str:
        """A short name: equal parts, equal names."""
        return content_key(asdict(self))

    @property
    def parts(self) -> dict[str, dict[str, Any]]:
        """The parts as they are read back from JSON."""
        found: dict[str, dict[str, Any]] = json.loads(json.dumps(asdict(self), default=str))
        return found


def stage_key(
    code: Iterable[Code], kept_in: Path, *, inputs: Mapping[str, Any], options: Mapping[str, Any]
) -> StageKey:
    """Return the key of a stage.

    Parameters
    ----------
    code : iterable of `Code`
        All that makes its numbers.
    kept_in : `~pathlib.Path`
        The cache directory; digests of code are kept there too.
    inputs, options : mapping
        As in `StageKey`.
    """
    made_by = list(code)
    return StageKey(
        inputs=dict(inputs),
        options=dict(options),
        versions=library_versions(made_by),
        code={one.what: code_digest(one, kept_in) for one in made_by},
    )


def library_versions(code: Iterable[Code]) -> dict[str, str]:
    """Return the versions of the libraries that count for some code."""
    return {name: _version(name) for name in sorted({n for one in code for n in one.libraries})}


@cache
def _version(distribution: str) -> str:
    return version(distribution)


def cached_stage(
    parent: Path,
    name: str,
    stage: StageKey,
    build: Callable[[Path], None],
    *,
    imports: Sequence[str] = (),
    ahead: Sequence[str] = (),
) -> Path:
    """Return the entry of a stage, building it first when it is not there.

    It is built in a process of its own. Beside what `build` writes, it holds the parts of its key.

    Parameters
    ----------
    parent : `~pathlib.Path`
    name : str
        Of the filter; the entry's, before the key.
    stage : `StageKey`
        The last of its code says what is done.
    build, imports, ahead
        As `~hstdriz_study.keys.building.cached_apart` takes them, which says what is raised.
    """

    def complete(directory: Path) -> None:
        build(directory)
        (directory / IDENTITY_NAME).write_text(json.dumps(stage.parts, indent=1) + "\n")

    entry, *_, what = parent / f"{name}-{stage.key}", *stage.code
    return cached_apart(entry, complete, name=name, what=what, imports=imports, ahead=ahead)
