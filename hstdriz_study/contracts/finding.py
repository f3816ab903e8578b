"""What is wrong with an exposure, or between exposures, before anything is drizzled."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """Names under which ``checks.accept`` lets a finding pass."""

    QUALITY = "quality"
    INTERRUPTED = "interrupted"
    EMPTY = "empty"
    NOT_IMAGING = "not_imaging"
    PHOTOMETRY = "photometry"
    TRANSFER = "transfer"
    UNITS = "units"
    WCS = "wcs"
    CHECKSUM = "checksum"


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
