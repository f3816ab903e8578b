"""The kinds of commands, and how a line that names none finds its way to Hydra."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hstdriz_study.cli.catalogue import groups, names_of
from hstdriz_study.cli.completion import overrides_from
from hstdriz_study.cli.exits import EXIT_CODES
from hstdriz_study.errors import StudyError
from hstdriz_study.nearest import did_you_mean
from hstdriz_study.study.directory.layout import StudyDirectory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from click.shell_completion import CompletionItem

USED_MOST = {
    "study=quickstart": "a study: a file of studies/, or ./study/NAME.yaml of your own",
    "filter=f814w": "the filter to drizzle",
    "dataset.path=DIR": "your own flt/flc files (never written to); simulated ones without it",
    "dataset.mast.proposal=11570": "exposures of the archive: also dataset.mast.obs_ids, .target",
    "drizzle.final_scale=0.03": "arcsec, native, or psf/2.5 (pixels per PSF)",
    "drizzle.final_pixfrac=0.6": "0 < pixfrac <= 1",
    "KEY=VALUE,VALUE": "values that are swept",
    "workers=4": "points that run at the same time",
    "refine=true": "points added around the choice of a sweep",
    "--cfg job": "show the composed configuration, run nothing (-p drizzle: one group of it)",
    "--hydra-help": "Hydra's own flags",
}


class OfOverrides(click.Command):
    """A command whose arguments are Hydra's: overrides and flags, all but ``--help``.

    Parameters
    ----------
    completes : callable, optional
        Gives what a half-typed override can become.
    **settings
        As of `click.Command`.
    """

    def __init__(
        self,
        completes: Callable[[str], list[CompletionItem[str]]] = overrides_from,
        **settings: Any,
    ) -> None:
        super().__init__(**settings)
        self.context_settings = {"ignore_unknown_options": True}
        self.params.append(
            click.Argument(
                ["overrides"],
                nargs=-1,
                type=click.UNPROCESSED,
                metavar="[GROUP=NAME | KEY=VALUE ...]",
                shell_complete=lambda _context, _argument, typed: completes(typed),
            )
        )

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what can be typed below the help, unless the command has its own keys."""
        if self.epilog:
            super().format_epilog(ctx, formatter)
        else:
            write_overrides(formatter)


class OfStudies(click.Command):
    """A command about the directories of studies; what it does is told on stderr."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"options_metavar": "", **settings})

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
        return super().invoke(ctx)


class Commands(click.Group):
    """The table of commands, and what is run where none is named: points.

    Attributes
    ----------
    without_name : click.Command
        Takes a line of overrides and flags of Hydra's.
    """

    without_name: click.Command

    def points(self, work: Callable[..., int]) -> click.Command:
        """Make a function the command of lines that name none."""
        self.without_name = OfOverrides(name="points", callback=work)
        return self.without_name

    def resolve_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        args: list[str],
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of a line, and its arguments.

        Raises
        ------
        StudyError
            For a word that is no command.
        """
        first = args[0]
        if first in self.commands:
            return first, self.commands[first], args[1:]
        if not _is_for_hydra(first):
            raise StudyError(_no_command(first, sorted(self.commands)))
        return None, self.without_name, args

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order of the table."""
        return list(self.commands)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Complete the first word: a command, or an override."""
        return [*super().shell_complete(ctx, incomplete), *overrides_from(incomplete)]

    def format_epilog(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what can be typed in place of a command, and the exit codes."""
        write_overrides(formatter)
        with formatter.section("Exit codes"):
            formatter.write_dl(list(EXIT_CODES.items()))
        formatter.write_paragraph()
        formatter.write_text("Documentation: README.md")


def write_overrides(formatter: click.HelpFormatter) -> None:
    """Write the keys used most, and every group with its names."""
    with formatter.section("Keys you will change most"):
        formatter.write_dl(list(USED_MOST.items()))
    with formatter.section("Groups, GROUP=NAME: shipped, and beside where you work"):
        formatter.write_dl([(group, ", ".join(names_of(group))) for group in groups()])


def _is_for_hydra(word: str) -> bool:
    # the path of a study may hold an equals sign
    is_study = StudyDirectory(Path(word)).description.is_file()
    return not is_study and ("=" in word or word.startswith(("-", "+", "~")))


def _no_command(word: str, commands: Sequence[str]) -> str:
    if Path(word).is_dir():
        return (
            f"{word} is a directory, not a command; say what to do with it, "
            f"as in: hstdriz-study report {word}"
        )
    meant = did_you_mean(word, commands)
    return " ".join(filter(None, (f"no command {word};", meant, "hstdriz-study --help lists them")))
