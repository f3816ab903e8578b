"""From a statement to the names it takes from its module, and to those of its annotations."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hstdriz_study.digest.modules import bound_names, imported_names, of_one_scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    Function = ast.FunctionDef | ast.AsyncFunctionDef
    _Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp

_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")


@dataclass
class References:
    """What a statement refers to beyond itself.

    Attributes
    ----------
    names : dict of str to str or None
        As written, attributes included: what it is (`imported_names`) when the statement itself
        imports it, None for what its module binds or imports.
    types : set of str
        Names in annotations, as written.
    texts : set of str
        Strings that look like the dotted name of something.
    data_of : set of str
        Packages whose files are asked for; ``__package__`` is that of the module.
    """

    names: dict[str, str | None] = field(default_factory=dict)
    types: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    data_of: set[str] = field(default_factory=set)


def references(
    statements: Iterable[ast.AST], package: str, types: Iterable[str] = ()
) -> References:
    """Return what pruned statements of a module refer to.

    Parameters
    ----------
    statements : iterable of `ast.AST`
    package : str
        That of the module.
    types : iterable of str, optional
        Names that belong to the annotations beside those of the statements.
    """
    found = _Finder(package)
    found.found.types.update(types)
    for statement in statements:
        found.visit(statement)
    return found.found


@dataclass(frozen=True)
class _Scope:
    """Names bound inside a function, class or comprehension; imported ones with what they are."""

    names: dict[str, str | None]
    is_class: bool = False


class _Finder(ast.NodeVisitor):
    def __init__(self, package: str) -> None:
        self.found = References()
        self._package = package
        self._scopes: list[_Scope] = []

    def visit_Name(self, node: ast.Name) -> None:
        self._refer(node.id, "")

    def visit_Attribute(self, node: ast.Attribute) -> None:
        base, attributes = _chain(node)
        if isinstance(base, ast.Name):
            self._refer(base.id, attributes)
        else:
            self.visit(base)

    def _refer(self, name: str, attributes: str) -> None:
        for depth, scope in enumerate(reversed(self._scopes)):
            if name in scope.names and not (scope.is_class and depth):
                home = scope.names[name]
                if home is not None:
                    self.found.names[name + attributes] = home + attributes
                return
        if name == "__file__":
            self.found.data_of.add("__package__")
        self.found.names[name + attributes] = None

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and _DOTTED.fullmatch(node.value):
            self.found.texts.add(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        """See which package's files are asked for; its name is no reference to its code."""
        package = _data_of(node)
        if package is None:
            self.generic_visit(node)
        else:
            self.found.data_of.add(package)
            self.visit(node.func)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._visit_function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._visit_function(node)

    def _visit_function(self, node: Function) -> None:
        for decorator in node.decorator_list:
            self.visit(decorator)
        self._visit_defaults(node.args)
        arguments = _arguments(node.args)
        for annotation in (*(one.annotation for one in arguments), node.returns):
            self._visit_annotation(annotation)
        self._visit_inside(_of_function(node, self._package), node.body)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._visit_defaults(node.args)
        arguments: dict[str, str | None] = dict.fromkeys(one.arg for one in _arguments(node.args))
        self._visit_inside(_Scope(arguments), [node.body])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for outside in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(outside)
        names: dict[str, str | None] = dict.fromkeys(bound_names(node.body))
        self._visit_inside(_Scope(names, is_class=True), node.body)

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self._visit_comprehension(node)

    def visit_SetComp(self, node: ast.SetComp) -> None:
        self._visit_comprehension(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._visit_comprehension(node)

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._visit_comprehension(node)

    def _visit_comprehension(self, node: _Comprehension) -> None:
        self.visit(node.generators[0].iter)  # outside: it may have the name of a target
        inside = [one for one in ast.walk(node) if isinstance(one, ast.comprehension)]
        targets = [n for one in inside for n in ast.walk(one.target) if isinstance(n, ast.Name)]
        scope = _Scope(dict.fromkeys(one.id for one in targets))
        self._visit_inside(scope, ast.iter_child_nodes(node))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._visit_annotation(node.annotation)
        self.visit(node.target)
        if node.value is not None:
            self.visit(node.value)

    def _visit_defaults(self, arguments: ast.arguments) -> None:
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self.visit(default)

    def _visit_inside(self, scope: _Scope, nodes: Iterable[ast.AST]) -> None:
        self._scopes.append(scope)
        for node in nodes:
            self.visit(node)
        self._scopes.pop()

    def _visit_annotation(self, node: ast.expr | None) -> None:
        self.found.types |= annotated_names(node)


def annotated_names(node: ast.AST | None) -> set[str]:
    """Return the names in an annotation, as written; quoted ones too."""
    if node is None:
        return set()
    names = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Name):
            names.add(one.id)
        elif isinstance(one, ast.Attribute):
            base, attributes = _chain(one)
            if isinstance(base, ast.Name):
                names.add(base.id + attributes)
        elif isinstance(one, ast.Constant) and isinstance(one.value, str):
            names |= _quoted(one.value)
    return names


def _quoted(annotation: str) -> set[str]:
    try:
        return annotated_names(ast.parse(annotation, mode="eval"))
    except SyntaxError:
        return set()  # a text of Literal or Annotated


def _of_function(node: Function, package: str) -> _Scope:
    own = list(of_one_scope(node.body))
    elsewhere = {n for one in own if isinstance(one, (ast.Global, ast.Nonlocal)) for n in one.names}
    names: dict[str, str | None] = dict.fromkeys(
        {one.arg for one in _arguments(node.args)} | bound_names(node.body) - elsewhere
    )
    for one in own:
        if isinstance(one, (ast.Import, ast.ImportFrom)):
            names |= imported_names(one, package)
    return _Scope(names)


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return every + [one for one in (arguments.vararg, arguments.kwarg) if one is not None]


def _chain(node: ast.expr) -> tuple[ast.expr, str]:
    """Return what stands before the attributes, and these."""
    attributes = ""
    while isinstance(node, ast.Attribute):
        attributes = f".{node.attr}{attributes}"
        node = node.value
    return node, attributes


def _data_of(node: ast.Call) -> str | None:
    """Return the package of ``importlib.resources.files(package)``."""
    name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
    if name != "files" or len(node.args) != 1:
        return None
    (package,) = node.args
    if isinstance(package, ast.Constant) and isinstance(package.value, str):
        return package.value
    of_module = isinstance(package, ast.Name) and package.id in ("__package__", "__name__")
    return "__package__" if of_module else None
