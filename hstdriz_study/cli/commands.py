"""The table of commands: each is one function here, with its help and its arguments.

What a command needs is imported in its function: its help, and completion, are there at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hstdriz_study.cli.command_kinds import Commands, OfOverrides, OfStudies
from hstdriz_study.cli.completion import SHELLS, keys_of_validate_from, script
from hstdriz_study.cli.versions import versions
from hstdriz_study.study.directory.layout import StudyDirectory

_AS_STUDY: dict[str, Any] = {
    "type": click.Path(file_okay=False, path_type=Path),
    "callback": lambda _context, _argument, path: path and StudyDirectory(path.absolute()),
}
STUDY_DIR = click.argument("study_dir", **_AS_STUDY)


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
    from hstdriz_study.cli.unrun import PreviewCallback, arguments_of

    return run_study(arguments_of(PreviewCallback, overrides))


@hstdriz_study.command(cls=OfOverrides)
def check(overrides: tuple[str, ...]) -> int:
    """Say whether exposures are ready for a sweep.

    Takes what sweep takes; prepares, compares and foresees, says what will go wrong and
    writes check.html, or check-2.html and so on. The exit code is 0 when they are ready, 1
    with warnings, 2 when they cannot be used.
    """
    from hstdriz_study.cli.job import run_study
    from hstdriz_study.cli.unrun import CheckCallback, arguments_of

    return run_study(arguments_of(CheckCallback, overrides))


@hstdriz_study.command(cls=OfOverrides)
def fetch(overrides: tuple[str, ...]) -> int:
    """Fetch exposures from MAST, and calibration files.

    \b
    hstdriz-study fetch filter=f160w dataset.mast.proposal=11570 "dataset.mast.target=NGC 3370"
    hstdriz-study fetch filter=f160w dataset.mast.obs_ids=[ib1f19l6q,ib1f19l7q,ib1f19l9q,ib1f19laq]
    hstdriz-study fetch filter=f160w "dataset.mast.target=161.767 17.274"

    \b
    Each question has a folder below ./mast, or is answered into dataset.path=DIR. What is there
    is not fetched again; a download that ended goes on. A study with the same dataset.mast fetches
    by itself. The exit code is 1 where a calibration file could not be had.
    """  # noqa: D301 - click's sign for lines as they are
    from hstdriz_study.cli.job import run_study
    from hstdriz_study.cli.unrun import FetchCallback, arguments_of

    return run_study(arguments_of(FetchCallback, overrides))


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

    Each is a directory, or TRACKING_URI#RUN_ID of its parent run. Writes compare.md, or
    compare-2.md and so on.
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
    hstdriz-study validate parts=[stars]                   the selection of stars, 165 scenes

    \b
    Writes validation.html, validation.md and validation.ecsv to
    hstdriz-runs/validate/<time>/; the exit code is 1 when a row fails.
    """  # noqa: D301 - click's sign for lines as they are
    from hstdriz_study.cli.validation import run_validation

    return run_validation(overrides)


@hstdriz_study.command(cls=OfStudies)
@click.argument("study_dir", required=False, **_AS_STUDY)
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


def _cache_dir(_context: click.Context, _option: click.Parameter | None, path: Path | None) -> Path:
    if path is not None:
        return path.absolute()
    from hstdriz_study.study.config import shipped_cache_dir

    return Path(shipped_cache_dir())


CACHE_DIR = click.option(
    "--dir",
    "cache_dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    callback=_cache_dir,
    help="The cache: prepare.cache_dir of your studies, where it is not the usual one.",
)


@hstdriz_study.group(
    options_metavar="", subcommand_metavar="[COMMAND]", invoke_without_command=True
)
@click.pass_context
def cache(context: click.Context) -> int:
    """Show and prune what studies keep to be faster.

    \b
    hstdriz-study cache                                      how much it is
    hstdriz-study cache prune --unused-for 30 --max-size 20  entries, of the size above 20 GB,
                                                             not used for 30 days

    Simulated and prepared exposures, stars and boxes, figures. Each is made anew when it is
    needed; what a running study uses is never removed.
    """  # noqa: D301 - click's sign for lines as they are
    if context.invoked_subcommand is None:
        return int(context.invoke(size, cache_dir=_cache_dir(context, None, None)))
    return 0


@cache.command()
@CACHE_DIR
def size(cache_dir: Path) -> int:
    """Tell how much is kept."""
    from hstdriz_study.study import print_sizes

    return print_sizes(cache_dir)


@cache.command("list")
@CACHE_DIR
def list_entries(cache_dir: Path) -> int:
    """List what is kept: size, last use, whether it is in use."""
    from hstdriz_study.study import print_entries

    return print_entries(cache_dir)


@cache.command()
@CACHE_DIR
@click.option("--unused-for", type=click.FloatRange(min=0), metavar="DAYS", help="Not used since.")
@click.option(
    "--max-size", type=click.FloatRange(min=0), metavar="GB", help="The oldest, down to this size."
)
@click.option("--study", "study_dir", metavar="STUDY_DIR", **_AS_STUDY, help="What it took.")
@click.option("--dry-run", is_flag=True, help="Tell what would go, remove nothing.")
def prune(
    cache_dir: Path,
    unused_for: float | None,
    max_size: float | None,
    study_dir: StudyDirectory | None,
    dry_run: bool,  # noqa: FBT001 - click's
) -> int:
    """Remove what all options given tell, unless in use."""
    from hstdriz_study.study import Unwanted, prune_entries

    return prune_entries(cache_dir, Unwanted(unused_for, max_size, study_dir), only_tell=dry_run)


@cache.command()
@CACHE_DIR
def verify(cache_dir: Path) -> int:
    """Read all that is kept; exit code 1 if damaged."""
    from hstdriz_study.study import verify_entries

    return verify_entries(cache_dir)


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
