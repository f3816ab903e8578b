"""The exposures of a study out of the archive: ``hstdriz-study fetch``, and before a study."""

from __future__ import annotations

import logging
import shlex
import sys
from typing import TYPE_CHECKING

from hstdriz_study.dataset import load_exposures
from hstdriz_study.errors import ConfigError
from hstdriz_study.prepare.references import DISTORTION_KEYWORDS
from hstdriz_study.study.config import (
    check_question,
    dataset_settings,
    fetch_settings,
    question_of,
    starts_mjd,
    with_good_bits,
)
from hstdriz_study.study.config.data import MAST

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hstdriz_study.study.config import StudyConfig

log = logging.getLogger(__name__)

_LACKING = 1
# MDRIZTAB is for runs of AstroDrizzle with mdriztab=True, which no study makes.
KEYWORDS = (*DISTORTION_KEYWORDS, "MDRIZTAB")


def fetch_points(points: Sequence[StudyConfig]) -> int:
    """Fetch what the points of a sweep need, and print how a study takes it.

    Returns
    -------
    int
        0, or 1 where a calibration file could not be had.

    Raises
    ------
    StudyError
        If the exposures cannot be had, or cannot be used together.
    """
    _check_asked(points)
    lacking = _fetch(points, KEYWORDS)
    for point in {point.filter.name: point for point in points}.values():
        sys.stdout.write(f"{_in_words(point)}\n")
    return _LACKING if lacking else 0


def _check_asked(points: Sequence[StudyConfig]) -> None:
    for point in points:
        check_question(question_of(point.dataset.mast))
        if point.dataset.kind != MAST:
            raise ConfigError(
                f"dataset.kind={point.dataset.kind} asks for other exposures than the archive's; "
                "add dataset.kind=mast"
            )


def fetch_exposures(points: Sequence[StudyConfig]) -> list[StudyConfig]:
    """Fetch the exposures that points want of the archive, unless they are there.

    Returns
    -------
    list of `~hstdriz_study.study.config.StudyConfig`
        The points, their good bits settled where the dates of the exposures were not known.

    Raises
    ------
    StudyError
        If the exposures cannot be had.
    """
    _fetch(points, DISTORTION_KEYWORDS)
    settled = [with_good_bits(point, starts_mjd) for point in points]
    for sentence in dict.fromkeys(one for _, told in settled for one in told):
        log.info("%s", sentence)
    return [point for point, _ in settled]


def _fetch(points: Sequence[StudyConfig], keywords: Collection[str]) -> bool:
    """Fetch, and tell which calibration files could not be had; return whether any could not."""
    wanted = {point.filter.name: point for point in points if point.dataset.kind == MAST}
    if not wanted:
        return False
    # here, because other exposures need none of what it brings
    from hstdriz_study.fetch import fetch_answer

    told = [
        sentence
        for point in wanted.values()
        for sentence in fetch_answer(fetch_settings(point), keywords)
    ]
    for sentence in dict.fromkeys(told):
        log.warning("warning: %s", sentence)
    return bool(told)


def _in_words(point: StudyConfig) -> str:
    """Say what there is of a filter, and how a study names it."""
    settings = dataset_settings(point)
    found = load_exposures(settings).exposures
    names = ", ".join(exposure.path.name for exposure in found)
    keys = [f"filter={point.filter.name}", f"dataset.path={settings.source}"]
    keys += [f"filter.{name}={path}" for name, path in settings.reference_dirs.items()]
    return (
        f"{point.filter.name}: {len(found)} exposures: {names}\n"
        f"  {shlex.join(['hstdriz-study', 'check', *keys])}"
    )
