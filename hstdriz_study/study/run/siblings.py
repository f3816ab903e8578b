"""The points of a study that differ from a chosen one in scale and pixfrac alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hstdriz_study.choose import find_rule
from hstdriz_study.choose.points import settings_of
from hstdriz_study.choose.twins import JUDGED_WEIGHTS
from hstdriz_study.contracts import AddedPoint
from hstdriz_study.refine import Spot, spot_of
from hstdriz_study.study.config import drizzle_settings, scale_arcsec
from hstdriz_study.study.directory.stored import stored_config
from hstdriz_study.study.run.identity import WITHOUT_RESULT, key_without_result
from hstdriz_study.study.run.point_key import point_key, sweep_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hstdriz_study.choose import Choice
    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.field import FieldSetup
    from hstdriz_study.study.config import StudyConfig


@dataclass(frozen=True)
class Siblings:
    """Points of one filter that differ in scale and pixfrac alone.

    Attributes
    ----------
    like : int
        Number of one of them in the sweep.
    records : tuple of `~hstdriz_study.contracts.PointRecord`
    tried : frozenset of `~hstdriz_study.refine.Spot`
        Where they lie, measured or only planned.
    asked : mapping of float to value
        How the configuration says a scale that is there.
    """

    like: int
    records: tuple[PointRecord, ...]
    tried: frozenset[Spot]
    asked: Mapping[float, float | str | None]

    def point(self, spot: Spot) -> AddedPoint:
        """Return a further point of them."""
        scale = spot.final_scale_arcsec
        return AddedPoint(self.like, self.asked.get(scale, scale), spot.final_pixfrac)


def sweeps_around(
    choice: Choice,
    points: Mapping[int, StudyConfig],
    records: Sequence[PointRecord],
    setup: FieldSetup,
) -> list[Siblings]:
    """Return the siblings of a chosen point, and of the EXP twin by which it is judged.

    Parameters
    ----------
    choice : `~hstdriz_study.choose.Choice`
        With a chosen point.
    points : mapping of int to `~hstdriz_study.study.config.StudyConfig`
        The points of the filter that are planned, by number.
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        Of every filter, earlier sweeps of the study included.
    setup : `~hstdriz_study.field.FieldSetup`

    Returns
    -------
    list of Siblings
        The chosen point's first; empty when no planned point is like it.
    """
    configs = _configs(points, [r for r in records if r.filter == choice.filter], setup)
    chosen = next(config for r, config in configs if choice.chosen and r.key == choice.chosen.key)
    twin = replace(chosen, drizzle=replace(chosen.drizzle, final_wht_type=JUDGED_WEIGHTS))
    found = []
    for key in dict.fromkeys(sweep_key(config, setup) for config in (chosen, twin)):
        planned = {n: p for n, p in points.items() if sweep_key(p, setup) == key}
        if not planned:
            break  # a twin alone would be refined in place of the choice
        mine = [record for record, config in configs if sweep_key(config, setup) == key]
        found.append(_siblings(mine, planned))
    fixed = chosen.choose.common_scale or find_rule(chosen.choose.rule).scale_first
    if found and fixed:
        found = [_at_scale_of(choice, one) for one in found]
    return found


def _configs(
    points: Mapping[int, StudyConfig], records: Sequence[PointRecord], setup: FieldSetup
) -> list[tuple[PointRecord, StudyConfig]]:
    """Return each record with its configuration; those whose is not known are left out."""
    planned = {}
    for config in points.values():
        planned[point_key(config, drizzle_settings(config), setup)] = config
        planned |= {key_without_result(config, status): config for status in WITHOUT_RESULT}
    found = []
    for record in records:
        if record.key in planned:
            found.append((record, planned[record.key]))
        elif record.provenance:
            found.append((record, stored_config(record.provenance["config"])))
    return found


def _siblings(records: Sequence[PointRecord], planned: Mapping[int, StudyConfig]) -> Siblings:
    spots = {spot_of(settings_of(record)): record for record in records}
    scales = [(scale_arcsec(config), config.drizzle.final_pixfrac) for config in planned.values()]
    unseen = {Spot.of(scale, pixfrac) for scale, pixfrac in scales if scale and pixfrac}
    return Siblings(
        like=next(iter(planned)),
        records=tuple(records),
        tried=frozenset(spots) | unseen,
        asked={spot.final_scale_arcsec: record.final_scale_asked for spot, record in spots.items()},
    )


def _at_scale_of(choice: Choice, siblings: Siblings) -> Siblings:
    """Keep the points at the chosen scale, so that only pixfrac is refined."""
    if choice.chosen is None:
        raise ValueError(choice.cannot_choose)
    scale = spot_of(choice.chosen).final_scale_arcsec
    kept = [r for r in siblings.records if spot_of(settings_of(r)).final_scale_arcsec == scale]
    return replace(siblings, records=tuple(kept))
