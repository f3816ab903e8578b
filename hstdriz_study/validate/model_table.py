"""A table of points without noise, and the same table as other stars and other sky would give it.

The noiseless FWHM and depth are those of the surfaces over the measured points, where they hold,
and the measured values elsewhere; RMS/median and holes are exact where the boxes are the whole
region, as on the simulated subarrays. The noise is the measured one: a bootstrap resample is the
same at every point, so that its deviation from the mean of the resamples, added to the
noiseless table, has the noise that points share and that which they do not. These are no other
fields: how well a bootstrap stands for them is what the coverage of errors is about.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.choose.points import (
    DEPTH,
    FWHM,
    PIXELS_PER_FWHM,
    RMS_OVER_MEDIAN,
    metric_of,
    settings_of,
)
from hstdriz_study.choose.surface import surface_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose import ChoiceSettings
    from hstdriz_study.choose.surface import Surface
    from hstdriz_study.contracts import Metric, PointRecord

NOISY = (FWHM, DEPTH, RMS_OVER_MEDIAN)


@dataclass(frozen=True)
class ModelTable:
    """Points with their noiseless values and the scatter of their resamples.

    Attributes
    ----------
    records : tuple of `~hstdriz_study.contracts.PointRecord`
        The replicates have the noiseless value as their mean.
    """

    records: tuple[PointRecord, ...]

    @classmethod
    def of(cls, measured: Sequence[PointRecord], settings: ChoiceSettings) -> ModelTable:
        """Take the noise off measured points."""
        surfaces = {
            name: surface
            for name in (FWHM, DEPTH)
            if (surface := surface_of(name, measured, measured[0], settings)) is not None
        }
        return cls(tuple(_without_noise(record, surfaces) for record in measured))

    @property
    def n_tables(self) -> int:
        """How many noisy tables there are: the number of resamples that all metrics have."""
        metrics = [metric_of(record, name) for record in self.records for name in NOISY]
        return min(len(m.replicates) for m in metrics if m.replicates is not None)

    def noiseless(self) -> list[PointRecord]:
        """Return the table that has no errors."""
        return [
            replace(
                record,
                metrics={
                    name: replace(metric, err=0.0, replicates=None)
                    for name, metric in record.metrics.items()
                },
            )
            for record in self.records
        ]

    def noisy(self, number: int) -> list[PointRecord]:
        """Return the table as it is measured on one resample, with the errors of all of them."""
        return [_on_resample(record, number) for record in self.records]


def _without_noise(record: PointRecord, surfaces: dict[str, Surface]) -> PointRecord:
    point = settings_of(record)
    place = (point.final_scale_arcsec, point.final_pixfrac)
    known = {name: surface.at(*place).value for name, surface in surfaces.items()}
    metrics = {
        name: _centred(metric, known.get(name, metric.value))
        for name, metric in record.metrics.items()
    }
    return _sampled(replace(record, metrics=metrics))


def _centred(metric: Metric, value: float) -> Metric:
    if metric.replicates is None:
        return replace(metric, value=value)
    return replace(
        metric, value=value, replicates=metric.replicates - np.nanmean(metric.replicates) + value
    )


def _on_resample(record: PointRecord, number: int) -> PointRecord:
    metrics = {
        name: replace(metric, value=float(metric.replicates[number]))
        for name in NOISY
        if (metric := metric_of(record, name)).replicates is not None
    }
    return _sampled(replace(record, metrics=record.metrics | metrics))


def _sampled(record: PointRecord) -> PointRecord:
    """Return a point with the pixels per FWHM that go with its FWHM."""
    sampling = metric_of(record, FWHM).value / settings_of(record).final_scale_arcsec
    changed = replace(metric_of(record, PIXELS_PER_FWHM), value=sampling, replicates=None)
    return replace(record, metrics=record.metrics | {PIXELS_PER_FWHM: changed})
