"""The conda recipe has the version and the dependencies of ``pyproject.toml``."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

from hstdriz_study import __version__

ROOT = Path(__file__).resolve().parents[2]
NAMES = {"matplotlib": "matplotlib-base"}  # without a window system


def test_the_recipe_is_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    recipe = yaml.safe_load((ROOT / ".conda" / "recipe.yaml").read_text())
    asked = [re.match(r"([\w.-]+)(.*)", one).groups() for one in project["dependencies"]]
    wanted = [f"{NAMES.get(name, name)} {bounds}" for name, bounds in asked]
    first, *rest = recipe["requirements"]["run"]
    assert first == f"python {project['requires-python']}"
    assert rest == wanted
    assert recipe["context"] == {"name": project["name"], "version": __version__}
    (entry,) = recipe["build"]["python"]["entry_points"]
    assert entry == f"hstdriz-study = {project['scripts']['hstdriz-study']}"
