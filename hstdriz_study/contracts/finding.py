"""What is wrong with an exposure, or between exposures, before anything is drizzled."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from hstdriz_study.errors import DatasetError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


class FindingKind(StrEnum):
    """Names under which ``checks.accept`` lets a finding pass."""

    QUALITY = "quality"
    INTERRUPTED = "interrupted"
    EMPTY = "empty"
    NOT_IMAGING = "not_imaging"
    PHOTOMETRY = "photometry"
    TRANSFER = "transfer"
    UNITS = "units"
    SHAPE = "shape"
    WCS = "wcs"
    CHECKSUM = "checksum"
    TWICE = "twice"
    STARS = "stars"
    SHIFT = "shift"
    FLUX = "flux"
    WIDTH = "width"
    SKY = "sky"
    NOISE = "noise"
    FLAGGED = "flagged"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Attributes
    ----------
    kind : `FindingKind`
    told : str
        Which file, keyword and value, what follows from it and what cures it; without a full stop.
    stops : bool
        Whether it makes numbers wrong, so that a study goes on only when it is accepted.
    """

    kind: FindingKind
    told: str
    stops: bool = True


def refuse_stopping(label: str, found: Iterable[Finding], accepted: Collection[str]) -> None:
    """Raise what makes numbers wrong and is not accepted.

    Parameters
    ----------
    label : str
        What the exposures belong to.
    found : iterable of `Finding`
    accepted : collection of str
        Kinds that are taken as they are.

    Raises
    ------
    DatasetError
        With all of it in one sentence.
    """
    stopping = [one for one in found if one.stops and one.kind not in accepted]
    if stopping:
        kinds = ",".join(dict.fromkeys(one.kind for one in stopping))
        raise DatasetError(
            f"{label}: {'; '.join(one.told for one in stopping)}; or take them as they are with "
            f"checks.accept=[{kinds}]"
        )


def as_warning(finding: Finding) -> str:
    """Return what is told of a finding that did not stop a study."""
    return f"{finding.told} (accepted: {finding.kind})" if finding.stops else finding.told
