"""Run a list of metric functions on the pixels of one point."""

from __future__ import annotations

import importlib.util
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hstdriz_study.contracts import MeasureContext, Metric, MetricEntry, PointPixels
from hstdriz_study.contracts.metric_entry import entries_given
from hstdriz_study.errors import (
    ConfigError,
    MetricUnavailableError,
    StudyError,
    first_line,
    trouble_of_the_disk,
)
from hstdriz_study.named import named

# MLflow refuses other signs, and names that are no plain path
_NAME = re.compile(r"\w[\w.: -]*(/\w[\w.: -]*)*")

MetricFunction = Callable[[PointPixels, MeasureContext], dict[str, Metric]]


@dataclass(frozen=True)
class Measurement:
    """What was measured at one point, and what could not be.

    ``entries`` holds what functions of the user's own say of their metrics.
    """

    metrics: dict[str, Metric]
    warnings: tuple[str, ...] = ()
    entries: dict[str, MetricEntry] = field(default_factory=dict)


def measure(
    point: PointPixels, context: MeasureContext, functions: Sequence[MetricFunction]
) -> Measurement:
    """Measure one point.

    Parameters
    ----------
    point : `~hstdriz_study.contracts.PointPixels`
    context : `~hstdriz_study.contracts.MeasureContext`
    functions : sequence of callable
        Each takes the point and the context and returns metrics by name. One
        that raises `~hstdriz_study.errors.MetricUnavailableError` leaves a
        warning in place of its metrics. What it says of them
        (`~hstdriz_study.contracts.gives`) goes with them.

    Returns
    -------
    measurement : `Measurement`

    Raises
    ------
    ConfigError
        If two functions give a metric of the same name, or one gives what is
        no metric, or one of the user's own raises.
    """
    metrics: dict[str, Metric] = {}
    entries: dict[str, MetricEntry] = {}
    warnings: list[str] = []
    for function in functions:
        given = entries_given(function)
        try:
            measured = _checked(_called(function, point, context), given, _words(function))
        except MetricUnavailableError as error:
            warnings.append(str(error))
            continue
        repeated = sorted(metrics.keys() & measured.keys())
        if repeated:
            raise ConfigError(
                f"measure.metrics: {_words(function)} gives {repeated[0]!r} a second time; "
                "rename it or drop one of the functions"
            )
        metrics |= measured
        entries |= {name: entry for name, entry in given.items() if name in measured}
    return Measurement(metrics, tuple(dict.fromkeys(warnings)), entries)


def _called(function: MetricFunction, point: PointPixels, context: MeasureContext) -> Any:
    """Call a function; what one of the user's own raises is no defect of this program."""
    try:
        return function(point, context)
    except (Exception, SystemExit) as error:
        ours = function.__module__.partition(".")[0] == __name__.partition(".")[0]
        if ours or isinstance(error, StudyError) or trouble_of_the_disk(error):
            raise
        raise ConfigError(
            f"{_words(function)} raises {type(error).__name__}: {first_line(error)}"
            f"{_line(function, error)}; mend it"
        ) from error


def _line(function: MetricFunction, error: BaseException) -> str:
    """Return the last line of the function's own file that an error came through."""
    file = getattr(sys.modules.get(function.__module__), "__file__", None)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename == file:
            return f" ({file}, line {frame.lineno})"
    return ""


def _checked(measured: Any, given: dict[str, MetricEntry], words: str) -> dict[str, Metric]:
    """Take what a function returned, which anybody may have written."""
    if not isinstance(measured, dict):
        raise ConfigError(
            f"{words} returns {type(measured).__name__}; return metrics by name, such as "
            "{'own/peak': Metric(value, err)}"
        )
    for name, metric in measured.items():
        if not isinstance(metric, Metric):
            raise ConfigError(
                f"{words} gives {type(metric).__name__} as {name!r}; give Metric(value, err)"
            )
        if not _NAME.fullmatch(str(name)):
            raise ConfigError(
                f"{words} gives a metric named {name!r}; name it group/name, of letters, digits, "
                "spaces and . _ - :"
            )
    if given and measured and given.keys().isdisjoint(measured):
        raise ConfigError(
            f"{words} gives {', '.join(measured)}, and its entry (@gives) is of "
            f"{', '.join(given)}; give both one name"
        )
    return {name: _in_unit(one, given.get(name), words) for name, one in measured.items()}


def _in_unit(metric: Metric, entry: MetricEntry | None, words: str) -> Metric:
    """Give a metric the unit of its entry."""
    if entry is None or metric.unit == entry.unit:
        return metric
    if metric.unit:
        raise ConfigError(
            f"{words} gives {entry.name} in {metric.unit!r} and its entry says {entry.unit!r}; "
            "say it in the entry alone"
        )
    return replace(metric, unit=entry.unit)


def _words(function: MetricFunction) -> str:
    return f"{function.__module__}.{getattr(function, '__qualname__', function)}"


OF_INJECTED_STARS = (
    "hstdriz_study.measure.injected.measure_injected_psf",
    "hstdriz_study.measure.injected.measure_completeness",
)


def resolve_metrics(
    names: Sequence[str], own: Sequence[str] = (), *, injected: bool = False
) -> list[MetricFunction]:
    """Import the functions that ``measure.metrics`` and ``measure.own_metrics`` name.

    Parameters
    ----------
    names : sequence of str
        Dotted names, ``package.module.function``.
    own : sequence of str, optional
        The same of what is measured besides.
    injected : bool, optional
        Whether there are artificial stars, which have metrics of their own.

    Raises
    ------
    ConfigError
        If a name cannot be imported or is not a function.
    """
    keys = dict.fromkeys(own, "measure.own_metrics") | dict.fromkeys(names, "measure.metrics")
    every = dict.fromkeys([*names, *own, *(OF_INJECTED_STARS if injected else ())])
    return [_resolve(name, keys.get(name, "measure.inject_stars")) for name in every]


def _resolve(name: str, key: str) -> MetricFunction:
    function = named(name, key, "package.module.function")
    if not callable(function):
        module_name, _, function_name = name.rpartition(".")
        raise ConfigError(
            f"{key}: module {module_name!r} has no function {function_name!r}; mend the name"
        )
    resolved: MetricFunction = function
    return resolved


def foreign_modules(names: Sequence[str]) -> dict[str, Path]:
    """Return the files of the modules of metrics that are not of this package.

    Parameters
    ----------
    names : sequence of str
        Dotted names, as in `resolve_metrics`; a module that is not there is left out.
    """
    modules = {name.rpartition(".")[0] for name in names}
    ours = __name__.partition(".")[0]
    found = {}
    for module in sorted(one for one in modules if one.partition(".")[0] != ours):
        try:
            spec = importlib.util.find_spec(module)
        except (ImportError, ValueError):
            continue
        if spec is not None and spec.origin is not None and Path(spec.origin).is_file():
            found[module] = Path(spec.origin)
    return found
