"""The good bits of a configuration, interpreted once, by the date of the exposures where asked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hstdriz_study.dated_bits import dated_bits
from hstdriz_study.good_bits import bits_text, good_bits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hstdriz_study.study.config.schema import StudyConfig

    StartsMjd = Callable[[StudyConfig], Sequence[float]]


def with_good_bits(
    config: StudyConfig, starts_mjd: StartsMjd
) -> tuple[StudyConfig, tuple[str, ...]]:
    """Return a configuration whose good bits are numbers (or None), everywhere the same.

    Parameters
    ----------
    config : `~hstdriz_study.study.config.StudyConfig`
    starts_mjd : callable
        Gives the beginnings of its exposures, modified Julian date; called when good bits
        are by date. None of them, as they are not fetched yet: what is by date stays as it is.

    Returns
    -------
    config : `~hstdriz_study.study.config.StudyConfig`
    told : tuple of str
        Which good bits the dates came to.

    Raises
    ------
    ConfigError
        Naming the key, as `good_bits`.
    """
    of_filter, prepare, drizzle = config.filter, config.prepare, config.drizzle
    bits = _Bits(config, starts_mjd)
    # the filter's first: the others usually refer to them
    filter_bits = bits.of(of_filter.good_bits, "filter.good_bits")
    of_recipe = bits.of(of_filter.recipe.good_bits, "filter.recipe.good_bits")
    recipe = replace(of_filter.recipe, good_bits=of_recipe)
    sep_bits = bits.of(prepare.driz_sep_bits, "prepare.driz_sep_bits")
    final_bits = bits.of(drizzle.final_bits, "drizzle.final_bits")
    settled = replace(
        config,
        filter=replace(of_filter, good_bits=filter_bits, recipe=recipe),
        prepare=replace(prepare, driz_sep_bits=sep_bits),
        drizzle=replace(drizzle, final_bits=final_bits),
    )
    return settled, tuple(bits.told.values())


@dataclass(frozen=True)
class _Bits:
    config: StudyConfig
    starts_mjd: StartsMjd
    told: dict[str, str] = field(default_factory=dict)

    def of(self, asked: Any, key: str) -> Any:
        dated = dated_bits(asked, key)
        if dated is None:
            return good_bits(asked, key)
        starts = self.starts_mjd(self.config)
        if not starts:
            return asked
        number, why = dated.settled(starts)
        # said once for all keys that have the same notation
        said = f"{self.config.filter.name}: good bits {bits_text(number)}, {why}"
        self.told.setdefault(str(asked), said)
        return number
