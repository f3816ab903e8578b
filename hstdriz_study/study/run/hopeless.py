"""From the points of a study to those whose weight map, as foreseen, is hopeless."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from hstdriz_study.errors import LostProcessError, StudyError
from hstdriz_study.study.config import drizzle_settings
from hstdriz_study.workers import cores

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hstdriz_study.field import Field
    from hstdriz_study.predict import PredictedWeight
    from hstdriz_study.study.config import PredictConfig
    from hstdriz_study.study.run.point import StudyPoint

log = logging.getLogger(__name__)


def hopeless_points(
    points: Sequence[StudyPoint], fields: Mapping[str, Field | StudyError]
) -> list[tuple[StudyPoint, str]]:
    """Find the points whose weight map will break a limit, each with the reason.

    Only points of a configuration with ``predict.skip`` are looked at.

    Parameters
    ----------
    points : sequence of `~hstdriz_study.study.run.point.StudyPoint`
    fields : mapping of str to `~hstdriz_study.field.Field` or `StudyError`
        By filter; those of a filter that could not be prepared are left to fail.
    """
    found: list[tuple[StudyPoint, str]] = []
    for name, field in fields.items():
        asked = [p for p in points if p.config.filter.name == name and p.config.predict.skip]
        if isinstance(field, StudyError) or not asked:
            continue
        log.info("%s: foreseeing the weight map of %d points", name, len(asked))
        settings = [drizzle_settings(point.config) for point in asked]
        try:
            foreseen = field.predict_weights(settings, asked[0].config.workers or cores())
        except LostProcessError as error:
            log.warning("warning: filter=%s: %s; its points run unforeseen", name, error)
            continue
        for point, weight in zip(asked, foreseen, strict=True):
            reason = _beyond(weight, point.config.predict)
            if reason is not None:
                found.append((point, reason))
    return found


def _beyond(foreseen: PredictedWeight, limits: PredictConfig) -> str | None:
    spread = foreseen.spread
    found = (
        ("RMS/median", spread.rms_over_median, "max_rms_over_median", limits.max_rms_over_median),
        ("hole fraction", spread.hole_fraction, "max_hole_fraction", limits.max_hole_fraction),
    )
    broken = [
        f"{name} {value:.3g} is above predict.{key}={limit:g}"
        for name, value, key, limit in found
        if value > limit
    ]
    return f"not run: in the weight map foreseen, {' and '.join(broken)}" if broken else None
