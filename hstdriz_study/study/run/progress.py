"""From the points that are done to a line that says so, and when the rest will be."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from hstdriz_study.contracts.metric_table import FWHM, RMS_OVER_MEDIAN
from hstdriz_study.progress import Part

if TYPE_CHECKING:
    from hstdriz_study.contracts import PointRecord

log = logging.getLogger(__name__)


class Progress:
    """Counts the points of one job.

    Parameters
    ----------
    n_study : int
        Points of the study.
    n_job : int
        Points of this job that are run.
    """

    def __init__(self, n_study: int, n_job: int) -> None:
        self._n_study = n_study
        self._left = self._n_job = n_job
        self._started = time.monotonic()
        if n_job:
            log.info(Part("points", 0, n_job))

    def show_earlier(self, number: int, record: PointRecord) -> None:
        """Say that a point need not be run again; `number` counts from 0."""
        log.info("[%d/%d] %s, done before", number + 1, self._n_study, describe(record))

    def show(self, number: int, record: PointRecord) -> None:
        """Say what a point gave that has just ended."""
        self._left -= 1
        elapsed_s = time.monotonic() - self._started
        left_s = elapsed_s / (self._n_job - self._left) * self._left
        to_go = f", {self._left} left, {left_s:.0f} s to go" if self._left else ""
        log.info("[%d/%d] %s%s", number + 1, self._n_study, describe(record), to_go)
        log.info(Part("points", self._n_job - self._left, self._n_job))


def describe(record: PointRecord) -> str:
    """Say in one line what a point gave."""
    scale, pixfrac = record.settings.final_scale_arcsec, record.settings.final_pixfrac
    head = record.filter
    head += f' {scale:.4g}"' if scale else " default scale"
    head += f" pixfrac {pixfrac:g}" if pixfrac else " default pixfrac"
    if record.status != "FINISHED":
        return f"{head}: {record.status}"
    shown = []
    fwhm = record.metrics.get(FWHM.name)
    if fwhm:
        shown.append(f'{FWHM.phrase} {FWHM.text(fwhm.value)}" ± {FWHM.text(fwhm.err)}"')
    uniformity = record.metrics.get(RMS_OVER_MEDIAN.name)
    if uniformity:
        shown.append(f"{RMS_OVER_MEDIAN.phrase} {RMS_OVER_MEDIAN.text(uniformity.value)}")
    shown.append(f"{sum(record.timing_s.values()):.1f} s")
    return f"{head}: {', '.join(shown)}"
