"""Run a list of metric functions on the pixels of one point."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hstdriz_study.cache import file_checksum
from hstdriz_study.contracts import MeasureContext, Metric, PointPixels
from hstdriz_study.errors import ConfigError, MetricUnavailableError
from hstdriz_study.named import named

# MLflow refuses other signs, and names that are no plain path
_NAME = re.compile(r"\w[\w.: -]*(/\w[\w.: -]*)*")

MetricFunction = Callable[[PointPixels, MeasureContext], dict[str, Metric]]


@dataclass(frozen=True)
class Measurement:
    """What was measured at one point, and what could not be."""

    metrics: dict[str, Metric]
    warnings: tuple[str, ...] = ()


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
        warning in place of its metrics.

    Returns
    -------
    measurement : `Measurement`

    Raises
    ------
    ConfigError
        If two functions give a metric of the same name, or one a name that
        MLflow would not take.
    """
    metrics: dict[str, Metric] = {}
    warnings: list[str] = []
    for function in functions:
        try:
            measured = function(point, context)
        except MetricUnavailableError as error:
            warnings.append(str(error))
            continue
        _check_names(function, measured)
        repeated = sorted(metrics.keys() & measured.keys())
        if repeated:
            raise ConfigError(
                f"measure.metrics: {function.__module__}.{function.__qualname__} gives "
                f"{repeated[0]!r} a second time; rename it or drop one of the functions"
            )
        metrics |= measured
    return Measurement(metrics, tuple(dict.fromkeys(warnings)))


def _check_names(function: MetricFunction, measured: dict[str, Metric]) -> None:
    for name in measured:
        if not _NAME.fullmatch(name):
            raise ConfigError(
                f"measure.metrics: {function.__module__}.{function.__qualname__} gives a metric "
                f"named {name!r}; name it group/name, of letters, digits, spaces and . _ - :"
            )


_OF_INJECTED_STARS = (
    "hstdriz_study.measure.injected.measure_injected_psf",
    "hstdriz_study.measure.injected.measure_completeness",
)


def resolve_metrics(names: Sequence[str], *, injected: bool = False) -> list[MetricFunction]:
    """Import the functions that ``measure.metrics`` names.

    Parameters
    ----------
    names : sequence of str
        Dotted names, ``package.module.function``.
    injected : bool, optional
        Whether there are artificial stars, which have metrics of their own.

    Raises
    ------
    ConfigError
        If a name cannot be imported or is not a function.
    """
    every = (*names, *_OF_INJECTED_STARS) if injected else names
    return [_resolve(name) for name in dict.fromkeys(every)]


def _resolve(name: str) -> MetricFunction:
    function = named(name, "measure.metrics", "package.module.function")
    if not callable(function):
        module_name, _, function_name = name.rpartition(".")
        raise ConfigError(
            f"measure.metrics: module {module_name!r} has no function {function_name!r}; "
            "mend the name"
        )
    resolved: MetricFunction = function
    return resolved


def foreign_sources(names: Sequence[str]) -> dict[str, str]:
    """Return the checksums of the modules of metrics that are not of this package.

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
            found[module] = file_checksum(Path(spec.origin))
    return found
