"""A command: what it does in a module of its own, its line in the table and in the help."""

from __future__ import annotations

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
    from pathlib import Path


def print_spread(study_dir: Path) -> int:
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


def follow(checkout) -> None:
    checkout.write("hstdriz_study/study/spread.py", ROOM)
    checkout.replace(
        "pyproject.toml", "compare | finish | preview", "compare | finish | preview | spread"
    )
    main = "hstdriz_study/cli/main.py"
    checkout.add(main, '    "spread": "STUDY_DIR",', after='    "send": "STUDY_DIR",')
    checkout.replace(main, '"send": _send}', '"send": _send, "spread": _spread}')
    checkout.replace(
        main,
        "\ndef _send(",
        "\ndef _spread(study_dir: Path) -> int:\n"
        "    from hstdriz_study.study.spread import print_spread\n\n"
        "    return print_spread(study_dir)\n\n\ndef _send(",
    )
    checkout.add(
        "conf/config.yaml",
        "        hstdriz-study spread STUDY_DIR          between which values each metric lies",
        after="        hstdriz-study send STUDY_DIR            send to MLflow what a study could not send",  # noqa: E501
    )


def test_a_command_does_its_work_and_is_in_the_help(checkout, keeps_to_its_recipe):
    follow(checkout)
    study = shutil.copytree(KEPT, checkout.work / "kept")
    done = checkout.program("spread", str(study))
    assert done.returncode == 0, done.stderr
    told = {name: (low, high) for name, low, high in map(str.split, done.stdout.splitlines())}
    low, high = map(float, told["psf/fwhm_arcsec"])
    assert 0.1 < low < high < 0.3  # of F814W and F160W
    assert "hstdriz-study spread STUDY_DIR" in checkout.program("--help").stdout
    keeps_to_its_recipe(checkout, "a command")
    checkout.lint()


def test_its_mistakes_are_one_sentence(checkout):
    follow(checkout)
    without = checkout.program("spread")
    assert (without.returncode, without.stderr) == (
        2, "error: usage: hstdriz-study spread STUDY_DIR\n",
    )  # fmt: skip
    nowhere = checkout.program("spread", "nowhere")
    assert nowhere.returncode == 2
    assert nowhere.stderr.startswith("error: ")
    assert "Traceback" not in nowhere.stderr
