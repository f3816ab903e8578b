"""Hydra's private parts: nothing else imports them, and pyproject.toml bounds its version.

All are in Hydra 1.3.2 and were read in 1.3.8.

``get_args_parser`` (``hydra._internal.utils``)
    Hydra's own flags, to know from what was typed whether points are to be run.
``OverridesParser``, ``Override`` (``hydra.core.override_parser``)
    Hydra's grammar: what a person typed, as key, value and kind. `hydra.compose` gives
    the composed configuration alone.
``RangeSweep`` (``hydra.core.override_parser.types``)
    The ends and the step of ``range()``, to count the points of a sweep before they are made.
``BasicSweeper.split_arguments`` (``hydra._internal.core_plugins.basic_sweeper``)
    The order in which ``a=1,2 b=3,4`` is expanded, so that points have the numbers that
    Hydra's basic sweeper would give them.
``GlobalHydra`` (``hydra.core.global_hydra``), its configuration loader
    The files that ``glob()`` is expanded with, and the names of the groups; what was composed
    is kept as long as the loader is the same.
``Plugins`` (``hydra.core.plugins``), its ``class_name_to_class``
    The launcher, as documented for sweepers; and the name of a sweeper that does not lie
    below ``hydra_plugins``, where Hydra looks for all.
``ConfigLoaderImpl.load_configuration`` (``hydra._internal.config_loader_impl``)
    Every configuration passes it before anything that it names is called.
"""

from __future__ import annotations

import math
from decimal import Decimal
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra._internal.utils import get_args_parser
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, RangeSweep
from hydra.core.plugins import Plugins

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Hashable, Sequence

    from hydra.plugins.launcher import Launcher
    from hydra.plugins.sweeper import Sweeper
    from hydra.types import HydraContext, TaskFunction
    from omegaconf import DictConfig

Given = ParamSpec("Given")
Result = TypeVar("Result")

__all__ = [
    "Override",
    "check_when_composed",
    "config_groups",
    "kept_while_hydra_is",
    "launcher_of",
    "parsed_flags",
    "parsed_overrides",
    "register_plugin",
    "shorter_than_a_step",
    "split_sweep",
    "sweep_size",
]


def parsed_flags(arguments: Sequence[str]) -> Namespace:
    """Read arguments as Hydra does; what are no flags are its ``overrides``.

    Raises
    ------
    SystemExit
        If a flag cannot be read.
    """
    return get_args_parser().parse_args(arguments)


def parsed_overrides(overrides: Sequence[str]) -> list[Override]:
    """Read overrides by Hydra's grammar.

    Raises
    ------
    HydraException
        If one cannot be read.
    """
    return OverridesParser.create().parse_overrides(list(overrides))


def split_sweep(overrides: Sequence[str]) -> list[list[str]]:
    """Expand a sweep into the overrides of each point, as Hydra's basic sweeper does.

    Raises
    ------
    HydraException
        If an override cannot be read or expanded.
    """
    # the loader is what expands glob()
    parser = OverridesParser.create(GlobalHydra.instance().config_loader())
    split: list[list[str]] = BasicSweeper.split_arguments(
        parser.parse_overrides(list(overrides)), None
    )[0]
    return split


def sweep_size(overrides: Sequence[str]) -> int:
    """Count the points of a sweep without making them, as `split_sweep` would.

    Raises
    ------
    HydraException
        If an override cannot be read.
    """
    parser = OverridesParser.create(GlobalHydra.instance().config_loader())
    # the last of a key counts
    sizes = {one.get_key_element(): _size(one) for one in parser.parse_overrides(list(overrides))}
    return math.prod(sizes.values())


def shorter_than_a_step(overrides: Sequence[str]) -> list[str]:
    """Return the overrides whose ``range()`` is shorter than its step of 1, Hydra's default.

    Raises
    ------
    HydraException
        If an override cannot be read.
    """
    typed = OverridesParser.create().parse_overrides(list(overrides))
    return [str(one.input_line) for one in typed if _is_shorter_than_a_step(one.value())]


def _is_shorter_than_a_step(value: Any) -> bool:
    if not isinstance(value, RangeSweep):
        return False
    start, stop, step = _ends(value)
    return step == 1 and 0 < stop - start < 1


def _size(override: Override) -> int:
    """Count the values of an override; those of a range, which may be any number, by its ends."""
    if not override.is_discrete_sweep():
        return 1
    swept: Any = override.value()
    if isinstance(swept, RangeSweep):
        start, stop, step = _ends(swept)
        return max(0, math.ceil((stop - start) / step))
    return sum(1 for _ in override.sweep_string_iterator())


def _ends(swept: RangeSweep) -> tuple[Decimal, Decimal, Decimal]:
    numbers = swept.range()
    start, stop, step = (
        Decimal(str(number)) for number in (numbers.start, numbers.stop, numbers.step)
    )
    return start, stop, step


def config_groups() -> list[str]:
    """Return the names of the groups of the configuration that is in use."""
    return GlobalHydra.instance().config_loader().list_groups("")


def kept_while_hydra_is(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """Keep a function's results for as long as Hydra reads the same directories.

    Parameters
    ----------
    function : callable
        Of hashable positional arguments; what it composes depends on Hydra's loader too.

    Returns
    -------
    callable
    """
    kept: WeakKeyDictionary[Any, dict[tuple[Hashable, ...], Result]] = WeakKeyDictionary()

    @wraps(function)
    def known(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        results = kept.setdefault(GlobalHydra.instance().config_loader(), {})
        asked = (*args, *kwargs.items())
        if asked not in results:
            results[asked] = function(*args, **kwargs)
        return results[asked]

    return known


def launcher_of(
    *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig
) -> Launcher:
    """Make the launcher that a configuration names."""
    return Plugins.instance().instantiate_launcher(
        hydra_context=hydra_context, task_function=task_function, config=config
    )


def check_when_composed(check: Callable[[DictConfig], None]) -> None:
    """Have every configuration that Hydra composes checked first; once more is nothing."""
    load = ConfigLoaderImpl.load_configuration
    if hasattr(load, "__wrapped__"):
        return

    @wraps(load)
    def loaded(*args: Any, **kwargs: Any) -> DictConfig:
        config = load(*args, **kwargs)
        check(config)
        return config

    ConfigLoaderImpl.load_configuration = loaded  # type: ignore[method-assign]


def register_plugin(plugin: type[Sweeper], target: str) -> None:
    """Let a sweeper be named by a ``_target_`` of its own."""
    plugins: Any = Plugins.instance()
    plugins.register(plugin)
    plugins.class_name_to_class[target] = plugin
