"""From a region file of ds9 or CASA, or a circle in words, to an area of the sky."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.contracts.sky import CIRCLE, SkyArea
from hstdriz_study.errors import ConfigError, first_line

if TYPE_CHECKING:
    from regions import Region

_WITH_UNIT = re.compile(r"[\d.](\"|'|d|r)\s*\)\s*$", re.IGNORECASE)
_CRTF = re.compile(r"\s*#CRTF", re.IGNORECASE)


def read_area(text: str, key: str) -> SkyArea:
    """Read an area of the sky.

    Parameters
    ----------
    text : str
        Path of a file of ds9 or CRTF regions, or ``circle(RA, Dec, RADIUS)`` with degrees or
        sexagesimal coordinates (ICRS) and a radius with its unit.
    key : str
        That holds it, for messages.

    Raises
    ------
    ConfigError
        If it cannot be read as a whole, or holds no area on the sky.
    """
    # here, because regions takes a while to import and most studies name none
    from hstdriz_study.dataset.sky_shapes import shape_of

    name = f"{key}={text}"
    found = [region for region in read_regions(text, key) if not _only_shown(region)]
    shapes = [(is_included(region), shape_of(region, name)) for region in found]
    kinds = Counter(type(region).__name__ for region in found if shape_of(region, name) is None)
    included = tuple(shape for inside, shape in shapes if inside and shape is not None)
    excluded = tuple(shape for inside, shape in shapes if not inside and shape is not None)
    if not included and not excluded:
        raise ConfigError(f"{name}: no region has an area; draw a circle, a box or a polygon")
    ignored = tuple(f"{n} {kind.removesuffix('SkyRegion').lower()}" for kind, n in kinds.items())
    return SkyArea(name, included, excluded, ignored)


def read_regions(text: str, key: str) -> list[Region]:
    """Read the regions of a file, all of them on the sky; raises as `read_area`."""
    name = f"{key}={text}"
    if CIRCLE.match(text):
        if not _WITH_UNIT.search(text):
            raise ConfigError(
                f"{name}: give the radius a unit, circle(RA, Dec, 5\") in arcsec (' arcmin, d "
                "degrees)"
            )
        content, source = f"icrs; {text.strip()}", "ds9"
    else:
        content = _content(Path(text), name)
        source = "crtf" if _CRTF.match(content) else "ds9"
    found = _parsed(content, source, name)
    if not found:
        raise ConfigError(f"{name}: holds no region; is it a file of ds9 or CRTF regions?")
    for region in found:
        if type(region).__name__.endswith("PixelRegion"):
            raise ConfigError(
                f"{name}: holds pixel coordinates (or, in CRTF, no coord=) of an image that is "
                "not known here; save it with sky coordinates, icrs or fk5"
            )
    return found


def is_included(region: Region) -> bool:
    """Tell whether a region counts in; one with a minus before it does not.

    `regions` (0.12) reads the sign into ``meta`` and does not look at it any more.
    """
    return bool(region.meta.get("include", True))


def _only_shown(region: Region) -> bool:
    """Tell an annotation, which CRTF has for display alone."""
    return region.meta.get("type") == "ann"


def _content(path: Path, name: str) -> str:
    if not path.is_file():
        raise ConfigError(f"{name}: no such file; name one, or circle(RA, Dec, RADIUS)")
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = "no text" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise ConfigError(
            f"{name}: cannot be read as regions ({reason}); save it as ds9 or CRTF text"
        ) from error


def _parsed(content: str, source: str, name: str) -> list[Region]:
    from regions import Regions

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            found = list(Regions.parse(content, format=source))
        except Exception as error:  # of many kinds
            raise ConfigError(
                f"{name}: is not read as {source} regions ({first_line(error)}); use circles, "
                "ellipses, boxes, annuli and polygons on the sky"
            ) from error
    if said:  # what it does not know is left out with a warning: another area
        raise ConfigError(
            f"{name}: not all of it is read as {source} regions ({first_line(said[0].message)}); "  # type: ignore[arg-type]
            "use circles, ellipses, boxes, annuli and polygons with sky coordinates, icrs or fk5"
        )
    return found
