"""Imports of what is needed later, while this process waits for others."""

from __future__ import annotations

import concurrent.futures.thread  # noqa: F401 - what it does at a fork begins before one waits
import os
import sys
import threading
import warnings
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# No process is forked while a module is imported, which it would inherit half done.
_importing = threading.RLock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_importing.acquire,
        after_in_parent=_importing.release,
        after_in_child=_importing.release,
    )


def import_ahead(modules: Iterable[str]) -> None:
    """Import modules in a thread, one after the other.

    What goes wrong is left to whoever needs them.

    Parameters
    ----------
    modules : iterable of str
        The first that is needed first.
    """
    missing = tuple(module for module in modules if module not in sys.modules)
    if missing:  # a thread takes address space
        threading.Thread(target=_import_each, args=[missing], daemon=True).start()


def _import_each(modules: tuple[str, ...]) -> None:
    for module in modules:
        with _importing, suppress(Exception):
            import_quietly(module)


def import_quietly(module: str) -> None:
    """Import a module without its warnings, which nobody can mend here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import_module(module)
