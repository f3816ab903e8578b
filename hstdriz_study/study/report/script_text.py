"""Values and calls to the lines of a script that a person can read and edit."""

from __future__ import annotations

import inspect
import pprint
from typing import TYPE_CHECKING, Any

from hstdriz_study.errors import ChoiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def call_lines(
    function: str, argument: str, keywords: Mapping[str, Any], **expressions: str
) -> list[str]:
    """Spell out a call, one keyword a line; ``expressions`` go in unquoted."""
    lines = [f"{function}(", f"    {argument},"]
    lines += [f"    {name}={expression}," for name, expression in expressions.items()]
    for name, value in keywords.items():
        written = literal(value).replace("\n", "\n    ")
        lines.append(f"    {name}={written},")
    return [*lines, ")"]


def function_lines(*functions: Callable[..., Any]) -> list[str]:
    """Return the text of functions, which do in a script what they do here."""
    return [f"{inspect.getsource(function)}\n" for function in functions]


def each_copy(call: str) -> list[str]:
    """Do something with each copy of an exposure, whose name is ``name``."""
    return ["for name in names:", f"    {call}", ""]


def literal(value: Any) -> str:
    """Write a value as a Python literal that a person can read and edit.

    Raises
    ------
    ChoiceError
        If the value has no literal.
    """
    text = pprint.pformat(value, width=88, sort_dicts=False)
    try:
        compile(text, "literal", "eval")
    except SyntaxError:
        raise ChoiceError(
            f"{value!r} cannot be written into a script; give plain numbers, strings and lists"
        ) from None
    return text
