"""From the configuration of a filter to the record of its detector, and to what simulates it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.optics.detectors import detector_of
from hstdriz_study.simulate.bands import band_of

if TYPE_CHECKING:
    from hstdriz_study.optics.detector import Detector
    from hstdriz_study.simulate.bands import Band
    from hstdriz_study.study.config.schema import FilterConfig


def filter_detector(of_filter: FilterConfig) -> Detector:
    """Return the record of a filter's detector.

    Raises
    ------
    StudyError
        As `~hstdriz_study.optics.detectors.detector_of`.
    """
    return detector_of(of_filter.instrument, of_filter.detector, of_filter.record)


def simulated_band(of_filter: FilterConfig) -> Band:
    """Return what is simulated of a filter.

    Raises
    ------
    StudyError
        If there is no record of its detector, or the record has no such filter.
    """
    return band_of(of_filter.name, filter_detector(of_filter))
