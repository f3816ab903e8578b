"""From the setup of a field and the settings of one point to its metrics."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from hstdriz_study.contracts import MeasureContext
from hstdriz_study.field.phases import grid_phases, with_phases
from hstdriz_study.field.pixels import point_pixels
from hstdriz_study.measure import measure, resolve_metrics

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.contracts import DrizzleSettings, Metric, MetricEntry, PointPixels
    from hstdriz_study.field.settings import PointOptions
    from hstdriz_study.field.setup import FieldSetup
    from hstdriz_study.measure import MetricFunction
    from hstdriz_study.measure.settings import RegionSettings


@dataclass(frozen=True)
class MeasuredPoint:
    """One point of a field, drizzled and measured.

    Attributes
    ----------
    pixels : `~hstdriz_study.contracts.PointPixels`
        At the phase of the settings; their ``settings`` are as they were carried out.
    metrics : dict of str to `~hstdriz_study.contracts.Metric`
    warnings : tuple of str
        What could not be measured, and why.
    entries : dict of str to `~hstdriz_study.contracts.MetricEntry`
        What functions of the user's own say of their metrics.
    timing_s : dict of str to float
        Wall seconds of ``drizzle``, ``measure`` and ``phases``.
    """

    pixels: PointPixels
    metrics: dict[str, Metric]
    warnings: tuple[str, ...]
    entries: dict[str, MetricEntry]
    timing_s: dict[str, float]


def measured_point(
    setup: FieldSetup,
    settings: DrizzleSettings,
    options: PointOptions,
    context: MeasureContext,
    log_dir: Path,
) -> MeasuredPoint:
    """Drizzle one point and measure it.

    Parameters
    ----------
    setup : `~hstdriz_study.field.setup.FieldSetup`
    settings : `~hstdriz_study.contracts.DrizzleSettings`
    options : `~hstdriz_study.field.settings.PointOptions`
    context : `~hstdriz_study.contracts.MeasureContext`
        As `measure_context` gives it.
    log_dir : `~pathlib.Path`
        Receives AstroDrizzle's log.

    Raises
    ------
    StudyError
        If the point cannot be drizzled, or a metric has a fault.
    """
    pixels_of = partial(_pixels, setup, options.engine, log_dir)
    started = time.perf_counter()
    pixels = pixels_of(settings)
    drizzled = time.perf_counter()
    functions = _functions(options, setup)
    measured = measure(pixels, context, functions)
    done = time.perf_counter()
    phases = grid_phases(options.grid_phases, settings.grid_phase)[1:]
    others = [replace(settings, grid_phase=phase) for phase in phases]
    metrics = with_phases(measured.metrics, others, pixels_of, context, functions)
    ended = time.perf_counter()
    timing_s = {"drizzle": drizzled - started, "measure": done - drizzled, "phases": ended - done}
    return MeasuredPoint(pixels, metrics, measured.warnings, measured.entries, timing_s)


def _pixels(
    setup: FieldSetup, engine: str, log_dir: Path, settings: DrizzleSettings
) -> PointPixels:
    return point_pixels(setup, settings, engine, log_dir)


def _functions(options: PointOptions, setup: FieldSetup) -> list[MetricFunction]:
    """Return what a point is measured with, artificial stars included where there are some."""
    asked = list(options.metrics)
    if setup.injected is not None:
        asked += [one for one in resolve_metrics((), injected=True) if one not in asked]
    return asked


def measure_context(
    setup: FieldSetup, settings: RegionSettings, n_bootstrap: int
) -> MeasureContext:
    """Return what the metrics of every point of a field share."""
    return MeasureContext(
        regions=setup.regions,
        zero_point_abmag=setup.prepared.zero_point_abmag,
        n_exposures=len(setup.prepared.exposures),
        min_stars=settings.min_stars,
        n_bootstrap=n_bootstrap,
        seed=settings.seed,
    )
