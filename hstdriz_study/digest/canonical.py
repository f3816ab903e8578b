"""From a statement to a text that is the same wherever the same is computed.

`ast.dump` and `ast.unparse` are not: the first shows fields that one version of Python has and
another has not, the second's quotes in f-strings have changed.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_LEFT_OUT = {"annotation", "returns", "type_comment", "kind", "ctx", "simple"}


def canonical(node: Any) -> str:
    """Return the text of a pruned node, or of a list of them.

    It holds no annotation and no import: what a name is matters, not the place it comes from.
    Fields that are empty are left out, so that a field which only a later Python knows does
    not show.
    """
    tokens: list[str] = []
    _write(node, tokens.append)
    return "".join(tokens)


def _write(node: Any, write: Callable[[str], None]) -> None:
    if isinstance(node, ast.AST):
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            _write_node(node, write)
    elif isinstance(node, list):
        write("[")
        for one in node:
            _write(one, write)
        write("]")
    else:
        write(f"{node!a},")


def _write_node(node: ast.AST, write: Callable[[str], None]) -> None:
    kind = type(node).__name__
    if isinstance(node, ast.AnnAssign):
        if node.value is None:
            return  # it says a type and does nothing
        kind, node = "Assign", ast.Assign(targets=[node.target], value=node.value)
    elif isinstance(node, ast.JoinedStr):
        node = ast.JoinedStr(values=_joined(node.values))
    write(f"{kind}(")
    if isinstance(node, ast.ClassDef):
        write(f"fields={_annotated(node)}")
    for name in node._fields:
        value = getattr(node, name, None)
        if name not in _LEFT_OUT and value is not None and value != []:
            write(f"{name}=")
            _write(value, write)
    write(")")


def _annotated(node: ast.ClassDef) -> list[str]:
    """Return the names that an annotation makes the fields of a dataclass."""
    targets = [one.target for one in node.body if isinstance(one, ast.AnnAssign)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _joined(values: Iterable[ast.expr]) -> list[ast.expr]:
    """Join texts that stand side by side: how they are cut differs from version to version."""
    joined: list[ast.expr] = []
    for value in values:
        last = joined[-1] if joined else None
        if isinstance(value, ast.Constant) and isinstance(last, ast.Constant):
            joined[-1] = ast.Constant(str(last.value) + str(value.value))
        elif not (isinstance(value, ast.Constant) and value.value == ""):
            joined.append(value)
    return joined
