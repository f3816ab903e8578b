"""From statements to the same without what is only said: texts for people and for type checkers."""

from __future__ import annotations

import ast
from typing import Any

_LOGGERS = ("log", "logger", "logging")
# Calls that describe numbers to readers, and the keywords that stand beside a number.
_DESCRIPTIONS = {"MetricEntry": ("name", "unit")}
_LEVELS = ("debug", "info", "warning", "error", "exception", "critical", "log")


def only_for_typing(node: ast.If) -> bool:
    """Tell ``if TYPE_CHECKING:`` from other conditions."""
    test = node.test
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", None)
    return name == "TYPE_CHECKING"


def is_said(statement: ast.stmt) -> bool:
    """Tell docstrings, other lone constants, logging calls and ``pass`` from what computes."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant) or _is_logging(statement.value)
    return isinstance(statement, ast.Pass)


def _is_logging(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _LEVELS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in _LOGGERS
    )


class Pruner(ast.NodeTransformer):
    """Take out, in place, docstrings, logging calls, the texts of errors and descriptions.

    Annotations are left for who follows them; they are no part of the canonical text.
    """

    def visit_If(self, node: ast.If) -> Any:
        """Leave what holds when no type checker reads."""
        if not only_for_typing(node):
            return self.generic_visit(node)
        kept = [self.visit(statement) for statement in node.orelse]
        return [statement for statement in kept if statement is not None]

    def visit_Expr(self, node: ast.Expr) -> Any:
        """Drop what is only said."""
        return None if is_said(node) else self.generic_visit(node)

    def visit_Pass(self, _: ast.Pass) -> None:
        """Drop it: whether a docstring stands in its place does not matter."""

    def visit_Call(self, node: ast.Call) -> Any:
        """Drop the texts that an error or a warning is made with, and words for a number."""
        if kept := _DESCRIPTIONS.get(_called(node)):
            stated = [one.value for one in node.keywords if one.arg in kept]
            return self.generic_visit(ast.Tuple([*node.args, *stated], ast.Load()))
        if _makes_error(node):
            node.args = [one for one in node.args if not _is_text(one)]
            node.keywords = [one for one in node.keywords if not _is_text(one.value)]
        return self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> Any:
        """Drop the message."""
        node.msg = None
        return self.generic_visit(node)


def _called(node: ast.Call) -> str:
    return str(getattr(node.func, "attr", None) or getattr(node.func, "id", ""))


def _makes_error(node: ast.Call) -> bool:
    name = _called(node)
    return name.endswith(("Error", "Warning", "Exception")) or name in ("warn", "SystemExit")


def _is_text(node: ast.expr) -> bool:
    """Tell a text that is written out, also in parts or with values filled in."""
    if isinstance(node, ast.BinOp):
        return _is_text(node.left) or _is_text(node.right)
    if isinstance(node, ast.IfExp):
        return _is_text(node.body) and _is_text(node.orelse)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in ("join", "format") and _is_text(node.func.value)
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
