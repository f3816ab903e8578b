"""Change the code one piece at a time and count the changes that the tests notice.

    python benchmarks/mutation.py [SUBJECT ...]

Needs ``mutmut==3.8.1`` (``make mutants`` installs it) and takes an hour or two for all subjects.
Each has a copy of the package and its tests in ``build/mutants``, where mutmut keeps its results: a
second run goes on where the first one ended. ``cd build/mutants/SUBJECT; mutmut show NAME`` shows a
change that survived, and ``mutmut results`` names them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "mutants"
PACKAGE = "hstdriz_study"
COPIED = (PACKAGE, "conf", "studies", "tests")


@dataclass(frozen=True)
class Subject:
    """Modules that are changed, the tests that are to notice, and whether exposures are kept.

    What a change of the modules does to prepared exposures is not noticed where they are kept.
    """

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    keeps_exposures: bool = True


SUBJECTS = {
    "ledger": Subject(("study/run/ledger.py",), ("study/run/test_ledger.py",)),
    "siblings": Subject(("study/run/siblings.py",), ("study/run/test_siblings.py",)),
    "hopeless": Subject(("study/run/hopeless.py",), ("study/run/test_hopeless.py",)),
    "next_points": Subject(("study/run/refine.py",), ("study/run/test_refine.py",)),
    "noise_map": Subject(
        ("study/products/noise_product.py", "measure/noise_map.py"),
        ("study/products/test_noise_product.py", "measure/test_noise_map.py"),
    ),
    "cosmic_rays": Subject(
        ("prepare/cosmic_rays.py", "drizzlepac_options.py"),
        ("prepare/test_cosmic_rays.py", "test_drizzlepac_options.py", "prepare/test_alignment.py"),
        keeps_exposures=False,
    ),
}
NOTICED = {"killed", "timeout", "segfault"}

# mutmut forks processes that have imported everything: no threads may be there already.
# Its limit of time does not count what fixtures take.
SETTINGS = """
[tool.mutmut]
source_paths = ["{package}"]
only_mutate = {modules}
also_copy = ["conf", "studies"]
pytest_add_cli_args = ["-n0", "-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = {tests}
timeout_constant = 60
timeout_multiplier = 3
"""
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


def copy_to(directory: Path, subject: Subject) -> None:
    """Copy what is tested, and how, over an earlier copy; mutmut's results stay."""
    directory.mkdir(parents=True, exist_ok=True)
    ignored = shutil.ignore_patterns("__pycache__")
    for name in COPIED:
        shutil.copytree(ROOT / name, directory / name, dirs_exist_ok=True, ignore=ignored)
    settings = SETTINGS.format(
        package=PACKAGE,
        modules=[f"{PACKAGE}/{path}" for path in subject.modules],
        tests=[f"tests/{path}" for path in subject.tests],
    )
    (directory / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text() + settings)


def environment(subject: Subject) -> dict[str, str]:
    """Return the environment of the tests; the package is that of their working directory."""
    kept = {"HSTDRIZ_STUDY_TEST_CACHE": str(BUILD / "cache")} if subject.keeps_exposures else {}
    others = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return others | ONE_THREAD | kept


def outcomes(name: str, subject: Subject) -> Counter[str]:
    """Change the modules of one subject; return how many changes came off in which way."""
    directory = BUILD / name
    copy_to(directory, subject)
    mutmut = [sys.executable, "-m", "mutmut"]
    subprocess.run([*mutmut, "run"], cwd=directory, env=environment(subject), check=False)
    listed = subprocess.run(
        [*mutmut, "results", "--all", "true"],
        cwd=directory, env=environment(subject), capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = (line.strip() for line in listed.stdout.splitlines())
    return Counter(line.rpartition(": ")[2] for line in lines if "__mutmut_" in line)


def main() -> None:
    """Print one line a subject: changes, those that tests noticed, all others, and the share."""
    lines = [f"{'':12}  mutants  killed  survived  share"]
    for name in sys.argv[1:] or SUBJECTS:
        count = outcomes(name, SUBJECTS[name])
        killed = sum(n for outcome, n in count.items() if outcome in NOTICED)
        total = count.total()
        share = killed / max(1, total)
        lines.append(f"{name:12}  {total:7d}  {killed:6d}  {total - killed:8d}  {share:5.0%}")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
