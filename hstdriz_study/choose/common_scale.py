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

from hstdriz_study.choose.margin import Criterion, Margin, derived, margin_between
from hstdriz_study.choose.paired import practical_tolerance
from hstdriz_study.choose.points import finished, settings_of, without_repeats
from hstdriz_study.choose.prices import Price, price_of
from hstdriz_study.choose.rules import find_rule
from hstdriz_study.choose.wording import percent
from hstdriz_study.errors import ChoiceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hstdriz_study.choose.handbook import HandbookPick
    from hstdriz_study.choose.verdict import Verdict
    from hstdriz_study.config import ChooseConfig
    from hstdriz_study.contracts import Metric, PointRecord

RECIPE_SCALE_ARCSEC, RECIPE_PIXFRAC = 0.03, 0.6
SAME_ARCSEC = 5  # decimals to which two scales are the same
RATIOS = (1, 2, 3, 4)
COSTLIER = Criterion("highest FWHM growth", "costlier in FWHM growth")

NONE_SHARED = (
    "No final_scale is swept in every filter; give scales in arcsec, as study=common_scale does: "
    "native and psf/2 are another scale in each."
)

ByFilter = dict[str, "list[PointRecord]"]


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


def choose_common_scale(
    records: Sequence[PointRecord], config: ChooseConfig, handbooks: Mapping[str, HandbookPick]
) -> CommonScale:
    """Choose one final_scale for all filters.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        All points of all filters.
    config : `~hstdriz_study.config.ChooseConfig`
        Rule, limits, ``fwhm_tolerance``, ``paired_sigma``, ``integer_ratio``.
    handbooks : mapping of str to HandbookPick
        The rule of thumb's settings of each filter.

    Raises
    ------
    ChoiceError
        If there is no record or a filter has no handbook pick.
    """
    by_filter = _by_filter(records, handbooks)
    alone = {
        name: find_rule(config.rule)(mine, config, handbooks[name])
        for name, mine in by_filter.items()
    }
    for name, verdict in alone.items():
        if verdict.chosen is None:
            return CommonScale(None, f"{name} cannot choose by itself: {verdict.cannot_choose}")
    prices: dict[float, tuple[Price, ...]] = {}
    rejected: dict[float, str] = {}
    for scale in _swept(records):
        family = scale_family(scale, config)
        found = _prices(by_filter, alone, family, config, handbooks)
        if isinstance(found, str):
            rejected[scale] = found
        else:
            prices[scale] = found
    recipe = _recipe(by_filter, alone)
    scales = [[_scale(record) for record in finished(mine)] for mine in by_filter.values()]
    if not shares_a_scale(scales, config):
        return CommonScale(None, NONE_SHARED, recipe=recipe)
    if not prices:
        said = "; ".join(f'{scale:.4g}": {why}' for scale, why in rejected.items())
        return CommonScale(
            None,
            f"No scale serves all filters ({said}).",
            rejected=_listed(rejected),
            recipe=recipe,
        )
    return _decided(prices, rejected, recipe, config)


def shares_a_scale(scales: Sequence[Sequence[float]], config: ChooseConfig) -> bool:
    """Tell whether any scale can be common to filters swept at these scales, arcsec.

    Parameters
    ----------
    scales : sequence of sequence of float
        One item a filter.
    config : `~hstdriz_study.config.ChooseConfig`
        ``integer_ratio`` is used.
    """
    swept = [{round(scale, SAME_ARCSEC) for scale in of_filter} for of_filter in scales]
    families = (scale_family(scale, config) for scale in set().union(*swept))
    return any(all(mine.intersection(family) for mine in swept) for family in families)


def scale_family(scale_arcsec: float, config: ChooseConfig) -> tuple[float, ...]:
    """Return the scales a filter may take when ``scale_arcsec`` is common, rounded."""
    ratios = RATIOS if config.integer_ratio else RATIOS[:1]
    return tuple(round(scale_arcsec * ratio, SAME_ARCSEC) for ratio in ratios)


def at_scales(records: Sequence[PointRecord], scales: Sequence[float]) -> list[PointRecord]:
    """Return the points at any of some scales, which are rounded as by `scale_family`."""
    return [record for record in records if _scale(record) in scales]


def _scale(record: PointRecord) -> float:
    return round(settings_of(record).final_scale_arcsec, SAME_ARCSEC)


def _swept(records: Sequence[PointRecord]) -> list[float]:
    return sorted({scale for r in finished(records) if math.isfinite(scale := _scale(r))})


def _by_filter(records: Sequence[PointRecord], handbooks: Mapping[str, HandbookPick]) -> ByFilter:
    by_filter: ByFilter = {}
    for record in without_repeats(records):
        if record.filter not in handbooks:
            raise ChoiceError(f"{record.filter}: no handbook pick is given; add its wavelength")
        by_filter.setdefault(record.filter, []).append(record)
    if not by_filter:
        raise ChoiceError("there is no point to choose from; run at least one")
    return by_filter


def _prices(
    by_filter: ByFilter,
    alone: Mapping[str, Verdict],
    family: Sequence[float],
    config: ChooseConfig,
    handbooks: Mapping[str, HandbookPick],
) -> tuple[Price, ...] | str:
    """Return what each filter pays in a family of scales, or why one of them cannot."""
    prices = []
    for name, mine in by_filter.items():
        there = at_scales(mine, family)
        if not finished(there):
            return f"{name} was not swept there"
        own = alone[name].chosen
        if own is None:
            return f"{name} cannot choose by itself"
        verdict = find_rule(config.rule)(there, config, handbooks[name])
        # A filter keeps the point it takes alone where it can.
        taken = own if own in there else verdict.chosen
        if taken is None:
            return f"{name} cannot choose there: {verdict.cannot_choose}"
        price = price_of(taken, own, mine)
        if not math.isfinite(price.fwhm_growth.value):
            return f"the FWHM of {name} was not measured, so its price is not known"
        prices.append(price)
    return tuple(prices)


def _highest(prices: Sequence[Price]) -> Metric:
    """Return the FWHM growth of the filter that pays most; to be sharper than alone is no gain."""
    growths = [price.fwhm_growth for price in prices]
    return derived(lambda parts: np.maximum(np.max(parts, axis=0), 0.0), growths)


def _decided(
    prices: Mapping[float, tuple[Price, ...]],
    rejected: dict[float, str],
    recipe: tuple[Price, ...],
    config: ChooseConfig,
) -> CommonScale:
    costs = {scale: _highest(of_scale) for scale, of_scale in prices.items()}
    equal = _equals(costs, config)
    scale = max(equal)
    others = {other: cost for other, cost in costs.items() if other != scale}
    second = max(_equals(others, config)) if others else None
    for other, cost in others.items():
        rejected[other] = (
            f"the FWHM of {_payer(prices[other]).filter} grows by {percent(cost.value)}"
            + (", practically equal, but the scale is finer" if other in equal else "")
        )
    payer = _payer(prices[scale])
    paid = (
        f'At {scale:.4g}" the filter that pays most is {payer.filter}: its FWHM is '
        f"{percent(payer.fwhm_growth.value)} larger than alone."
        if payer.fwhm_growth.value > 0
        else f'At {scale:.4g}" no filter has a larger FWHM than alone.'
    )
    return CommonScale(
        scale,
        reasons=(paid, "Of the scales that are practically as cheap it is the coarsest."),
        prices=prices[scale],
        runner_up_arcsec=second,
        margin=None
        if second is None
        else margin_between(costs[scale], costs[second], COSTLIER, f'{second:.4g}"'),
        rejected=_listed(rejected),
        recipe=recipe,
    )


def _payer(prices: Sequence[Price]) -> Price:
    return max(prices, key=lambda price: price.fwhm_growth.value)


def _equals(costs: Mapping[float, Metric], config: ChooseConfig) -> list[float]:
    """Return the scales whose cost is practically equal to the lowest."""
    lowest = min(costs.values(), key=lambda cost: cost.value)
    return [
        scale
        for scale, cost in costs.items()
        if cost.value - lowest.value
        <= practical_tolerance(cost, lowest, config.fwhm_tolerance, config.paired_sigma).value
    ]


def _listed(rejected: Mapping[float, str]) -> tuple[RejectedScale, ...]:
    return tuple(RejectedScale(scale, rejected[scale]) for scale in sorted(rejected))


def _recipe(by_filter: ByFilter, alone: Mapping[str, Verdict]) -> tuple[Price, ...]:
    """Return what the recipe's single scale and pixfrac cost, where they were swept."""
    prices = []
    for name, mine in by_filter.items():
        own = alone[name].chosen
        for record in at_scales(finished(mine), (RECIPE_SCALE_ARCSEC,)):
            point = settings_of(record)
            is_recipe = math.isclose(point.final_pixfrac, RECIPE_PIXFRAC)
            if own is not None and is_recipe and point.final_wht_type == "EXP":
                refused = alone[name].rejected.get(record.key)
                broken = refused.reason if refused is not None and refused.limits else ""
                prices.append(price_of(record, own, mine, broken))
                break
    return tuple(prices)
