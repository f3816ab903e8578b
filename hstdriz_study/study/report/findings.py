"""What is known of a choice besides the choice: rivals, firmness, goals, prices, grid phases."""

from __future__ import annotations

import math
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hstdriz_study.choose.points import finished, settings_of
from hstdriz_study.choose.words.cautions import Kind
from hstdriz_study.choose.words.firmness import margin_said, runner_up_said, stability_said
from hstdriz_study.choose.words.numbers import percent, with_error
from hstdriz_study.choose.words.prices import earlier_said, percent_with_error
from hstdriz_study.choose.words.regret import regret_row
from hstdriz_study.contracts import ENTRIES, Place, entries_of, shown
from hstdriz_study.study.directory.refinement_record import read_refinement
from hstdriz_study.study.report.cells import heads_of, metric_cells, settings_cells
from hstdriz_study.study.report.refinement import refinement_told
from hstdriz_study.text_table import NONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hstdriz_study.choose import Choice, CommonScale, Price
    from hstdriz_study.contracts import Metric, MetricEntry, PointRecord
    from hstdriz_study.study.directory.layout import StudyDirectory

VOTE_HEADS = ("point", "of the resamples", "of the grid phases")
METRIC_HEADS = (
    "metric",
    "value ± error",
    "spread over grid phases",
    "spread / error",
    "unit",
)
PRICE_HEADS = (
    "filter",
    "takes",
    "alone it takes",
    "FWHM growth",
    "depth lost (mag)",
    "RMS/median change",
    "note",
)
N_VOTES_SHOWN = 5


def goal_heads(entries: Mapping[str, MetricEntry] = ENTRIES) -> tuple[str, ...]:
    """Return the heads over `goal_rows`."""
    numbers = heads_of(shown(Place.CHOICE, entries))
    return ("filter", "goal", "rule", 'scale (")', "pixfrac", *numbers, "why")


def goal_rows(
    choices: Sequence[Choice], entries: Mapping[str, MetricEntry] = ENTRIES
) -> list[tuple[str, ...]]:
    """Return what every goal takes in every filter."""
    columns = shown(Place.CHOICE, entries)
    return [
        (
            choice.filter,
            f"{pick.goal} (used)" if pick.used else pick.goal,
            pick.rule,
            *settings_cells(pick.point),
            *metric_cells(pick.point, columns),
            pick.note,
        )
        for choice in choices
        for pick in choice.by_goal
    ]


def goals_told(choices: Sequence[Choice]) -> list[tuple[str, str]]:
    """Return each goal and what it is for."""
    return list({pick.goal: pick.why for choice in choices for pick in choice.by_goal}.items())


def rules_silent(choices: Sequence[Choice]) -> list[str]:
    """Return why rules chose nothing: a sentence a rule and reason, naming the filters."""
    silent: dict[tuple[str, str], list[str]] = {}
    for choice in choices:
        for pick in choice.by_rule:
            if pick.point is None:
                silent.setdefault((pick.rule, pick.note), []).append(choice.filter)
    return [f"{rule} chose none in {', '.join(of)}: {why}" for (rule, why), of in silent.items()]


def regret_lead(choices: Sequence[Choice]) -> list[tuple[str, ...]]:
    """Return what is lost at most with each chosen point, a row a filter under its head."""
    return [
        (choice.filter, *regret_row(choice.regrets[0]))
        for choice in choices
        if choice.chosen is not None and choice.regrets
    ]


def regret_rows(choice: Choice) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Return the rows of the points that have a name, and of those that are admissible alone."""
    named = [regret_row(one) for one in choice.regrets if one.roles]
    return named, [regret_row(one) for one in choice.regrets if not one.roles]


def firmness(choice: Choice) -> list[tuple[str, str]]:
    """Return how firmly a choice stands: a heading and a sentence each."""
    told = []
    if choice.runner_up is not None:
        told.append(("Runner-up", runner_up_said(choice)))
    if choice.resampling is not None:
        chance = f"It would change with a probability of {percent(choice.resampling.changed)}. "
        told.append(("Under resampling", chance + stability_said(choice.resampling)))
    if choice.grid_phases is not None:
        told.append(("Over the phase of the output grid", stability_said(choice.grid_phases)))
    if choice.earlier is not None:
        told.append(("By an earlier version", earlier_said(choice.earlier)))
    return told


def vote_rows(choice: Choice) -> list[tuple[str, ...]]:
    """Return how often each point is taken otherwise measured, under `VOTE_HEADS`."""
    ballots = (choice.resampling, choice.grid_phases)
    points = {vote.point.key: vote.point for b in ballots if b for vote in b.votes}
    shares = [{vote.point.key: vote.fraction for vote in b.votes} if b else None for b in ballots]
    rows = [
        (
            point.label,
            *(NONE if share is None else percent(share.get(key, 0.0)) for share in shares),
        )
        for key, point in points.items()
    ]
    return rows[:N_VOTES_SHOWN]


def metric_rows(chosen: PointRecord) -> list[tuple[str, ...]]:
    """Return each metric of the chosen point with its two uncertainties, under `METRIC_HEADS`."""
    entries = entries_of([chosen])
    return [_metric_row(entry, chosen.metrics[name]) for name, entry in entries.items()]


def _metric_row(entry: MetricEntry, metric: Metric) -> tuple[str, ...]:
    spread = metric.phase_std
    ratio = spread / metric.err if metric.err > 0 else math.nan
    return (
        entry.label,
        with_error(metric),
        f"{spread:.2g}" if math.isfinite(spread) else NONE,
        f"{ratio:.1f}" if math.isfinite(ratio) else NONE,
        metric.unit or NONE,
    )


def price_rows(prices: Sequence[Price]) -> list[tuple[str, ...]]:
    """Return what each filter pays for a scale, under `PRICE_HEADS`."""
    return [
        (
            price.filter,
            price.point.label,
            price.own.label,
            percent_with_error(price.fwhm_growth),
            with_error(price.depth_loss_mag),
            with_error(price.rms_over_median_change),
            price.note,
        )
        for price in prices
    ]


def common_told(common: CommonScale | None, *, asked: bool) -> dict[str, Any] | None:
    """Return what the page says of one scale for all filters; None when there is nothing to say.

    Parameters
    ----------
    common : CommonScale or None
    asked : bool
        Whether the study asked for one: then also its failure is told.
    """
    if common is None or (common.final_scale_arcsec is None and not asked):
        return None
    return {
        "asked": asked,
        "scale": common.final_scale_arcsec,
        "cannot": common.cannot_choose,
        "reasons": common.reasons,
        "margin": _margin(common),
        "prices": price_rows(common.prices),
        "recipe": price_rows(common.recipe),
        "rejected": [(f'{r.final_scale_arcsec:.4g}"', r.reason) for r in common.rejected],
    }


def _margin(common: CommonScale) -> str | None:
    if common.margin is None:
        return None
    return margin_said(common.margin, f'{common.runner_up_arcsec:.4g}"')


def warnings_told(choice: Choice, of_points: Sequence[str]) -> list[str]:
    """Return the warnings on a choice and of its points, each once.

    The one on the edge of the sweep is left out: `extension` makes it exact.
    """
    on_choice = (one.sentence for one in choice.cautions if one.kind is not Kind.EDGE)
    return list(dict.fromkeys((*on_choice, *of_points)))


@dataclass(frozen=True)
class Extension:
    """How a sweep is extended: what the command does, and the command."""

    note: str
    command: str


def extension(
    study: Mapping[str, Any], choice: Choice, study_dir: StudyDirectory
) -> Extension | None:
    """Return the command that extends a sweep beyond the edge on which a choice lies.

    It is the study's own command with the grid of one filter replaced. A study
    of one filter goes on in its own directory; a directory holds one grid for
    all its filters, so that of several filters becomes a study of one.

    Parameters
    ----------
    study : mapping
        What ``study.json`` holds.
    choice : Choice
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`

    Returns
    -------
    Extension or None
        None when the choice lies inside the swept range, or was refined: then refining says how
        far it may go.
    """
    if not choice.extension or refinement_told(read_refinement(study_dir), choice.filter):
        return None
    grid = list(choice.extension)
    alone = len(study.get("filters", [choice.filter])) == 1
    if alone:
        grid.append(f"hydra.sweep.dir={study_dir.path.absolute()}")
        note = "To extend the sweep (what was measured is not run again):"
    else:
        note = "To extend the sweep, as a study of this filter alone:"
    kept = study_overrides(study, (*grid, "hydra.sweep.dir="))
    return Extension(note, shlex.join(["hstdriz-study", *kept, *grid]))


def study_overrides(study: Mapping[str, Any], replaced: Sequence[str]) -> list[str]:
    """Return the overrides of a study's command without flags and those that are replaced."""
    keys = {_key(override) for override in replaced}
    return [
        override
        for override in study.get("overrides", [])
        if not override.startswith("-") and _key(override) not in keys
    ]


def _key(override: str) -> str:
    return override.split("=", 1)[0].lstrip("+~")


def skipped_points(records: Sequence[PointRecord]) -> list[tuple[str, str]]:
    """Return the points that were not run by request, and why."""
    return [
        (settings_of(record).label, record.error or "no reason is recorded")
        for record in records
        if record.status == "SKIPPED"
    ]


def chosen_record(records: Sequence[PointRecord], choice: Choice) -> PointRecord | None:
    """Return the record of the chosen point, grid phases included."""
    if choice.chosen is None:
        return None
    return next(_with_key(finished(records), choice.chosen.key), None)


def _with_key(records: Sequence[PointRecord], key: str) -> Iterator[PointRecord]:
    return (record for record in records if record.key == key)
