"""One final_scale for all filters, a pixfrac for each, and the price each filter pays.

Colours of one object want the same pixels in every filter. For each scale that
all filters were swept at, every filter takes its pixfrac by the same rule as
alone; the price of the scale is the FWHM growth of the filter that pays most,
against what that filter takes alone. Of the scales whose price is practically
equal to the lowest, the coarsest is taken. With integer ratios, a filter may
also take 2, 3 or 4 times the common scale, so that pixels nest.

Source: this project's. It is compared with the five-filter recipe's single
scale of 0.03 arcsec with pixfrac 0.6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.choose.margin import Criterion, Margin, margin_between
from hstdriz_study.choose.paired import practical_tolerance
from hstdriz_study.choose.points import finished, settings_of, without_repeats
from hstdriz_study.choose.prices import Price, Unserved, Why, price_of
from hstdriz_study.choose.rules import find_rule
from hstdriz_study.choose.scales import (
    at_scales,
    scale_family,
    shares_a_scale,
    swept_scales,
)
from hstdriz_study.choose.twins import JUDGED_WEIGHTS
from hstdriz_study.choose.verdict import Inadmissible
from hstdriz_study.choose.words.common_scale import (
    COARSEST,
    NONE_SHARED,
    cannot_alone,
    none_serves,
    paid,
    why_not_scale,
)
from hstdriz_study.choose.words.rejections import why_not
from hstdriz_study.contracts import derived
from hstdriz_study.errors import ChoiceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hstdriz_study.choose.rule_of_thumb import HandbookPick
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.contracts import Metric, PointRecord

RECIPE_SCALE_ARCSEC, RECIPE_PIXFRAC = 0.03, 0.6
COSTLIER = Criterion("highest FWHM growth", "costlier in FWHM growth")


@dataclass(frozen=True)
class RejectedScale:
    """A scale that was not taken, and why."""

    final_scale_arcsec: float
    reason: str


@dataclass(frozen=True)
class CommonScale:
    """The scale common to all filters.

    Attributes
    ----------
    final_scale_arcsec : float or None
        None when there is no such scale.
    cannot_choose : str or None
        The reason then.
    reasons : tuple of str
    prices : tuple of Price
        What each filter takes and pays, in the order of the sweep.
    runner_up_arcsec : float or None
        The scale taken when this one is left out.
    margin : Margin or None
        By how much it beats it in FWHM growth.
    rejected : tuple of RejectedScale
    recipe : tuple of Price
        What the recipe's scale and pixfrac cost the filters swept there.
    """

    final_scale_arcsec: float | None
    cannot_choose: str | None = None
    reasons: tuple[str, ...] = ()
    prices: tuple[Price, ...] = ()
    runner_up_arcsec: float | None = None
    margin: Margin | None = None
    rejected: tuple[RejectedScale, ...] = ()
    recipe: tuple[Price, ...] = ()


@dataclass(frozen=True)
class _Filter:
    """One filter: its points, and the one that it takes by itself."""

    name: str
    records: Sequence[PointRecord]
    handbook: HandbookPick
    own: PointRecord
    inadmissible: Mapping[str, Inadmissible]


def choose_common_scale(
    records: Sequence[PointRecord], settings: ChoiceSettings, handbooks: Mapping[str, HandbookPick]
) -> CommonScale:
    """Choose one final_scale for all filters.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        All points of all filters.
    settings : ChoiceSettings
        Rule, limits, ``fwhm_tolerance``, ``paired_sigma``, ``integer_ratio``.
    handbooks : mapping of str to HandbookPick
        The rule of thumb's settings of each filter.

    Raises
    ------
    ChoiceError
        If there is no record or a filter has no handbook pick.
    """
    filters: list[_Filter] = []
    for name, mine in _by_filter(records, handbooks).items():
        verdict = find_rule(settings.rule)(mine, settings, handbooks[name])
        if verdict.chosen is None:
            return CommonScale(None, cannot_alone(name, verdict.refused))
        broken = {k: why for k, why in verdict.rejected.items() if isinstance(why, Inadmissible)}
        filters.append(_Filter(name, mine, handbooks[name], verdict.chosen, broken))
    recipe = tuple(price for one in filters for price in _recipe(one))
    swept = [swept_scales(one.records) for one in filters]
    if not shares_a_scale(swept, integer_ratio=settings.integer_ratio):
        return CommonScale(None, NONE_SHARED, recipe=recipe)
    prices: dict[float, tuple[Price, ...]] = {}
    unserved: dict[float, Unserved] = {}
    for scale in swept_scales(records):
        found = _prices(filters, scale, settings)
        if isinstance(found, Unserved):
            unserved[scale] = found
        else:
            prices[scale] = found
    if not prices:
        reason = none_serves(unserved)
        return CommonScale(None, reason, rejected=_listed(unserved), recipe=recipe)
    return _decided(prices, unserved, recipe, settings)


def _by_filter(
    records: Sequence[PointRecord], handbooks: Mapping[str, HandbookPick]
) -> dict[str, list[PointRecord]]:
    by_filter: dict[str, list[PointRecord]] = {}
    for record in without_repeats(records):
        if record.filter not in handbooks:
            raise ChoiceError(f"{record.filter}: no handbook pick is given; add its wavelength")
        by_filter.setdefault(record.filter, []).append(record)
    if not by_filter:
        raise ChoiceError("there is no point to choose from; run at least one")
    return by_filter


def _prices(
    filters: Sequence[_Filter], scale: float, settings: ChoiceSettings
) -> tuple[Price, ...] | Unserved:
    """Return what each filter pays for a scale, or why one of them cannot take it."""
    family = scale_family(scale, integer_ratio=settings.integer_ratio)
    prices = []
    for one in filters:
        price = _price(one, at_scales(one.records, family), settings)
        if isinstance(price, Unserved):
            return price
        prices.append(price)
    return tuple(prices)


def _price(
    one: _Filter, there: Sequence[PointRecord], settings: ChoiceSettings
) -> Price | Unserved:
    if not finished(there):
        return Unserved(one.name, Why.NOT_SWEPT)
    verdict = find_rule(settings.rule)(there, settings, one.handbook)
    # A filter keeps the point it takes alone where it can.
    taken = one.own if one.own in there else verdict.chosen
    if taken is None:
        return Unserved(one.name, Why.NO_CHOICE, refusal=verdict.refused)
    price = price_of(taken, one.own, one.records)
    if math.isfinite(price.fwhm_growth.value):
        return price
    return Unserved(one.name, Why.NO_FWHM)


def _decided(
    prices: Mapping[float, tuple[Price, ...]],
    unserved: Mapping[float, Unserved],
    recipe: tuple[Price, ...],
    settings: ChoiceSettings,
) -> CommonScale:
    costs = {scale: _highest(of_scale) for scale, of_scale in prices.items()}
    equal = _equals(costs, settings)
    scale = max(equal)
    others = {other: cost for other, cost in costs.items() if other != scale}
    second = max(_equals(others, settings)) if others else None
    costlier = {
        other: Unserved(
            _payer(prices[other]).filter,
            Why.FINER if other in equal else Why.COSTLIER,
            cost.value,
        )
        for other, cost in others.items()
    }
    return CommonScale(
        scale,
        reasons=(paid(scale, _payer(prices[scale])), COARSEST),
        prices=prices[scale],
        runner_up_arcsec=second,
        margin=None if second is None else margin_between(costs[scale], costs[second], COSTLIER),
        rejected=_listed({**unserved, **costlier}),
        recipe=recipe,
    )


def _highest(prices: Sequence[Price]) -> Metric:
    """Return the FWHM growth of the filter that pays most; to be sharper than alone is no gain."""
    growths = [price.fwhm_growth for price in prices]
    return derived(lambda parts: np.maximum(np.max(parts, axis=0), 0.0), growths)


def _payer(prices: Sequence[Price]) -> Price:
    return max(prices, key=lambda price: price.fwhm_growth.value)


def _equals(costs: Mapping[float, Metric], settings: ChoiceSettings) -> list[float]:
    """Return the scales whose cost is practically equal to the lowest."""
    lowest = min(costs.values(), key=lambda cost: cost.value)
    tolerance, n_sigma = settings.fwhm_tolerance, settings.paired_sigma
    return [
        scale
        for scale, cost in costs.items()
        if cost.value - lowest.value <= practical_tolerance(cost, lowest, tolerance, n_sigma).value
    ]


def _listed(unserved: Mapping[float, Unserved]) -> tuple[RejectedScale, ...]:
    return tuple(RejectedScale(scale, why_not_scale(unserved[scale])) for scale in sorted(unserved))


def _recipe(one: _Filter) -> list[Price]:
    """Return what the recipe's single scale and pixfrac cost, where they were swept."""
    return [
        price_of(record, one.own, one.records, why_not(broken) if broken else "")
        for record in at_scales(finished(one.records), (RECIPE_SCALE_ARCSEC,))
        if _is_recipe(record)
        for broken in (one.inadmissible.get(record.key),)
    ][:1]


def _is_recipe(record: PointRecord) -> bool:
    point = settings_of(record)
    return (
        math.isclose(point.final_pixfrac, RECIPE_PIXFRAC) and point.final_wht_type == JUDGED_WEIGHTS
    )
