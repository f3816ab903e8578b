"""From a dotted name to the module of a package that binds it, without importing any."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from hstdriz_study.digest.modules import Module, read_module

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

EVERY_NAME, EFFECTS, FILES = "<every name>", "<effects>", "<files>"
"""Of a module: all it binds, the statements that bind nothing, the files of its package."""


class Place(NamedTuple):
    """A name at the top of a module; of a class perhaps its methods alone."""

    module: str
    name: str
    methods_alone: bool = False


@dataclass(frozen=True)
class Source:
    """The source of a package, read module by module as it is asked for.

    Parameters
    ----------
    directory : `~pathlib.Path`
        That of its ``__init__.py``; its name is the package's.
    """

    directory: Path
    _modules: dict[str, Module | None] = field(default_factory=dict, repr=False)

    def module(self, name: str) -> Module | None:
        """Return a module by its dotted name; None when the package has none of it."""
        if name not in self._modules:
            self._modules[name] = self._read(name)
        return self._modules[name]

    def _read(self, name: str) -> Module | None:
        if name.partition(".")[0] != self.directory.name:
            return None
        path = self.folder(name)
        if (path / "__init__.py").is_file():
            return read_module((path / "__init__.py").read_bytes(), name, package=name)
        path = path.with_name(f"{path.name}.py")
        if name == self.directory.name or not path.is_file():
            return None
        return read_module(path.read_bytes(), name, package=name.rpartition(".")[0])

    def folder(self, package: str) -> Path:
        """Return the directory of a package inside this one."""
        return self.directory.joinpath(*package.split(".")[1:])

    def place(self, dotted: str) -> Place | None:
        """Return the place that a dotted name leads to; None when it is not of this package.

        Parameters
        ----------
        dotted : str
            With a colon between module and name, or without: then the module is the longest
            that is there.

        Raises
        ------
        LookupError
            If the package has no such name.
        """
        home, colon, attributes = dotted.partition(":")
        if colon:
            module, names = self.module(home), attributes.split(".")
        else:
            module, names = self._longest(home.split("."))
        return None if module is None else self._in(module, [name for name in names if name])

    def has(self, dotted: str) -> bool:
        """Tell whether a dotted name, as in `place`, is of this package and there."""
        try:
            return self.place(dotted) is not None
        except LookupError:
            return False

    def _longest(self, parts: list[str]) -> tuple[Module | None, list[str]]:
        for end in range(len(parts), 0, -1):
            module = self.module(".".join(parts[:end]))
            if module is not None:
                return module, parts[end:]
        return None, parts

    def _in(self, module: Module, names: Sequence[str]) -> Place | None:
        """Follow attributes from a module on, as Python finds them."""
        if not names:
            return Place(module.name, EVERY_NAME)
        name, *rest = names
        if name in module.bound:
            return Place(module.name, name)
        if name in module.imported and module.imported[name] != f"{module.name}:{name}":
            return self.place(".".join([module.imported[name], *rest]))
        if submodule := self.module(f"{module.name}.{name}"):
            return self._in(submodule, rest)
        if name in module.for_typing:  # a package that imports it when it is first used
            return self.place(".".join([module.for_typing[name], *rest]))
        raise LookupError(f"{module.name} binds no {name!r} in {self.directory}")
