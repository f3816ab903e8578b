"""From a dotted name in the configuration to the Python object it names."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hstdriz_study.errors import ConfigError

if TYPE_CHECKING:
    from types import ModuleType


def named(name: str, key: str, form: str) -> Any:
    """Import what a dotted name says.

    Parameters
    ----------
    name : str
        ``package.module.attribute``.
    key : str
        The key that holds it, for the sentence of an error.
    form : str
        How such a name is written, likewise.

    Returns
    -------
    object
        None where the module has no such attribute.

    Raises
    ------
    ConfigError
        If the name is not dotted or its module cannot be imported, or if an installed
        module of the same name hides one of the user's.
    """
    module_name, _, attribute = name.rpartition(".")
    if not module_name or not attribute:
        raise ConfigError(f"{key}: {name!r} is not a dotted name; write {form}")
    try:
        module = _imported(module_name)
    except (Exception, SystemExit) as error:  # whatever the module of a user raises
        raise ConfigError(
            f"{key}: cannot import {module_name!r} of {name!r} ({type(error).__name__}: {error}); "
            "put the module beside where you work, install it, or mend the name"
        ) from error
    if not hasattr(module, attribute):
        _refuse_hidden(module, name, key)
    return getattr(module, attribute, None)


def _refuse_hidden(module: ModuleType, name: str, key: str) -> None:
    """Tell who wonders why a function in the file before them is not there."""
    path = Path(module.__name__.replace(".", "/"))
    mine = next((one for one in (path.with_suffix(".py"), path) if one.exists()), None)
    taken = getattr(module, "__file__", None)
    if mine is None or (taken and Path(taken).is_relative_to(mine.absolute())):
        return
    raise ConfigError(
        f"{key}: {name!r} is not in {mine} here, whose name is that of an installed module "
        f"({taken or 'built in'}), which comes first; give {mine} another name"
    )


def _imported(name: str) -> ModuleType:
    """Import a module, also one that lies where one works; what is installed comes before it."""
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
    return importlib.import_module(name)
