"""What is measured, and what is kept of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from hstdriz_study.contracts.drizzled import DrizzleSettings
    from hstdriz_study.contracts.metric_entry import MetricEntry


@dataclass(frozen=True)
class Metric:
    """A measured value with its 1-sigma uncertainty.

    ``replicates`` holds the value on each bootstrap resample. The resamples
    are the same at every point of a study, so that the difference of two
    points has the standard deviation of the difference of their replicates.

    ``phases`` holds the value at each sub-pixel phase of the output grid, where
    the study measured them; the first is the phase of the point itself.
    """

    value: float
    err: float
    unit: str = ""
    replicates: np.ndarray | None = field(default=None, repr=False)
    phases: np.ndarray | None = field(default=None, repr=False)

    @property
    def phase_std(self) -> float:
        """Standard deviation over the phases of the grid; nan when there is one phase."""
        if self.phases is None or len(self.phases) < 2:  # noqa: PLR2004
            return math.nan
        return float(np.std(self.phases, ddof=1))


@dataclass(frozen=True)
class PointRecord:
    """The complete record of one point; what MLflow shows is a view of it.

    Attributes
    ----------
    key : str
        Identifies settings, inputs and code: the same key means the same
        numbers.
    status : str
        ``FINISHED``, ``FAILED`` or ``SKIPPED``.
    filter : str
    settings : `~hstdriz_study.contracts.DrizzleSettings`
        As they were carried out; of a point without a result, as they were asked for.
    metrics : dict of str to `Metric`
    images : dict of str to str
        Image name to path, relative to the record's directory.
    timing_s : dict of str to float
        Wall seconds of each stage.
    warnings : tuple of str
    error : str or None
        The reason when the point failed.
    provenance : dict
        Data set, checksums, reference files and package versions.
    final_scale_asked : float, str or None
        What ``drizzle.final_scale`` said.
    pixels_per_psf : float or None
        Of the handbook's PSF; None where the scale is not known.
    entries : dict of str to `~hstdriz_study.contracts.MetricEntry`
        What metric functions of the user's own say of their metrics.
    """

    key: str
    status: str
    filter: str
    settings: DrizzleSettings
    metrics: dict[str, Metric] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)
    timing_s: dict[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    error: str | None = None
    provenance: dict[str, Any] = field(default_factory=dict)
    final_scale_asked: float | str | None = None
    pixels_per_psf: float | None = None
    entries: dict[str, MetricEntry] = field(default_factory=dict)
