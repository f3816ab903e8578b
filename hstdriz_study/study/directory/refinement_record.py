"""What refining a study did, in the study's directory: ``refinement.json``."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.refine import AxisKnown, Ending, Known, Refinement, Round

if TYPE_CHECKING:
    from hstdriz_study.study.directory.layout import StudyDirectory


def write_refinement(refinement: Refinement, study_dir: StudyDirectory) -> None:
    """Write it into the directory of its study."""
    write_json(study_dir.refinement, asdict(refinement))


def read_refinement(study_dir: StudyDirectory) -> Refinement:
    """Read it; an empty one when the study was not refined."""
    path = study_dir.refinement
    if not path.is_file():
        return Refinement()
    stored = read_json(path)
    return Refinement(
        rounds=tuple(
            Round(**{**one, "points": tuple(tuple(point) for point in one["points"])})
            for one in stored["rounds"]
        ),
        endings={
            name: Ending(ending["reason"], _known(ending["known"]))
            for name, ending in stored["endings"].items()
        },
    )


def _known(stored: dict[str, Any] | None) -> Known | None:
    if stored is None:
        return None
    return Known(**{axis: AxisKnown(**_with_tuple(one)) for axis, one in stored.items()})


def _with_tuple(stored: dict[str, Any]) -> dict[str, Any]:
    resampled = stored["resampled"]
    return stored | {"resampled": None if resampled is None else tuple(resampled)}
