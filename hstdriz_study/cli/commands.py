"""The table of commands: each is one function here, with its help and its arguments.

What a command needs is imported in its function: its help, and completion, are there at once.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from hstdriz_study.cli.command_kinds import Commands, OfOverrides, OfStudies
from hstdriz_study.cli.completion import SHELLS, keys_of_validate_from, script
from hstdriz_study.cli.versions import versions
from hstdriz_study.study.directory.layout import StudyDirectory

_study_dir = partial(
    click.argument,
    "study_dir",
    type=click.Path(file_okay=False, path_type=Path),
    callback=lambda _context, _argument, path: path and StudyDirectory(path.absolute()),
)
STUDY_DIR = _study_dir()


def _print_versions(context: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001
    if wanted:
        click.echo(versions())
        context.exit()


@click.group(
    cls=Commands,
    subcommand_metavar="[COMMAND] [STUDY_DIR | GROUP=NAME | KEY=VALUE ...]",
    context_settings={
        "ignore_unknown_options": True,  # they are Hydra's
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
    },
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_versions,
    help="Show the versions of what makes the numbers.",
)
def hstdriz_study() -> None:
    """Choose AstroDrizzle's final_scale and final_pixfrac by measurement.

    Without a command a sweep is run where values are swept, by you or by a study, and one
    point otherwise. The exposures are simulated unless dataset.path=DIR names yours.
    """


@hstdriz_study.points
def points(overrides: tuple[str, ...]) -> int:
    """Run what is typed without a command: a sweep, or one point."""
    from hstdriz_study.cli.arguments import hydra_arguments
    from hstdriz_study.cli.job import run_study

    return run_study(hydra_arguments(overrides))


@hstdriz_study.command(cls=OfOverrides)
def sweep(overrides: tuple[str, ...]) -> int:
    """Run a sweep and choose, as in: sweep study=quickstart.

    Its points are all combinations of the values given for each key, KEY=VALUE,VALUE, and of
    what the study sweeps. hydra.sweep.dir=STUDY_DIR goes on with an earlier one.
    """
    from hstdriz_study.cli.arguments import sweep_arguments
    from hstdriz_study.cli.job import run_study

    return run_study(sweep_arguments(overrides))


@hstdriz_study.command(cls=OfOverrides)
def point(overrides: tuple[str, ...]) -> int:
    """Run one point, as in: point drizzle.final_scale=0.08."""
    from hstdriz_study.cli.arguments import point_arguments
    from hstdriz_study.cli.job import run_study

    return run_study(point_arguments(overrides))


@hstdriz_study.command(cls=OfOverrides)
def preview(overrides: tuple[str, ...]) -> int:
    """Foresee the weight map of every point of a sweep.

    Takes what sweep takes, drizzles nothing, and takes seconds.
    """
    from hstdriz_study.cli.job import run_study
    from hstdriz_study.cli.preview import preview_arguments

    return run_study(preview_arguments(overrides))


@hstdriz_study.command(cls=OfStudies)
@STUDY_DIR
def report(study_dir: StudyDirectory) -> int:
    """Choose and write the report again."""
    from hstdriz_study.study import finish_study

    return finish_study(study_dir)


@hstdriz_study.command(cls=OfStudies)
@STUDY_DIR
def rules(study_dir: StudyDirectory) -> int:
    """Print what each rule would take, filter by filter."""
    from hstdriz_study.study import print_rules

    return print_rules(study_dir)


@hstdriz_study.command(cls=OfStudies)
@STUDY_DIR
def products(study_dir: StudyDirectory) -> int:
    """Make the chosen images, noise maps and PSFs."""
    from hstdriz_study.study import make_products

    return make_products(study_dir)


@hstdriz_study.command("what-if", cls=OfStudies)
@STUDY_DIR
@click.argument("changes", nargs=-1, required=True, metavar="drop:K|add:K|drop:EXPOSURE ...")
def what_if(study_dir: StudyDirectory, changes: tuple[str, ...]) -> int:
    """Foresee what exposures fewer or more would change.

    drop:1 is one fewer, for every choice of which; add:1 one more, with the best dither to
    give it; drop:EXPOSURE names the one.
    """
    from hstdriz_study.study import what_if_study

    for change in changes:
        what_if_study(study_dir, change)
    return 0


@hstdriz_study.command(cls=OfStudies)
@click.argument("study_a", type=click.Path())
@click.argument("study_b", type=click.Path())
def compare(study_a: str, study_b: str) -> int:
    """Put two studies side by side.

    Each is a directory, or TRACKING_URI#RUN_ID of its parent run. Writes compare.md.
    """
    from hstdriz_study.study.compare.command import compare_named

    compare_named(study_a, study_b, Path.cwd())
    return 0


@hstdriz_study.command(
    cls=OfOverrides,
    completes=keys_of_validate_from,
    epilog="conf/validate.yaml has every key with its meaning; validate --cfg job prints them.",
)
def validate(overrides: tuple[str, ...]) -> int:
    """Check the tool against published numbers and truth.

    \b
    hstdriz-study validate                                 everything but coverage
    hstdriz-study validate coverage.seeds=200              and coverage, with 200 seeds
    hstdriz-study validate parts=[optics] filters=[f160w]  a part of it
    hstdriz-study validate parts=[stars]                   the selection of stars, 81 scenes

    \b
    Writes validation.html, validation.md and validation.ecsv to
    hstdriz-runs/validate/<time>/; the exit code is 1 when a row fails.
    """  # noqa: D301 - click's sign for lines as they are
    from hstdriz_study.cli.validation import run_validation

    return run_validation(overrides)


@hstdriz_study.command(cls=OfStudies)
@_study_dir(required=False)
def ui(study_dir: StudyDirectory | None) -> int:
    """Open a study in the browser: MLflow and the report.

    Without STUDY_DIR the newest below ./hstdriz-runs. MLflow's pages are served on this machine
    until Ctrl-C, which ends the command well (exit code 0); of a study on a server its own are
    opened. Without a display the links are printed, with the ssh tunnel they need.
    """
    from hstdriz_study.study import show_study

    return show_study(study_dir)


@hstdriz_study.command(cls=OfStudies)
@STUDY_DIR
def send(study_dir: StudyDirectory) -> int:
    """Send to MLflow what a study could not send."""
    from hstdriz_study.study import send_unsent

    return send_unsent(study_dir)


@hstdriz_study.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> int:
    """Print what makes a shell complete commands, groups, keys.

    \b
    eval "$(hstdriz-study completion bash)"   in ~/.bashrc
    eval "$(hstdriz-study completion zsh)"    in ~/.zshrc, after compinit
    """  # noqa: D301 - as above
    click.echo(script(shell, context.find_root()))
    return 0
