"""What was typed, as Hydra's grammar has it: short words, names of any case, and bare paths."""

from __future__ import annotations

import re

from hstdriz_study.cli.catalogue import groups, names_of
from hstdriz_study.overrides import quoted

# refine is a group, of which Hydra would look for a file of this name
SHORT_FOR = {f"refine={word}": f"refine.enabled={word}" for word in ("true", "false")}
# Their values are never swept, so that a comma in one is part of a name.
PATHS = (
    "dataset.path",
    "filter.iref",
    "filter.jref",
    "filter.uref",
    "hydra.run.dir",
    "hydra.sweep.dir",
    "prepare.cache_dir",
)
_HYDRAS_OWN = re.compile(r"^(['\"]|$|null$)|\$\{")


def as_meant(argument: str) -> str:
    """Return an argument as Hydra reads it; what needs no change comes back unchanged.

    Parameters
    ----------
    argument : str
        ``filter=F160W``, ``dataset.path=/data/NGC 3370 (1)``, ``refine=true``.
    """
    key, equals, value = argument.partition("=")
    if not equals:
        return argument
    if key in PATHS:
        # what is in quotes, or stands for another value, is Hydra's already
        return argument if _HYDRAS_OWN.search(value) else f"{key}={quoted(value)}"
    if key in groups():
        value = ",".join(_name_of(key, name) for name in value.split(","))
    return SHORT_FOR.get(f"{key}={value}", f"{key}={value}")


def _name_of(group: str, typed: str) -> str:
    """Take a name in other letters for the one there is, as astronomers write filters: F160W."""
    known = names_of(group)
    return typed.lower() if typed not in known and typed.lower() in known else typed
