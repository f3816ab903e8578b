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

from hstdriz_study.config import metric_functions
from hstdriz_study.measure import measure
from hstdriz_study.study.pixels import point_pixels

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.config import StudyConfig
    from hstdriz_study.contracts import DrizzleSettings, MeasureContext, Metric
    from hstdriz_study.study.filter_setup import FilterSetup


def grid_phases(per_axis: int, start: tuple[float, float]) -> list[tuple[float, float]]:
    """Return evenly spaced phases of the output grid, in output pixels, ``start`` first."""
    steps = [step / per_axis for step in range(per_axis)]
    return [(start[0] + dx, start[1] + dy) for dx, dy in itertools.product(steps, steps)]


def with_phases(
    metrics: dict[str, Metric],
    point: tuple[StudyConfig, DrizzleSettings],
    setup: FilterSetup,
    context: MeasureContext,
    point_dir: Path,
) -> dict[str, Metric]:
    """Measure the point at every phase of ``measure.grid_phases`` and add the values.

    Parameters
    ----------
    metrics : dict of str to `~hstdriz_study.contracts.Metric`
        Of the point at its own phase.
    point : tuple
        Its configuration and settings.
    setup : `~hstdriz_study.study.filter_setup.FilterSetup`
    context : `~hstdriz_study.contracts.MeasureContext`
        Without resamples the other phases cost little beside drizzling.
    point_dir : `~pathlib.Path`
        Receives AstroDrizzle's log.

    Returns
    -------
    dict of str to `~hstdriz_study.contracts.Metric`
        The same, ``phases`` filled in; nan where a phase lacks a metric.
    """
    config, settings = point
    others = grid_phases(config.measure.grid_phases, settings.grid_phase)[1:]
    if not others:
        return metrics
    functions = metric_functions(config.measure, injected=setup.injected is not None)
    values: dict[str, list[float]] = {name: [metric.value] for name, metric in metrics.items()}
    for phase in others:
        pixels = point_pixels(config, setup, replace(settings, grid_phase=phase), point_dir)
        measured = measure(pixels, replace(context, n_bootstrap=0), functions).metrics
        for name, found in values.items():
            found.append(measured[name].value if name in measured else math.nan)
    return {
        name: replace(metric, phases=np.array(values[name])) for name, metric in metrics.items()
    }
