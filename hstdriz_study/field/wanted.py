"""From the keys that say where to measure to areas of the sky and stars."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hstdriz_study.cache import file_checksum
from hstdriz_study.contracts.sky import CIRCLE, Wanted

if TYPE_CHECKING:
    from hstdriz_study.measure.settings import RegionSettings

WHERE = ("region", "leave_out", "stars")
"""Keys of ``measure`` that name a file of the user's."""


def wanted_of(settings: RegionSettings) -> Wanted:
    """Read where a user wants to measure.

    Raises
    ------
    ConfigError
        Naming key and file, if one cannot be read.
    """
    if settings.region is settings.leave_out is settings.stars is None:
        return Wanted()
    # here, because most studies name none
    from hstdriz_study.dataset.region_files import read_area
    from hstdriz_study.dataset.star_lists import read_star_list

    region, leave_out, stars = (getattr(settings, name) for name in WHERE)
    return Wanted(
        region=read_area(region, "measure.region") if region else None,
        leave_out=read_area(leave_out, "measure.leave_out") if leave_out else None,
        stars=read_star_list(stars, "measure.stars") if stars else None,
    )


def with_contents(settings: RegionSettings) -> dict[str, Any]:
    """Return the settings with checksums of files, which count wherever they lie."""
    given = asdict(settings)
    return given | {name: _content(given[name]) for name in WHERE if given[name]}


def _content(text: str) -> str:
    return text if CIRCLE.match(text) or not Path(text).is_file() else file_checksum(Path(text))
