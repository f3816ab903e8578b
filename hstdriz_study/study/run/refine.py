"""From the points of a study so far to those that make the choice of each filter closer."""

from __future__ import annotations

import itertools
import logging
from typing import TYPE_CHECKING

from hstdriz_study.choose import choose_all
from hstdriz_study.json_files import update_json
from hstdriz_study.refine import (
    Ending,
    Refinement,
    Round,
    propose,
    why_ended,
)
from hstdriz_study.study.config import choice_settings, refine_settings
from hstdriz_study.study.directory.record import read_records
from hstdriz_study.study.directory.refinement_record import read_refinement, write_refinement
from hstdriz_study.study.directory.stored import read_study, stored_handbooks
from hstdriz_study.study.run.between import foresight, scale_range
from hstdriz_study.study.run.filter_setup import load_setup
from hstdriz_study.study.run.siblings import sweeps_around

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose import Choice
    from hstdriz_study.contracts import AddedPoint, PointRecord
    from hstdriz_study.study.config import RefineConfig, StudyConfig
    from hstdriz_study.study.directory.layout import StudyDirectory

log = logging.getLogger(__name__)


def next_points(study_dir: StudyDirectory, points: Sequence[StudyConfig]) -> list[AddedPoint]:
    """Choose from the points so far and propose those of the next round.

    What was proposed, and why a filter has ended, is written to
    ``refinement.json``, and the new number of points to ``study.json``.

    Parameters
    ----------
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`
    points : sequence of `~hstdriz_study.study.config.StudyConfig`
        All points of the study, those of earlier rounds after those of the sweep.

    Returns
    -------
    list of AddedPoint
        Empty when refining has ended.
    """
    study = read_study(study_dir)
    records = read_records(study_dir)
    choices = choose_all(records, choice_settings(points[0].choose), stored_handbooks(study))
    refinement = read_refinement(study_dir)
    rounds, added, endings = list(refinement.rounds), [], dict(refinement.endings)
    for choice in choices:
        mine = {number: p for number, p in enumerate(points) if p.filter.name == choice.filter}
        if not mine:
            continue  # of an earlier run of this study, with other filters
        found = _of_filter(choice, mine, records, refinement, study_dir)
        if isinstance(found, Ending):
            endings[choice.filter] = found
            continue
        one, new = found
        endings.pop(choice.filter, None)
        rounds.append(one)
        added += new
        log.info("%s, %s: %d more, %s", choice.filter, one.chosen, len(new), one.purpose)
    write_refinement(Refinement(tuple(rounds), endings), study_dir)
    update_json(study_dir.description, {"n_points": len(points) + len(added)})
    return added


def _of_filter(
    choice: Choice,
    points: dict[int, StudyConfig],
    records: Sequence[PointRecord],
    refinement: Refinement,
    study_dir: StudyDirectory,
) -> tuple[Round, list[AddedPoint]] | Ending:
    """Return the next round of one filter, or why there is none."""
    if choice.chosen is None:
        return Ending(f"There is no choice to add points around: {choice.cannot_choose}")
    config = next(iter(points.values()))
    sweeps = sweeps_around(choice, points, records, load_setup(study_dir, choice.filter))
    if not sweeps:
        return Ending("The choice is of an earlier sweep of this study that is not swept any more.")
    proposal = propose(
        sweeps[0].records,
        choice,
        refine_settings(config.refine),
        choice_settings(config.choose),
        scale_range(config),
        foresee=foresight(config, sweeps[0].records[0].settings, study_dir),
    )
    rounds = refinement.of(choice.filter)
    new = [
        [sweep.point(spot) for sweep in sweeps if spot not in sweep.tried]
        for spot in proposal.spots
    ]
    room = config.refine.max_points - sum(one.n_points for one in rounds)
    fitting = _fitting(new, room)
    if not any(new):
        return Ending(why_ended(proposal.known), proposal.known)
    if cap := _cap(config.refine, len(rounds), has_room=bool(fitting), study_dir=study_dir):
        return Ending(cap, proposal.known)
    added = [point for of_spot in fitting for point in of_spot]
    places = tuple(
        (spot.final_scale_arcsec, spot.final_pixfrac)
        for spot, of_spot in zip(proposal.spots, fitting, strict=False)
        if of_spot
    )
    one = Round(choice.filter, choice.chosen.label, proposal.purpose, places, len(added))
    return one, added


def _fitting(new: Sequence[list[AddedPoint]], room: int) -> list[list[AddedPoint]]:
    """Return the points of the first spots, as many as there is room for."""
    totals = itertools.accumulate(len(of_spot) for of_spot in new)
    return [of_spot for of_spot, total in zip(new, totals, strict=True) if total <= room]


def _cap(
    refine: RefineConfig, n_rounds: int, *, has_room: bool, study_dir: StudyDirectory
) -> str | None:
    """Say what keeps more points from being run."""
    if study_dir.stopped.is_file():
        return "A point failed and stop_on_failure=true; more points would make the choice closer."
    if not has_room:
        return (
            f"refine.max_points={refine.max_points} is reached; more points would make it closer."
        )
    if n_rounds >= refine.max_rounds:
        return (
            f"refine.max_rounds={refine.max_rounds} is reached; more rounds would make it closer."
        )
    return None
