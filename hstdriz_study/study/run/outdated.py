"""From points of an earlier run that are asked for again to those that no longer hold, and why."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from omegaconf.errors import OmegaConfBaseException

from hstdriz_study.choose.words.numbers import count
from hstdriz_study.errors import StudyError
from hstdriz_study.keys import differences
from hstdriz_study.study.config import drizzle_settings
from hstdriz_study.study.directory.record import read_bare_record
from hstdriz_study.study.directory.stored import stored_config
from hstdriz_study.study.run.filter_setup import load_setup
from hstdriz_study.study.run.ledger import read_ledger
from hstdriz_study.study.run.point_key import OF_POINTS, point_key, point_stages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.field import FieldSetup
    from hstdriz_study.study.config import StudyConfig
    from hstdriz_study.study.directory.layout import PointDirectory, StudyDirectory

log = logging.getLogger(__name__)

_UNRECORDED = "the way that keys are made"


@dataclass(frozen=True)
class _Asked:
    """The points of one filter that are asked for now, by key."""

    setup: FieldSetup
    points: dict[str, StudyConfig]


def set_aside_outdated(study_dir: StudyDirectory, points: Sequence[StudyConfig]) -> None:
    """Set aside the records of points that are run anew, and say what differs.

    They are asked for as they were, but what they are made from, the libraries or the code is
    no longer the same: two records of one point would be rivals for the choice. They are moved
    to ``superseded/``.

    Parameters
    ----------
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`
        Of a study whose filters are set up.
    points : sequence of `~hstdriz_study.study.config.StudyConfig`
        All that are asked for.
    """
    finished = read_ledger(study_dir).finished
    asked = _asked(study_dir, points) if finished else {}
    current = {key for one in asked.values() for key in one.points}
    outdated = {}
    for key in finished.keys() - current if asked else ():
        record = read_bare_record(finished[key])
        differ = _why_anew(record, asked[record.filter]) if record.filter in asked else []
        if differ:
            outdated[key] = differ
            _set_aside(finished[key], study_dir, key)
    if outdated:
        log.info("%s", _told(outdated, study_dir))


def _told(outdated: Mapping[str, list[str]], study_dir: StudyDirectory) -> str:
    differ = list(dict.fromkeys(word for words in outdated.values() for word in words))
    *others, last = differ
    text = f"{', '.join(others)} and {last} differ" if others else f"{last} differs"
    return (
        f"{count(len(outdated), 'point')} run anew: {text}; "
        f"the earlier results are kept in {study_dir.superseded.name}/"
    )


def _asked(study_dir: StudyDirectory, points: Sequence[StudyConfig]) -> dict[str, _Asked]:
    found: dict[str, _Asked] = {}
    for name in {point.filter.name for point in points}:
        mine = [point for point in points if point.filter.name == name]
        try:
            setup = load_setup(study_dir, name)
        except StudyError:
            continue  # its points will fail, with the reason
        keys = (point_key(point, drizzle_settings(point), setup) for point in mine)
        found[name] = _Asked(setup, dict(zip(keys, mine, strict=True)))
    return found


def _why_anew(record: PointRecord, asked: _Asked) -> list[str]:
    """Say in what a record differs from the same point made today; empty when none is asked for."""
    try:
        config = _today(
            stored_config(record.provenance["config"]), next(iter(asked.points.values()))
        )
        settings = drizzle_settings(config)
    except (StudyError, OmegaConfBaseException):
        return []  # it cannot be asked for any more
    if point_key(config, settings, asked.setup) not in asked.points:
        return []
    earlier = record.provenance["stages"]
    return differences(earlier, point_stages(config, settings, asked.setup)) or [_UNRECORDED]


def _today(stored: StudyConfig, point: StudyConfig) -> StudyConfig:
    """Return the configuration that a stored point would have beside a point of today."""
    own = {name: getattr(stored.measure, name) for name in OF_POINTS}
    return replace(
        point,
        drizzle=replace(stored.drizzle, final_bits=point.drizzle.final_bits),
        measure=replace(point.measure, **own),
    )


def _set_aside(point_dir: PointDirectory, study_dir: StudyDirectory, key: str) -> None:
    kept = study_dir.set_aside(point_dir, key)
    kept.parent.mkdir(exist_ok=True)
    point_dir.path.rename(kept)
