"""From the points of a sweep to those that differ, for equal ones would be measured twice."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import TYPE_CHECKING

from hstdriz_study.cli.points import point_config
from hstdriz_study.names import shown
from hstdriz_study.study.config import scale_arcsec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.cli.points import Primary
    from hstdriz_study.study.config import StudyConfig

log = logging.getLogger(__name__)

_DIGITS = 9  # as scales are recorded: a nano-arcsecond is below any rounding of headers


def distinct_points(points: Sequence[tuple[str, ...]], primary: Primary) -> list[tuple[str, ...]]:
    """Keep the first of points that are equal after rounding, and say what is left out.

    ``0.6`` and ``0.6000000000000001`` are one pixfrac, as a range gives it; ``native`` and the
    filter's native scale in arcsec are one scale.

    Parameters
    ----------
    points : sequence of tuple of str
        Overrides of each point.
    primary : `~hstdriz_study.cli.points.Primary`

    Raises
    ------
    ConfigError
        If a point is not valid.
    """
    kept: dict[str, tuple[str, ...]] = {}
    equal: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    for point in points:
        first = kept.setdefault(_rounded(point_config(point, primary)), point)
        if first is not point:
            equal.append((point, first))
    if equal:
        left_out, same = equal[0]
        log.warning(
            "warning: %d of %d points equal others and are left out, such as %s, which is %s",
            len(equal), len(points), _told(left_out, same), _told(same, left_out),
        )  # fmt: skip
    return list(kept.values())


def _rounded(config: StudyConfig) -> str:
    content = asdict(config)
    scale, pixfrac = scale_arcsec(config), config.drizzle.final_pixfrac
    content["drizzle"] |= {
        "final_scale": scale if scale is None else round(scale, _DIGITS),
        "final_pixfrac": pixfrac if pixfrac is None else round(pixfrac, _DIGITS),
    }
    return repr(content)


def _told(point: tuple[str, ...], other: tuple[str, ...]) -> str:
    """Show in what a point is typed otherwise than another; all of it where it is not."""
    return shown(" ".join([one for one in point if one not in other] or point))
