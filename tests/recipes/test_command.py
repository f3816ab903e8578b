"""A command: what it does in a module of its own, its function with its help in the table."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.endtoend

KEPT = Path(__file__).parents[1] / "kept" / "a23d761"

ROOM = '''"""``hstdriz-study spread``: between which values each metric of a study lies."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from hstdriz_study.study.directory.ended import read_ended

if TYPE_CHECKING:
    from hstdriz_study.study.directory.layout import StudyDirectory


def print_spread(study_dir: StudyDirectory) -> int:
    """Print a line a metric; return 0.

    Raises
    ------
    StudyError
        If the directory holds no study.
    """
    records = read_ended(study_dir).records
    for name in dict.fromkeys(name for record in records for name in record.metrics):
        values = [record.metrics[name].value for record in records if name in record.metrics]
        sys.stdout.write(f"{name} {min(values):.4g} {max(values):.4g}\\n")
    return 0
'''

COMMAND = '''@hstdriz_study.command(cls=OfStudies)
@STUDY_DIR
def spread(study_dir: StudyDirectory) -> int:
    """Print between which values each metric lies."""
    from hstdriz_study.study.spread import print_spread

    return print_spread(study_dir)


'''


def follow(checkout) -> None:
    checkout.write("hstdriz_study/study/spread.py", ROOM)
    checkout.replace("pyproject.toml", "finish | preview", "finish | preview | spread")
    before = '@hstdriz_study.command()\n@click.argument("shell"'
    checkout.replace("hstdriz_study/cli/commands.py", before, COMMAND + before)
    checkout.add(
        "README.md",
        "| `hstdriz-study spread STUDY_DIR` | prints between which values each metric lies |",
        after="| `hstdriz-study send STUDY_DIR` | sends to MLflow what is missing there |",
    )


def test_a_command_does_its_work_and_is_in_the_help(checkout, keeps_to_its_recipe):
    follow(checkout)
    study = shutil.copytree(KEPT, checkout.work / "kept")
    done = checkout.program("spread", str(study))
    assert done.returncode == 0, done.stderr
    told = {name: (low, high) for name, low, high in map(str.split, done.stdout.splitlines())}
    low, high = map(float, told["psf/fwhm_arcsec"])
    assert 0.1 < low < high < 0.3  # of F814W and F160W
    assert re.search(
        r"spread +Print between which values each metric lies", checkout.program("--help").stdout
    )
    assert "STUDY_DIR" in checkout.program("spread", "--help").stdout
    keeps_to_its_recipe(checkout, "a command")
    checkout.tests("tests/cli/test_commands.py")
    checkout.lint()


def test_its_mistakes_are_one_sentence(checkout):
    follow(checkout)
    for arguments in ((), ("nowhere",)):
        done = checkout.program("spread", *arguments)
        assert done.returncode == 2
        assert re.fullmatch(r"error: .*\n", done.stderr), done.stderr
