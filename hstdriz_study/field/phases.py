"""One point again at other sub-pixel phases of its output grid.

Where the output pixels fall relative to the dithers is an accident of the pointing, and
moves the metrics of a small dither; how much is measured, not guessed.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.measure import measure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hstdriz_study.contracts import DrizzleSettings, MeasureContext, Metric, PointPixels
    from hstdriz_study.measure import MetricFunction


def grid_phases(per_axis: int, start: tuple[float, float]) -> list[tuple[float, float]]:
    """Return evenly spaced phases of the output grid, in output pixels, ``start`` first."""
    steps = [step / per_axis for step in range(per_axis)]
    return [(start[0] + dx, start[1] + dy) for dx, dy in itertools.product(steps, steps)]


def with_phases(
    metrics: dict[str, Metric],
    others: Sequence[DrizzleSettings],
    pixels_of: Callable[[DrizzleSettings], PointPixels],
    context: MeasureContext,
    functions: Sequence[MetricFunction],
) -> dict[str, Metric]:
    """Measure a point at the other phases of its grid and add the values.

    Parameters
    ----------
    metrics : dict of str to `~hstdriz_study.contracts.Metric`
        Of the point at its own phase.
    others : sequence of `~hstdriz_study.contracts.DrizzleSettings`
        The point at each other phase.
    pixels_of : callable
        Drizzles one of them.
    context : `~hstdriz_study.contracts.MeasureContext`
        Without resamples the other phases cost little beside drizzling.
    functions : sequence of callable
        What `metrics` were measured with.

    Returns
    -------
    dict of str to `~hstdriz_study.contracts.Metric`
        The same, ``phases`` filled in; nan where a phase lacks a metric.
    """
    if not others:
        return metrics
    values: dict[str, list[float]] = {name: [metric.value] for name, metric in metrics.items()}
    for settings in others:
        measured = measure(pixels_of(settings), replace(context, n_bootstrap=0), functions).metrics
        for name, found in values.items():
            found.append(measured[name].value if name in measured else math.nan)
    return {
        name: replace(metric, phases=np.array(values[name])) for name, metric in metrics.items()
    }
