"""What can be typed: groups, their names and keys; known without Hydra, which takes seconds.

Names of groups are those of files, in ``conf/`` and in the directory one works in. What no
file tells is in ``known.json``, written by `hstdriz_study.cli.known_names`.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from hstdriz_study.conf_files import conf_directory


@cache
def known() -> dict[str, Any]:
    """Return the table of what no file name tells.

    Returns
    -------
    dict
        ``groups``: those that can be chosen, in the order they are composed; ``stored``: names
        of groups that are not files; ``study`` and ``validate``: the keys of each.
    """
    table: dict[str, Any] = json.loads(Path(__file__).with_name("known.json").read_text("utf-8"))
    return table


def groups() -> list[str]:
    """Return the groups of which one can be chosen: ``GROUP=NAME``."""
    return list(known()["groups"])


def names_of(group: str) -> list[str]:
    """Return what can be chosen of a group: shipped, and beside where one works."""
    places = (conf_directory(), Path.cwd())
    files = {path.stem for place in places for path in (place / group).glob("*.yaml")}
    return sorted(files.union(known()["stored"].get(group, ())))


def study_keys() -> list[str]:
    """Return every key of a study's configuration, ``drizzle.final_scale`` and so on."""
    return list(known()["study"])


def validate_keys() -> list[str]:
    """Return every key of ``hstdriz-study validate``."""
    return list(known()["validate"])
