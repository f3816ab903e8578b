"""From root functions to a digest of the code that they run, kept while no file changes."""

from __future__ import annotations

import ast
import hashlib
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.cache import content_key, file_checksum, scratch_directory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hstdriz_study.digest.nodes import Nodes
    from hstdriz_study.digest.reach import Reached

    Root = Callable[..., object] | str

PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Code:
    """Code that makes numbers.

    Attributes
    ----------
    what : str
        What it does: "the code of ``what``" has changed.
    roots : tuple of callable or str
        Functions at the top of modules, or their dotted names; all that they reach counts.
    asked : tuple of str
        Dotted names that a user asks for; those that are of this package are roots too.
    without : tuple of callable or str
        What is reached but not run, such as a table of which a root is one entry.
    libraries : tuple of str
        Distributions whose versions count.
    """

    what: str
    roots: tuple[Root, ...]
    asked: tuple[str, ...] = ()
    without: tuple[Root, ...] = ()
    libraries: tuple[str, ...] = ()


@cache
def code_digest(code: Code, kept_in: Path) -> str:
    """Return a digest of code: the same code, the same digest.

    Comments, docstrings, annotations, logging and the texts of errors do not count, nor does
    the module in which a definition stands. What a module does when it is imported to the names
    of another is not seen.

    Parameters
    ----------
    code : `Code`
    kept_in : `~pathlib.Path`
        A directory in which the digest is kept: to find it again, the files of the package are
        read but not analysed.

    Raises
    ------
    LookupError
        If a root is not there.
    """
    question = [source_checksum(), _names(code.roots), _names(code.asked), _names(code.without)]
    path = kept_in / "code" / content_key(question)
    with suppress(OSError):
        return path.read_text()
    digest = reach_of(code, _nodes(PACKAGE)).digest
    with suppress(OSError):  # whoever needs the directory for more says what is wrong with it
        path.parent.mkdir(parents=True, exist_ok=True)
        with scratch_directory(path.parent) as scratch:
            made = scratch / path.name
            with made.open("w") as stream:
                stream.write(digest)
                stream.flush()
                os.fsync(stream.fileno())
            made.replace(path)
    return digest


def reach_of(code: Code, nodes: Nodes) -> Reached:
    """Return what code reaches in a package."""
    # here, because it is seldom needed
    from hstdriz_study.digest.reach import reach

    asked = [name for name in _names(code.asked) if nodes.source.has(name)]
    return reach([*_names(code.roots), *asked], nodes, _names(code.without))


def _names(roots: Iterable[Root]) -> list[str]:
    return sorted({root if isinstance(root, str) else _name(root) for root in roots})


def _name(root: Callable[..., object]) -> str:
    return f"{root.__module__}:{root.__qualname__}"


@cache
def _nodes(package: Path) -> Nodes:
    from hstdriz_study.digest.finding import Source
    from hstdriz_study.digest.nodes import Nodes

    return Nodes(Source(package))


@cache
def source_checksum() -> str:
    """Return a checksum of every file of the package, whatever it says."""
    digest = hashlib.sha256()
    for directory, below, names in os.walk(PACKAGE):
        below[:] = sorted(set(below) - {"__pycache__"})
        for name in sorted(names):
            path = Path(directory, name)
            digest.update(f"{path.relative_to(PACKAGE)}\n".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def imports_of(path: Path) -> tuple[str, ...]:
    """Return the names of this package that a module outside of it imports."""
    return _imports(path, file_checksum(path))


@cache
def _imports(path: Path, _: str) -> tuple[str, ...]:
    from hstdriz_study.digest.modules import imported_names

    nodes = ast.walk(ast.parse(path.read_bytes()))
    imports = [node for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = [name for node in imports for name in imported_names(node, path.stem).values()]
    return tuple(name for name in names if re.match(rf"{PACKAGE.name}[.:]", name))
