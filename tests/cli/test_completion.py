"""Real shells complete commands, groups, keys, names and studies."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BASH = r"""
PATH={bin}:$PATH
eval "$(hstdriz-study completion bash)"
compopt() {{ echo "compopt $*"; }}
COMP_LINE={line!r} COMP_POINT={point} COMP_WORDS=({words}) COMP_CWORD={at}
_hstdriz_study_completion hstdriz-study
printf '%s\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture
def program(tmp_path):
    """Put ``hstdriz-study`` into a directory of commands, beside which one works."""
    commands = tmp_path / "bin"
    commands.mkdir()
    script = commands / "hstdriz-study"
    script.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m hstdriz_study "$@"\n')
    script.chmod(0o755)
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "mine.yaml").touch()
    return commands


def bash_words(line):
    """Split a line as bash does: an equals sign is a word of its own."""
    words = re.findall(r"=|[^\s=]+", line)
    return [*words, ""] if line[-1].isspace() else words


def in_bash(program, line):
    words = bash_words(line)
    text = BASH.format(
        bin=program, line=line, point=len(line), at=len(words) - 1,
        words=" ".join(f"'{word}'" for word in words),
    )  # fmt: skip
    done = subprocess.run(
        ["bash", "--norc", "-c", text],
        cwd=program.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


# a key that shows the line as it stands
SHELLS = {
    "bash": (
        ["bash", "--norc", "--noprofile", "-i"],
        r"""bind -x '"\C-xp": printf "LINE<%s>\n" "$READLINE_LINE"'""",
    ),
    "zsh": (
        ["zsh", "-f", "-i"],
        r"""autoload -U compinit && compinit -D; unsetopt prompt_sp
show() { print -r -- "LINE<$BUFFER>" }; zle -N show; bindkey '^Xp' show""",
    ),
}
WAIT_S = 60


def typed_into(shell, program, keys):
    """Type into an interactive shell; return the line that it then holds."""
    command, shows = SHELLS[shell]
    pid, terminal = pty.fork()
    if pid == 0:  # the shell
        os.chdir(program.parent)
        os.environ |= {"PATH": f"{program}:{os.environ['PATH']}", "TERM": "dumb"}
        os.environ.pop("PYTHONPATH", None)
        os.execvp(command[0], command)  # noqa: S606 - a shell is what is tested
    try:
        ready = f'{shows}\neval "$(hstdriz-study completion {shell})"; echo REA"DY"\n'
        os.write(terminal, ready.encode())
        read_until(terminal, r"READY")
        # each key waits until what came before it has been answered
        for part in re.split("(?<=\t)", keys):
            os.write(terminal, part.encode() + b"\x18p")
            shown = read_until(terminal, r"LINE<(.*)>")
        return shown
    finally:
        os.close(terminal)
        os.waitpid(pid, 0)


def read_until(terminal, pattern):
    seen, until = "", time.monotonic() + WAIT_S
    while (found := re.search(pattern, seen)) is None:
        assert select.select([terminal], [], [], max(0, until - time.monotonic()))[0], seen
        seen += os.read(terminal, 4096).decode(errors="replace")
    return found[found.re.groups]


# what is typed; what is among the answers; how many there may be
TYPED = [
    ("hstdriz-study re", ["report", "report=", "refine=", "refine."], 5),
    ("hstdriz-study what", ["what-if"], 1),
    ("hstdriz-study study=qu", ["quickstart"], 1),
    ("hstdriz-study study=", ["mine", "quickstart"], 9),
    ("hstdriz-study fetch dataset.mast.p", ["dataset.mast.proposal="], 1),
    ("hstdriz-study sweep filter=f16", ["f160w"], 1),
    ("hstdriz-study sweep filter=f160w,f81", ["f160w,f814w"], 1),
    ("hstdriz-study filter=f160w drizzle.final_s", ["drizzle.final_scale="], 1),
    ("hstdriz-study --multirun filter=f160w goal=l", ["lensing"], 1),
    ("hstdriz-study preview driz", ["drizzle=", "drizzle."], 2),
    ("hstdriz-study validate cov", ["coverage."], 1),
    ("hstdriz-study completion z", ["zsh"], 1),
    ("hstdriz-study report --he", ["--help"], 1),
]


@pytest.mark.parametrize(("line", "offered", "most"), TYPED)
def test_bash_offers_what_the_word_can_become(program, line, offered, most):
    answers = [one for one in in_bash(program, line) if not one.startswith("compopt")]
    assert set(offered) <= set(answers)
    assert len(answers) <= most


def test_bash_goes_on_behind_an_equals_sign_and_offers_directories_of_studies(program):
    assert "compopt -o nospace" in in_bash(program, "hstdriz-study drizzle.final_s")
    assert "compopt -o nospace" not in in_bash(program, "hstdriz-study study=qu")
    assert in_bash(program, "hstdriz-study report ")[0] == "compopt -o dirnames"


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("hstdriz-study what\t", "hstdriz-study what-if "),
        ("hstdriz-study study=qui\t", "hstdriz-study study=quickstart "),
        (
            "hstdriz-study sweep drizzle.final_s\t0.08",
            "hstdriz-study sweep drizzle.final_scale=0.08",
        ),
        ("hstdriz-study filter=f160w,f81\t", "hstdriz-study filter=f160w,f814w "),
        ("hstdriz-study validate cov\tse\t200", "hstdriz-study validate coverage.seeds=200"),
    ],
)
@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_the_line_that_was_typed_is_completed_in_the_shell_itself(program, shell, keys, line):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    assert typed_into(shell, program, keys) == line
