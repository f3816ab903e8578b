"""What a shell offers for a word half typed, and the script that makes it ask."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, ClassVar

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    ZshComplete,
    add_completion_class,
    split_arg_string,
)

from hstdriz_study.cli.catalogue import groups, names_of, study_keys, validate_keys

if TYPE_CHECKING:
    from collections.abc import Iterable

    import click

SHELLS = ("bash", "zsh")
ASKED_BY_SHELL = "_HSTDRIZ_STUDY_COMPLETE"
"""The variable with which a shell asks the program for completions."""


def script(shell: str, program: click.Context) -> str:
    """Return what a shell is to read at its start."""
    of_shell = {"bash": Bash, "zsh": Zsh}[shell]
    return of_shell(program.command, {}, str(program.info_name), ASKED_BY_SHELL).source()


def overrides_from(typed: str) -> list[CompletionItem[str]]:
    """Return what a half-typed override of a study can become.

    Groups and keys up to their next dot, as paths are completed by directories; behind an
    equals sign the names of the group, each of several that are swept.
    """
    group, equals, value = typed.partition("=")
    if not equals:
        return _next_steps(typed, (*groups(), *study_keys()))
    before = typed.removesuffix(value.rpartition(",")[2])
    names = names_of(group) if group in groups() else ()
    return [CompletionItem(before + name) for name in names if (before + name).startswith(typed)]


def keys_of_validate_from(typed: str) -> list[CompletionItem[str]]:
    """Return what a half-typed override of ``hstdriz-study validate`` can become."""
    return _next_steps(typed, validate_keys())


def _next_steps(typed: str, names: Iterable[str]) -> list[CompletionItem[str]]:
    """Cut names that begin with what is typed behind their next dot."""
    steps = set()
    for name in names:
        if name.startswith(typed):
            step, dot, _ = name.removeprefix(typed).partition(".")
            steps.add(typed + step + (dot or "="))
    return [CompletionItem(step) for step in sorted(steps)]


# As click's own, but that nothing is put behind what goes on: an equals sign or a dot.
_BASH = """\
%(complete_func)s() {
    local type value
    COMPREPLY=()
    while IFS=, read -r type value; do
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done < <(COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_WORD="${COMP_WORDS[COMP_CWORD]}" \\
             %(complete_var)s=bash_complete "$1")
    if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=.] ]]; then compopt -o nospace; fi
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""
_ZSH = """\
#compdef %(prog_name)s

%(complete_func)s() {
    local type value help
    local -a response plain open described
    response=("${(@f)$(COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) \\
        %(complete_var)s=zsh_complete ${words[1]})}")
    for type value help in $response; do
        case $type in
            dir) _path_files -/ ;;
            file) _path_files -f ;;
            *) if [[ $help != _ ]]; then described+=("$value:$help")
               elif [[ $value == *[=.] ]]; then open+=("$value")
               else plain+=("$value"); fi ;;
        esac
    done
    if (( $#described )); then _describe -V commands described; fi
    if (( $#open )); then compadd -V open -S '' -a open; fi
    if (( $#plain )); then compadd -V plain -a plain; fi
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""


@add_completion_class
class Bash(BashComplete):
    """Bash, which takes an equals sign for the end of a word: only what follows is offered."""

    source_template: ClassVar[str] = _BASH
    cut = 0

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words of the line before the one that is half typed, and that one."""
        line, of_bash = os.environ["COMP_LINE"], os.environ["COMP_WORD"]
        _, *words = split_arg_string(line)
        incomplete = "" if line[-1:].isspace() else words.pop()
        self.cut = len(incomplete.removesuffix("" if of_bash in {"=", ":"} else of_bash))
        return words, incomplete

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """Return a line of what the script reads."""
        return f"{item.type},{item.value[self.cut :] if item.type == 'plain' else item.value}"


@add_completion_class
class Zsh(ZshComplete):
    """Zsh."""

    source_template: ClassVar[str] = _ZSH
