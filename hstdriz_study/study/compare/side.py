"""From the directory of a finished study to what can be compared of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hstdriz_study.contracts.regions import REGIONS_NAME, STARS_NAME
from hstdriz_study.study.directory.formats import Kind, read_stored
from hstdriz_study.study.directory.record import read_records
from hstdriz_study.study.directory.stored import read_study

if TYPE_CHECKING:
    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.study.directory.layout import StudyDirectory


@dataclass(frozen=True)
class Side:
    """One of two studies.

    Attributes
    ----------
    source : str
        Where it was read from.
    study : dict
        What ``study.json`` holds.
    records : tuple of `~hstdriz_study.contracts.PointRecord`
    choices : dict of str to dict
        The items of ``choice.json`` by filter.
    regions : dict of str to str
        Digest of what was measured (stars, boxes) by filter; a filter whose
        files are not there is left out.
    """

    source: str
    study: dict[str, Any]
    records: tuple[PointRecord, ...]
    choices: dict[str, dict[str, Any]]
    regions: dict[str, str] = field(default_factory=dict)

    @property
    def filters(self) -> list[str]:
        """Filters in the order in which they were swept."""
        return list(dict.fromkeys(record.filter for record in self.records))

    def inputs(self, name: str) -> list[Any]:
        """Return names and checksums of the exposures of a filter."""
        return self._provenance(name).get("inputs", [])

    def config(self, name: str) -> dict[str, Any]:
        """Return the configuration of a filter, the rules as they were last applied."""
        of_study = self.study.get("config", {})
        of_point = self._provenance(name).get("config", {})
        rules = {"choose": of_study["choose"]} if "choose" in of_study else {}
        return {**(of_point or of_study), **rules}

    def _provenance(self, name: str) -> dict[str, Any]:
        found = (r.provenance for r in self.records if r.filter == name and r.provenance)
        return next(found, {})


def read_side(study_dir: StudyDirectory, source: str = "") -> Side:
    """Read a study for comparison.

    Parameters
    ----------
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`
    source : str, optional
        How the reader is told where it comes from; else the directory.

    Raises
    ------
    StudyError
        If the directory holds no study, or no choice was made yet.
    """
    study = read_study(study_dir)
    choices = read_stored(study_dir.choice, Kind.CHOICE)["choices"]
    return Side(
        source=source or str(study_dir),
        study=study,
        records=tuple(read_records(study_dir)),
        choices={choice["filter"]: choice for choice in choices},
        regions=_regions(study_dir),
    )


def _regions(study_dir: StudyDirectory) -> dict[str, str]:
    found = {}
    for of_filter in sorted(study_dir.filters.glob("*")):
        files = [of_filter / name for name in (REGIONS_NAME, STARS_NAME)]
        if all(path.is_file() for path in files):
            content = b"".join(path.read_bytes() for path in files)
            found[of_filter.name] = hashlib.sha256(content).hexdigest()
    return found
