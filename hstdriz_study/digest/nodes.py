"""From a place in a package to a checksum of what stands there, and to what that refers to."""

from __future__ import annotations

import ast
import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hstdriz_study.digest.canonical import canonical
from hstdriz_study.digest.finding import EFFECTS, EVERY_NAME, FILES, Place
from hstdriz_study.digest.names_used import References, annotated_names, references
from hstdriz_study.digest.pruned import Pruner

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hstdriz_study.digest.finding import Source
    from hstdriz_study.digest.modules import Module


@dataclass(frozen=True)
class Node:
    """What stands at a place.

    Attributes
    ----------
    own : str
        Checksum of its statements, without what they refer to; empty without any.
    targets : tuple of (str, `Place` or str)
        What it refers to, as written: a place, or the dotted name of something outside the
        package. Builtins are left out.
    types : tuple of `Place`
        The classes in its annotations, whose methods are called on values.
    """

    own: str
    targets: tuple[tuple[str, Place | str], ...]
    types: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Nodes:
    """The nodes of a package, each made once."""

    source: Source
    _made: dict[Place, Node] = field(default_factory=dict, repr=False)

    def at(self, place: Place) -> Node:
        """Return the node at a place."""
        if place not in self._made:
            module = self.source.module(place.module)
            if module is None:
                raise LookupError(f"no module {place.module} in {self.source.directory}")
            self._made[place] = self._make(place, module)
        return self._made[place]

    def _make(self, place: Place, module: Module) -> Node:
        if place.name == FILES:
            return Node(self._files(module.package), ())
        if place.name == EVERY_NAME:
            every = dict.fromkeys([*module.bound, *module.imported])
            return self._linked("", References(names=every), module)
        statements = module.effects if place.name == EFFECTS else module.bound[place.name]
        pruned = Pruner().visit(ast.Module(list(statements), [])).body
        kept, found = pruned, references(pruned, module.package)
        if place.methods_alone:
            kept = _methods(pruned)
            found = references(kept, module.package, types=found.types | _stood_for(pruned))
        return self._linked(canonical(kept), found, module)

    def _linked(self, text: str, found: References, module: Module) -> Node:
        return Node(
            _checksum(text) if text else "",
            tuple(self._targets(found, module)),
            tuple(self._types(found, module)),
        )

    def _files(self, package: str) -> str:
        """Return a checksum of all files of a package that are not code."""
        folder = self.source.folder(package)
        return _checksum(
            "".join(
                f"{path.relative_to(folder).as_posix()} {path.read_bytes().hex()}\n"
                for path in sorted(folder.rglob("*"))
                if path.is_file() and path.suffix not in (".py", ".pyc")
            )
        )

    def _targets(self, found: References, module: Module) -> Iterator[tuple[str, Place | str]]:
        for name, imported in found.names.items():
            for dotted in [imported] if imported else _dotted(module, name):
                place = self.source.place(dotted)
                yield name, place or ".".join(re.findall(r"\w+", dotted))
        for package in found.data_of:
            home = module.package if package == "__package__" else package
            yield FILES, Place(home, FILES)
        for text in found.texts:
            if self.source.has(text):
                yield text, self.source.place(text) or text
        if module.effects:
            yield EFFECTS, Place(module.name, EFFECTS)

    def _types(self, found: References, module: Module) -> Iterator[Place]:
        for name in found.types:
            for dotted in _dotted(module, name):
                if typed := self.source.place(dotted):
                    yield typed._replace(methods_alone=True)


def _methods(statements: Sequence[ast.stmt]) -> list[ast.stmt]:
    classes = [one for one in statements if isinstance(one, ast.ClassDef)]
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [one for of_class in classes for one in of_class.body if isinstance(one, functions)]


def _stood_for(statements: Sequence[ast.stmt]) -> set[str]:
    """Return the types that classes are made of and that aliases stand for."""
    names: set[str] = set()
    for one in statements:
        if isinstance(one, ast.ClassDef):
            names.update(*(annotated_names(base) for base in one.bases))
        elif isinstance(one, (ast.Assign, ast.AnnAssign)):
            names |= annotated_names(one.value)
    return names


def _dotted(module: Module, name: str) -> list[str]:
    """Return what a name is in its module: bound there, imported, or both in turn."""
    first, _, attributes = name.partition(".")
    found = [f"{module.name}:{first}"] if first in module.bound else []
    imported = module.imported.get(first) or module.for_typing.get(first)
    return [*found, f"{imported}.{attributes}"] if imported else found


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
