"""What is asked of the archive, and how patiently."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.dataset import WantedFilter


@dataclass(frozen=True)
class Question:
    """Exposures by programme, name or place; what is not given does not restrict.

    Attributes
    ----------
    proposal : int or None
    obs_ids : tuple of str
        Of exposures or associations, nine letters and digits, lower case.
    target : str or None
        A name, or right ascension and declination in degrees.
    radius_arcmin : float
        Around the target.
    """

    proposal: int | None = None
    obs_ids: tuple[str, ...] = ()
    target: str | None = None
    radius_arcmin: float = 3.0

    @property
    def asks(self) -> bool:
        """Whether anything is asked."""
        return bool(self.proposal is not None or self.obs_ids or self.target)

    @property
    def words(self) -> str:
        """The question in words."""
        said = (
            f"proposal {self.proposal}" if self.proposal is not None else "",
            ", ".join(self.obs_ids),
            self.target and f"within {self.radius_arcmin:g} arcmin of {self.target}",
        )
        return ", ".join(filter(None, said))

    @property
    def folder_name(self) -> str:
        """A name for the answer's folder: letters, digits, dots and low lines."""
        target = "".join(one if one.isalnum() else "_" for one in self.target or "")
        more = f"_and_{len(self.obs_ids) - 1}_more" if len(self.obs_ids) > 1 else ""
        said = (
            str(self.proposal or ""),
            f"{self.obs_ids[0]}{more}" if self.obs_ids else "",
            target and f"{target}_{self.radius_arcmin:g}arcmin",
        )
        return "_".join(filter(None, said)).lower()

    def content(self) -> dict[str, Any]:
        """Return it as a manifest keeps it; a radius around nothing has no part."""
        kept = asdict(self) | {"obs_ids": list(self.obs_ids)}
        return kept if self.target else kept | {"radius_arcmin": None}


@dataclass(frozen=True)
class Patience:
    """How often, and how long, a server is asked.

    Attributes
    ----------
    attempts : int
        Requests for one thing before it is given up.
    silence_s : float
        Seconds without an answer, or without a byte of a file, that end an attempt.
    wait_s : float
        Before the second attempt; twice as long before each that follows.
    """

    attempts: int
    silence_s: float
    wait_s: float


@dataclass(frozen=True)
class CrdsSettings:
    """Where calibration files come from: a server, and the cache of the ``crds`` package."""

    server: str
    cache: Path


@dataclass(frozen=True)
class FetchSettings:
    """What is fetched for one filter.

    Attributes
    ----------
    question : `Question`
    wanted : `~hstdriz_study.dataset.WantedFilter`
    folder : `~pathlib.Path`
        Of the answer to this question: exposures, ``references/`` and ``manifest.json``.
    reference_dirs : dict of str to `~pathlib.Path`
        Directories of calibration files that the user has set, by ``jref`` and ``iref``.
    crds : `CrdsSettings`
    patience : `Patience`
    """

    question: Question
    wanted: WantedFilter
    folder: Path
    reference_dirs: dict[str, Path]
    crds: CrdsSettings
    patience: Patience
