"""From the text of a module to what each of its names is bound to, without importing it."""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import dataclass, field
from importlib.util import resolve_name
from typing import TYPE_CHECKING

from hstdriz_study.digest.pruned import is_said, only_for_typing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class Module:
    """One module of a package.

    Attributes
    ----------
    name, package : str
        Dotted; the package is the module itself when it is one.
    bound : dict of str to list of `ast.stmt`
        By name: the statements at the top of the module that bind or change it.
    imported, for_typing : dict of str to str
        By name: what is imported (`imported_names`), always or for type checkers alone.
    effects : list of `ast.stmt`
        Statements at the top that bind nothing: what they do holds for every name.
    """

    name: str
    package: str
    bound: dict[str, list[ast.stmt]] = field(default_factory=lambda: defaultdict(list))
    imported: dict[str, str] = field(default_factory=dict)
    for_typing: dict[str, str] = field(default_factory=dict)
    effects: list[ast.stmt] = field(default_factory=list)


def read_module(source: bytes, name: str, package: str) -> Module:
    """Sort the statements of a module by the names they bind.

    Parameters
    ----------
    source : bytes
    name : str
        Dotted.
    package : str
        That of the module, in which its relative imports start.
    """
    module = Module(name, package)
    _sort(ast.parse(source).body, module)
    return module


def _sort(statements: Iterable[ast.stmt], module: Module) -> None:
    for statement in statements:
        if isinstance(statement, ast.If) and only_for_typing(statement):
            _sort_for_typing(statement.body, module)
            _sort(statement.orelse, module)
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            module.imported.update(imported_names(statement, module.package))
        elif not is_said(statement):
            _sort_one(statement, module)


def _sort_for_typing(statements: Iterable[ast.stmt], module: Module) -> None:
    for statement in statements:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            module.for_typing.update(imported_names(statement, module.package))
        else:
            _sort_one(statement, module)


def _sort_one(statement: ast.stmt, module: Module) -> None:
    names = bound_names([statement]) | _changed_names(statement)
    for name in names:
        module.bound[name].append(statement)
    if not names:
        module.effects.append(statement)
    for node in of_one_scope([statement]):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            module.imported.update(imported_names(node, module.package))


def imported_names(node: ast.Import | ast.ImportFrom, package: str) -> dict[str, str]:
    """Return the names that an import binds, each with what it is: ``module:name`` or ``module:``.

    A module and a name in its package may be called the same; the colon tells them apart.
    """
    if isinstance(node, ast.ImportFrom):
        home = resolve_name("." * node.level + (node.module or ""), package)
        return {one.asname or one.name: f"{home}:{one.name}" for one in node.names}
    return {
        one.asname or _first(one.name): f"{one.name if one.asname else _first(one.name)}:"
        for one in node.names
    }


def _first(dotted: str) -> str:
    return dotted.partition(".")[0]


def of_one_scope(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield the nodes and those below, but none inside functions, classes and comprehensions."""
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, _COMPREHENSIONS):
            yield from (one.target for one in ast.walk(node) if isinstance(one, ast.NamedExpr))
        elif not isinstance(node, _SCOPES):
            waiting += ast.iter_child_nodes(node)


def bound_names(statements: Iterable[ast.stmt]) -> set[str]:
    """Return the names that statements bind in their own scope, imports apart."""
    return {name for node in of_one_scope(statements) if (name := _bound_by(node)) is not None}


def _bound_by(node: ast.AST) -> str | None:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return node.name
    if isinstance(node, ast.Name):
        return None if isinstance(node.ctx, ast.Load) else node.id
    if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
        return node.name
    return node.rest if isinstance(node, ast.MatchMapping) else None


def _changed_names(statement: ast.stmt) -> set[str]:
    """Return the names of whose values a statement sets an attribute or an item."""
    bases = {
        _base(node)
        for node in of_one_scope([statement])
        if isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load)
    }
    return {base for base in bases if base is not None}


def _base(node: ast.AST) -> str | None:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
