"""Imports that cost less: of names when they are first used, and of photutils.

A sweep whose exposures are prepared begins seconds sooner without the libraries
that only preparing, choosing and reporting need.
"""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


def lazily(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """Make a package's ``__getattr__`` (PEP 562).

    Parameters
    ----------
    package : str
        Its ``__name__``.
    homes : mapping of str to str
        Public name to the module of the package that defines it.

    Returns
    -------
    callable
        Raises `AttributeError` for other names, as Python does.
    """

    def find(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{homes[name]}"), name)

    return find


@contextmanager
def without_package_survey() -> Iterator[None]:
    """Import photutils without its survey of every installed package.

    Version 3 reads the file lists of all of them, which takes a second, to learn under
    which name it is itself installed; without an answer it takes its own, which
    is right.
    """
    survey = metadata.packages_distributions
    metadata.packages_distributions = dict
    try:
        yield
    finally:
        metadata.packages_distributions = survey
