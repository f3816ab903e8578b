"""From a sweep that begins to an earlier study of the same sweep, and how to go on there."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from hstdriz_study.errors import StudyError
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.directory.stored import read_study
from hstdriz_study.study.run.ledger import read_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


def begun_before(study_dir: StudyDirectory, overrides: Sequence[str]) -> str | None:
    """Say of a sweep that is begun anew where it was begun before.

    Parameters
    ----------
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`
        Of the new study.
    overrides : sequence of str
        What was typed for it.

    Returns
    -------
    str or None
        A sentence about the newest study beside it of the same sweep; None where there is none,
        or where ``study_dir`` holds one already, which is gone on with.
    """
    if study_dir.description.is_file():
        return None
    newest = next(_same(study_dir.path, overrides), None)
    if newest is None:
        return None
    other, n_points = newest
    done = len(read_ledger(other).finished)
    command = shlex.join(["hstdriz-study", *overrides, f"hydra.sweep.dir={other}"])
    how = "to see it again" if done >= n_points else "to go on there instead"
    return f"the same sweep is in {other}, {done} of {n_points} points finished; {how}: {command}"


def _same(new: Path, overrides: Sequence[str]) -> Iterator[tuple[StudyDirectory, int]]:
    """Give the studies of the same sweep beside a directory, the newest first, and their points."""
    for study_dir in map(StudyDirectory, sorted(new.parent.glob("*/"), reverse=True)):
        if not study_dir.description.is_file():
            continue
        try:
            study = read_study(study_dir)
        except StudyError:  # of another version, or cut off: not to be gone on with
            continue
        if sorted(study.get("overrides", [])) == sorted(overrides):
            yield study_dir, study["n_points"]
