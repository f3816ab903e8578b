"""The good bits of a configuration, interpreted once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hstdriz_study.good_bits import good_bits

if TYPE_CHECKING:
    from hstdriz_study.study.config.schema import StudyConfig


def with_good_bits(config: StudyConfig) -> StudyConfig:
    """Return a configuration whose good bits are numbers (or None), everywhere the same.

    Raises
    ------
    ConfigError
        Naming the key, as `good_bits`.
    """
    of_filter, prepare, drizzle = config.filter, config.prepare, config.drizzle
    # the filter's first: the others usually refer to them
    filter_bits = good_bits(of_filter.good_bits, "filter.good_bits")
    of_recipe = good_bits(of_filter.recipe.good_bits, "filter.recipe.good_bits")
    recipe = replace(of_filter.recipe, good_bits=of_recipe)
    sep_bits = good_bits(prepare.driz_sep_bits, "prepare.driz_sep_bits")
    final_bits = good_bits(drizzle.final_bits, "drizzle.final_bits")
    return replace(
        config,
        filter=replace(of_filter, good_bits=filter_bits, recipe=recipe),
        prepare=replace(prepare, driz_sep_bits=sep_bits),
        drizzle=replace(drizzle, final_bits=final_bits),
    )
