"""A checkout of the test's own, extended and run as a contributor would do it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from astropy.table import QTable

ROOT = Path(__file__).resolve().parents[2]
MAX_FILES = 5  # that one recipe may touch
TIMEOUT_S = 900


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    stdout: str
    stderr: str
    study_dir: Path | None

    @property
    def table(self) -> QTable:
        """The study's table of points."""
        return QTable.read(self.study_dir / "points.ecsv")


@dataclass(frozen=True)
class Checkout:
    """A copy of the repository, and how it was before the recipe.

    The programs run in ``work``, outside of it, with the copy as their package.
    """

    root: Path
    work: Path
    cache_dir: Path
    before: dict[str, bytes] = field(repr=False)

    def write(self, path: str, text: str) -> None:
        """Make a new file."""
        assert not (self.root / path).exists(), path
        (self.root / path).write_text(text)

    def add(self, path: str, lines: str, *, after: str) -> None:
        """Insert lines after the one line of a file that reads so."""
        self.replace(path, f"\n{after}\n", f"\n{after}\n{lines}\n")

    def replace(self, path: str, old: str, new: str) -> None:
        """Change what stands once in a file."""
        file = self.root / path
        text = file.read_text()
        assert text.count(old) == 1, (path, old)
        file.write_text(text.replace(old, new))

    def begun(self) -> Checkout:
        """Return the checkout as it is now, for a recipe to begin with."""
        return replace(self, before=contents(self.root))

    @property
    def touched(self) -> set[str]:
        """Files changed or created, as the repository names them."""
        return {path for path, text in contents(self.root).items() if self.before.get(path) != text}

    def study(self, *arguments: str) -> Done:
        """Run the program with overrides of a study."""
        store = f"track.tracking_uri=sqlite:///{self.cache_dir}/mlflow.db"
        known = set(self._study_dirs())
        done = self.program(*arguments, store)
        new = [path for path in self._study_dirs() if path not in known]
        return Done(done.returncode, done.stdout, done.stderr, *(new or [None]))

    def _study_dirs(self) -> list[Path]:
        return [path.parent for path in self.work.glob("hstdriz-runs/*/*/study.json")]

    def program(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the program."""
        return self._run(self.work, sys.executable, "-m", "hstdriz_study", *arguments)

    def module(self, name: str) -> None:
        """Run a module of the package that writes files of the checkout."""
        self._succeeds(sys.executable, "-m", name)

    def tests(self, *paths: str) -> None:
        """Run tests of the repository, which hold its lists and pages to its code."""
        options = ("-q", "-n", "0", "-p", "no:cacheprovider")
        self._succeeds(sys.executable, "-m", "pytest", *options, *paths)

    def lint(self) -> None:
        """Format what was touched, and run what is fast of ``make lint``."""
        programs = Path(sys.executable).parent
        code = sorted(path for path in self.touched if path.endswith(".py"))
        self._succeeds(str(programs / "ruff"), "format", "--no-cache", *code)
        self._succeeds(str(programs / "ruff"), "check", "--no-cache", *code)
        self._succeeds(str(programs / "lint-imports"), "--no-cache")

    def _succeeds(self, *command: str) -> None:
        done = self._run(self.root, *command)
        assert done.returncode == 0, done.stdout + done.stderr

    def _run(self, directory: Path, *command: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {
            "PYTHONPATH": str(self.root),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HSTDRIZ_STUDY_CACHE": str(self.cache_dir),
        }
        for variable in ("iref", "jref"):
            environment.pop(variable, None)
        return subprocess.run(
            command, cwd=directory, env=environment, capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL, timeout=TIMEOUT_S,
        )  # fmt: skip


def contents(directory: Path) -> dict[str, bytes]:
    """Return what the files of a directory hold that are not hidden, by path."""
    files = [path for path in directory.rglob("*") if path.is_file()]
    named = {path.relative_to(directory): path for path in files}
    return {
        name.as_posix(): path.read_bytes()
        for name, path in named.items()
        if not any(part.startswith(".") for part in name.parts)
    }


@pytest.fixture
def checkout(tmp_path, cache_dir) -> Checkout:
    """Copy what git knows of the checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip(f"this is no checkout of git: {listed.stderr.strip()}")
    root, work = tmp_path / "checkout", tmp_path / "work"
    work.mkdir()
    for name in listed.stdout.strip("\0").split("\0"):
        if os.path.lexists(ROOT / name):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name, follow_symlinks=False)
    return Checkout(root, work, cache_dir, contents(root))


def stated_files(recipe: str) -> list[re.Pattern[str]]:
    """Return the paths that ARCHITECTURE.md gives for a recipe; NAME stands for any name.

    Those of code begin in the package.
    """
    page = (ROOT / "ARCHITECTURE.md").read_text()
    ((files, test),) = re.findall(rf"^\| {recipe} \| (.*) \| `(.*)` \|$", page, re.MULTILINE)
    assert (ROOT / test).is_file(), test
    paths = [re.escape(path).replace("NAME", r"[a-z]\w*") for path in re.findall(r"`(.*?)`", files)]
    return [re.compile(f"(hstdriz_study/)?{path}") for path in paths]


@pytest.fixture(scope="session")
def keeps_to_its_recipe():
    """Check that a checkout differs in just the files that its recipe names, of which few."""

    def check(checkout: Checkout, recipe: str) -> None:
        stated = stated_files(recipe)
        assert 1 <= len(stated) <= MAX_FILES
        named = {path: [one for one in stated if one.fullmatch(path)] for path in checkout.touched}
        assert all(len(found) == 1 for found in named.values()), named
        assert sorted(one.pattern for (one,) in named.values()) == sorted(o.pattern for o in stated)

    return check
