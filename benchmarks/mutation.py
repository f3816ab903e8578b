"""Change the code one piece at a time and count the changes that the tests notice.

    python benchmarks/mutation.py [DIRECTORY]

Needs ``mutmut==3.8.1`` (``make mutants`` installs it). A copy of the package and its tests is made
in DIRECTORY (``build/mutants`` by default), where mutmut keeps its results: a second run goes on
where the first one ended. ``cd DIRECTORY; mutmut show NAME`` shows a change that survived.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path("hstdriz_study")
# What is changed, and the tests that are to notice.
SUBJECTS = {
    "ledger": (("study/run/ledger.py",), "study/run/test_ledger.py"),
    "siblings": (("study/run/siblings.py",), "study/run/test_siblings.py"),
    "hopeless points": (("study/run/hopeless.py",), "study/run/test_hopeless.py"),
    "next points": (("study/run/refine.py",), "study/run/test_refine.py"),
    "cosmic-ray options": (
        ("prepare/cosmic_rays.py", "drizzlepac_options.py"),
        "prepare/test_cosmic_rays.py", "prepare/test_drizzlepac_options.py",
        "prepare/test_alignment.py",
    ),
    "noise map": (
        ("study/products/noise_product.py", "measure/noise_map.py"),
        "study/products/test_noise_product.py", "measure/test_noise_map.py",
    ),
}  # fmt: skip
COPIED = ("hstdriz_study", "conf", "studies", "tests", "pyproject.toml")
KILLED = {"killed", "timeout", "caught by type check"}


def settings() -> str:
    """Return mutmut's part of ``pyproject.toml``."""
    changed = [str(PACKAGE / path) for paths, *_ in SUBJECTS.values() for path in paths]
    tests = [f"tests/{path}" for _, *paths in SUBJECTS.values() for path in paths]
    return f"""
[tool.mutmut]
source_paths = ["{PACKAGE}"]
only_mutate = {changed}
also_copy = ["conf", "studies"]
pytest_add_cli_args = ["-n0", "-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = {tests}
"""


def copy_to(directory: Path) -> None:
    """Copy what is tested, and how, over an earlier copy; mutmut's results stay."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, directory / name, dirs_exist_ok=True, ignore=ignored)
        else:
            (directory / name).write_text((ROOT / name).read_text() + settings())


def outcomes(directory: Path) -> dict[str, str]:
    """Return how each changed piece came off, by its name."""
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", "results", "--all", "true"],
        cwd=directory, capture_output=True, text=True, check=True,
    )  # fmt: skip
    pairs = (line.strip().rpartition(": ") for line in done.stdout.splitlines() if ": " in line)
    return {name: outcome for name, _, outcome in pairs}


def report(found: dict[str, str]) -> str:
    """Return one line a subject: changed pieces, killed, survived, share killed."""
    lines = [f"{'':20}  mutants  killed  survived  share"]
    for subject, (paths, *_) in SUBJECTS.items():
        modules = [str(PACKAGE / path)[:-3].replace("/", ".") + "." for path in paths]
        count = Counter(
            outcome in KILLED
            for name, outcome in found.items()
            if any(name.startswith(module) for module in modules)
        )
        share = count[True] / max(1, count.total())
        lines.append(
            f"{subject:20}  {count.total():7d}  {count[True]:6d}  {count[False]:8d}  {share:5.0%}"
        )
    return "\n".join(lines)


def main() -> None:
    """Run mutmut on a copy and print what it found."""
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "mutants"
    copy_to(directory)
    subprocess.run([sys.executable, "-m", "mutmut", "run"], cwd=directory, check=False)
    print(report(outcomes(directory)))


if __name__ == "__main__":
    main()
