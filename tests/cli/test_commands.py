"""Every command tells its use without what it needs to work; the table is the whole truth."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hstdriz_study.cli.commands import hstdriz_study
from hstdriz_study.cli.exits import EXIT_CODES
from hstdriz_study.cli.versions import PACKAGES

ROOT = Path(__file__).resolve().parents[2]
# Each takes a tenth of a second or more.
HEAVY = {"hydra", "omegaconf", "numpy", "mlflow", "astropy"}
LOADED = """
import atexit, sys
atexit.register(lambda: print("LOADED", *sys.modules))
from hstdriz_study.cli.main import main
main()
"""

# programs of a shell's background are not otherwise
INTERRUPTIBLE = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from hstdriz_study.cli.main import main
main()
"""


def run(*arguments, code=0, **environment):
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    said, loaded = done.stdout.split("LOADED")
    return said, set(loaded.split())


@pytest.mark.parametrize("command", [[], *([name] for name in hstdriz_study.commands)])
def test_help_of_every_command_imports_nothing_heavy(command):
    said, loaded = run(*command, "--help")
    assert " ".join(("Usage: hstdriz-study", *command)) in said
    assert "--help" in said
    assert not HEAVY & loaded


def test_versions_of_what_makes_the_numbers_are_told_without_importing_it():
    said, loaded = run("--version")
    told = dict(line.split() for line in said.splitlines())
    assert list(told) == ["hstdriz-study", "Python", *PACKAGES]
    assert all(re.match(r"\d+\.\d+", version) for version in told.values())
    assert not HEAVY & loaded


@pytest.mark.parametrize("line", ["hstdriz-study re", "hstdriz-study study=", "hstdriz-study dri"])
def test_completion_imports_nothing_heavy(line):
    word = line.split()[1]
    said, loaded = run(
        _HSTDRIZ_STUDY_COMPLETE="bash_complete", COMP_LINE=line, COMP_WORD=word.partition("=")[2]
    )
    assert said.startswith("plain,")
    assert not HEAVY & loaded


def test_what_is_no_command_is_told_without_importing_anything_heavy():
    _, loaded = run("raport", "there", code=2)
    assert not HEAVY & loaded


def test_help_lists_the_commands_in_the_order_of_the_table_with_groups_and_exit_codes():
    said, _ = run("--help")
    listed = said.partition("Commands:")[2].partition("Keys you")[0]
    assert [line.split()[0] for line in listed.splitlines() if line.strip()] == list(
        hstdriz_study.commands
    )
    for told in ("f160w", "quickstart", "lensing", *EXIT_CODES):
        assert told in said
    assert "..." not in listed  # no help is cut


@pytest.mark.parametrize("page", ["README.md"])
def test_the_page_that_tells_the_use_knows_every_command_and_exit_code(page):
    text = (ROOT / page).read_text()
    for name in hstdriz_study.commands:
        assert f"hstdriz-study {name}" in text, name
    for code in EXIT_CODES:
        assert f"| {code} |" in text, code


def test_output_that_nobody_reads_ends_quietly():
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "hstdriz_study", "--help"],
        stdout=writer, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


def test_a_pipe_that_breaks_elsewhere_is_a_defect_with_its_traceback(tmp_path):
    code = (
        "import hstdriz_study.study as s; from hstdriz_study.cli.main import main\n"
        "def broken(_): raise BrokenPipeError('a worker')\n"
        "s.finish_study = broken; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "report", str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "BrokenPipeError: a worker" in done.stderr


def test_an_interruption_ends_with_what_shells_report_of_it(tmp_path):
    # the record is a pipe that nobody writes into
    (tmp_path / "study").mkdir()
    os.mkfifo(tmp_path / "study" / "study.json")
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, "rules", tmp_path / "study"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with (tmp_path / "study" / "study.json").open("w"):  # until it is being read
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGINT
    again = f"hstdriz-study rules {tmp_path / 'study'}"
    assert said == f"interrupted by SIGINT; to go on: {again}\n"
