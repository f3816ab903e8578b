"""What the pages say of places between the points."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hstdriz_study.choose.words.numbers import count, with_error
from hstdriz_study.contracts.metric_table import DEPTH, FWHM, HOLE_FRACTION, RMS_OVER_MEDIAN
from hstdriz_study.study.directory.between_record import read_between
from hstdriz_study.study.report.findings import study_overrides
from hstdriz_study.text_table import NONE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hstdriz_study.choose import Choice
    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.refine import Between
    from hstdriz_study.study.directory.layout import StudyDirectory

BETWEEN_HEADS = (
    'scale (")', "pixfrac", FWHM.head, DEPTH.head, RMS_OVER_MEDIAN.head, HOLE_FRACTION.head,
    "the rule",
)  # fmt: skip
TAKEN = "would take it"


@dataclass(frozen=True)
class BetweenTold:
    """What is said of one filter: a sentence, rows under `BETWEEN_HEADS`, a command or none."""

    sentence: str
    rows: Sequence[tuple[str, ...]]
    command: str | None


def between_told(
    study: Mapping[str, Any],
    choice: Choice,
    records: Sequence[PointRecord],
    study_dir: StudyDirectory,
) -> BetweenTold | None:
    """Return what is foretold between the points of a filter; None where nothing is."""
    places = read_between(choice, records, study_dir.of_filter(choice.filter))
    if not places:
        return None
    taken = next((place for place in places if place.is_taken), None)
    said = f"{count(len(places), 'place')} between the points may be sharp enough. "
    if taken is None:
        said += "The rule would take none of them, were they measured as foretold."
    else:
        said += (
            f'The rule would take {taken.spot.final_scale_arcsec:.4g}", pixfrac '
            f"{taken.spot.final_pixfrac:g}, were it measured as foretold. Refining measures what "
            "lies around the choice and then, if it still stands, that place:"
        )
    command = None if taken is None else _refining(study, study_dir)
    return BetweenTold(said, [_row(place) for place in places], command)


def _refining(study: Mapping[str, Any], study_dir: StudyDirectory) -> str:
    """Return the study's own command, refining in its own directory."""
    wanted = ["refine=true", f"hydra.sweep.dir={study_dir.path.absolute()}"]
    return shlex.join(["hstdriz-study", *study_overrides(study, wanted), *wanted])


def _row(place: Between) -> tuple[str, ...]:
    return (
        f"{place.spot.final_scale_arcsec:.4g}",
        f"{place.spot.final_pixfrac:g}",
        with_error(place.fwhm),
        with_error(place.depth, unknown=NONE),
        f"{place.rms_over_median:.3f}",
        f"{place.hole_fraction:.1e}" if place.hole_fraction else "0",
        TAKEN if place.is_taken else place.verdict,
    )
