"""What refining a study did, on disk: rounds of points, and why it ended."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from hstdriz_study.record import REFINEMENT_NAME, read_json, write_json
from hstdriz_study.refine.known import AxisKnown, Known

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Round:
    """Points added to one filter at one time.

    Attributes
    ----------
    filter : str
    chosen : str
        The choice before them.
    purpose : str
        What they are for.
    points : tuple of tuple of float
        The places: ``final_scale`` in arcsec and ``final_pixfrac``.
    n_points : int
        How many points; two at a place where the weights need an EXP twin.
    """

    filter: str
    chosen: str
    purpose: str
    points: tuple[tuple[float, float], ...]
    n_points: int


@dataclass(frozen=True)
class Ending:
    """Why refining a filter ended, and how closely its choice is known; None without a choice."""

    reason: str
    known: Known | None = None


@dataclass(frozen=True)
class Refinement:
    """What refining a study did.

    Attributes
    ----------
    rounds : tuple of Round
        In the order in which they were run, earlier runs of the study first.
    endings : dict of str to Ending
        By filter; that of a filter is missing while it goes on.
    """

    rounds: tuple[Round, ...] = ()
    endings: dict[str, Ending] = field(default_factory=dict)

    def of(self, name: str) -> tuple[Round, ...]:
        """Return the rounds of one filter."""
        return tuple(one for one in self.rounds if one.filter == name)


def write_refinement(refinement: Refinement, study_dir: Path) -> None:
    """Write it into the directory of its study."""
    write_json(study_dir / REFINEMENT_NAME, asdict(refinement))


def read_refinement(study_dir: Path) -> Refinement:
    """Read it; an empty one when the study was not refined."""
    path = study_dir / REFINEMENT_NAME
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
