"""The changelog is what the files of ``docs/changes/`` say."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHANGES = ROOT / "docs" / "changes"


def test_changelog_is_made_of_the_files():
    pytest.importorskip("towncrier", reason="towncrier is not installed")
    built = subprocess.run(
        [sys.executable, "-m", "towncrier", "build", "--draft"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    assert built.stdout == (ROOT / "CHANGELOG.md").read_text(), "make changelog"


def test_every_version_that_has_a_folder_has_a_section():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["towncrier"]
    folders = {path.name for path in CHANGES.iterdir() if path.is_dir()}
    assert folders == {section["path"] for section in settings["section"]}
