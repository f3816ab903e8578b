"""Which checks there are: each is a module of this package with a function ``check``."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hstdriz_study.validate.context import CheckContext
    from hstdriz_study.validate.rows import Row

Check = Callable[["CheckContext"], "list[Row]"]


def check_named(name: str) -> Check:
    """Return a check; its module is imported only now, for some bring DrizzlePac."""
    found: Check = import_module(f"hstdriz_study.validate.{name}").check
    return found
