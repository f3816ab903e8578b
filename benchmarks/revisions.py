"""Whether two revisions give the same numbers, in every study of ``studies/`` and in ``validate``.

Each revision is checked out into a directory of its own, with a cache of its own, and run with the
Python that runs this script, so that libraries are the same. Compared are ``points.ecsv``,
``choice.json`` and ``report.md`` of the studies and the Markdown and tables of ``validate``, line
by line; keys, run ids and dates are masked. Run as

    python benchmarks/revisions.py BASE                      # BASE against HEAD: minutes
    python benchmarks/revisions.py BASE OTHER --only quickstart,validate
    python benchmarks/revisions.py BASE OTHER --keep DIR     # what is in DIR is not run again

A line that differs is printed with its study and file; the exit code is 1 when there is one.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKOUT = Path(__file__).resolve().parents[1]
VALIDATE = "validate"
COMPARED = ("points.ecsv", "choice.json", "report.md", "validation.md", "validation.ecsv")
EXIT_CODE_NAME = "exit-code"
SHOWN = 20  # differing lines of one file

# What says when, where and under which key a number was made, but not which number.
_MASKS = (
    re.compile(r"(?<![.\w])[0-9a-f]{16,64}\b"),  # a key, not the digits of a number
    re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d[:-]\d\d(?:[:-]\d\d(?:[.-]\d+)?)?(?: UTC|Z|\+00:00)?"),
)


@dataclass(frozen=True)
class Revision:
    """A commit, laid out with what it gives."""

    name: str
    directory: Path

    @property
    def code(self) -> Path:
        """Its checkout."""
        return self.directory / "code"

    def study_names(self) -> list[str]:
        """Return the studies it ships, and ``validate``."""
        return [*sorted(path.stem for path in (self.code / "studies").glob("*.yaml")), VALIDATE]

    def results(self, study: str) -> Path:
        """Directory of a study's results."""
        return self.directory / "results" / study


def lay_out(name: str, directory: Path) -> Revision:
    """Check a revision out."""
    revision = Revision(name, directory)
    if revision.code.is_dir():
        return revision
    revision.code.mkdir(parents=True)
    archive = subprocess.run(
        ["git", "-C", CHECKOUT, "archive", name], check=True, capture_output=True
    )
    subprocess.run(["tar", "x", "-C", revision.code], input=archive.stdout, check=True)
    return revision


def run(revision: Revision, study: str) -> int:
    """Run a study, or ``validate``, at a revision, unless it was run; return its exit code."""
    results = revision.results(study)
    exit_code = results / EXIT_CODE_NAME
    if exit_code.is_file():
        return int(exit_code.read_text())
    results.mkdir(parents=True, exist_ok=True)
    if study == VALIDATE:
        arguments = [VALIDATE, f"hydra.run.dir={results}"]
    else:
        store = "track.tracking_uri=sqlite:///../../mlflow.db"
        arguments = ["--multirun", f"study={study}", f"hydra.sweep.dir={results}", store]
    environment = os.environ | {
        "PYTHONPATH": str(revision.code),
        "HSTDRIZ_STUDY_CACHE": str(revision.directory / "cache"),
        "MPLBACKEND": "Agg",
    }
    with (revision.directory / f"{study}.log").open("w") as log:
        command = [sys.executable, "-m", "hstdriz_study", *arguments]
        done = subprocess.run(
            command, cwd=results, env=environment, stdout=log, stderr=log, check=False
        )
    exit_code.write_text(str(done.returncode))
    return done.returncode


def masked(line: str) -> str:
    """Return a line without what says when and where it was made."""
    for mask in _MASKS:
        line = mask.sub("*", line)
    return line


def differences(base: Path, other: Path) -> Iterator[tuple[str, str]]:
    """Give the lines in which the results of two revisions differ, with the file's name."""
    names = {
        path.relative_to(side)
        for side in (base, other)
        for name in COMPARED
        for path in side.rglob(name)
    }
    for name in sorted(names):
        sides = [
            [masked(line) for line in (side / name).read_text().splitlines()]
            if (side / name).is_file()
            else []
            for side in (base, other)
        ]
        for line in difflib.unified_diff(*sides, lineterm="", n=0):
            if not line.startswith(("---", "+++", "@@")):
                yield str(name), line


def compare(base: Revision, other: Revision, study: str) -> int:
    """Run a study at both revisions, print what differs, return how many lines do."""
    codes = [run(revision, study) for revision in (base, other)]
    found = list(differences(base.results(study), other.results(study)))
    same = not found and codes[0] == codes[1]
    print(f"{study:<20} {'same' if same else 'DIFFERS'}, exit codes {codes[0]} and {codes[1]}")
    shown: dict[str, int] = {}
    for name, line in found:
        shown[name] = shown.get(name, 0) + 1
        if shown[name] <= SHOWN:
            print(f"    {name}: {line[:240]}")
    return len(found) + (codes[0] != codes[1])


def main() -> int:
    """Compare two revisions."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("base", help="the revision before")
    parser.add_argument("other", nargs="?", default="HEAD", help="the revision after (HEAD)")
    parser.add_argument("--only", default="", help="studies, or validate, with commas")
    parser.add_argument("--keep", type=Path, help="directory for what is made (else temporary)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root = asked.keep or Path(temporary)
        base, other = (lay_out(name, root / name) for name in (asked.base, asked.other))
        names = asked.only.split(",") if asked.only else other.study_names()
        return int(sum(compare(base, other, name) for name in names) > 0)


if __name__ == "__main__":
    raise SystemExit(main())
