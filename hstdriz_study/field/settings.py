"""What a field and its points are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.errors import DatasetError
from hstdriz_study.optics.detectors import detector_of

if TYPE_CHECKING:
    from hstdriz_study.checks import CheckLimits
    from hstdriz_study.contracts import DrizzleSettings, MeasureGeometry
    from hstdriz_study.dataset import DatasetSettings
    from hstdriz_study.inject.settings import InjectSettings
    from hstdriz_study.measure import MetricFunction
    from hstdriz_study.measure.settings import RegionSettings
    from hstdriz_study.optics.detector import Detector
    from hstdriz_study.predict import SketchSettings
    from hstdriz_study.prepare import PrepareSettings


@dataclass(frozen=True)
class FieldOptions:
    """What all points of a field share.

    Attributes
    ----------
    dataset : `~hstdriz_study.dataset.DatasetSettings`
        Which exposures.
    prepare : `~hstdriz_study.prepare.PrepareSettings`
        How they are prepared, and where all that is made of them is kept.
    native : `~hstdriz_study.contracts.DrizzleSettings`
        Of the product at the detector's own scale, on which stars and boxes are chosen.
    geometry : `~hstdriz_study.contracts.MeasureGeometry`
    regions : `~hstdriz_study.measure.settings.RegionSettings`
    inject : `~hstdriz_study.inject.settings.InjectSettings`
    checks : `~hstdriz_study.checks.CheckLimits`
    sketch : `~hstdriz_study.predict.SketchSettings`
        For predictions from exposures that are not prepared.
    detector_record : str or None
        Dotted name of the record of a detector of one's own.
    """

    dataset: DatasetSettings
    prepare: PrepareSettings
    native: DrizzleSettings
    geometry: MeasureGeometry
    regions: RegionSettings
    inject: InjectSettings
    checks: CheckLimits
    sketch: SketchSettings
    detector_record: str | None

    @property
    def name(self) -> str:
        """Name of the filter."""
        return self.dataset.wanted.name

    @property
    def detector(self) -> Detector:
        """The record of the detector; raises as `~hstdriz_study.optics.detectors.detector_of`."""
        wanted = self.dataset.wanted
        return detector_of(wanted.instrument, wanted.detector, self.detector_record)

    @property
    def known_detector(self) -> Detector | None:
        """The record of the detector; None where there is none."""
        try:
            return self.detector
        except DatasetError:
            return None


@dataclass(frozen=True)
class PointOptions:
    """How a point is drizzled and measured, whatever its settings.

    Attributes
    ----------
    engine : str
        ``fast``, ``frame`` or ``astrodrizzle``.
    metrics : tuple of callable
        As `~hstdriz_study.measure.measure` takes them; those of artificial stars are added
        where there are some.
    n_bootstrap : int
        Resamples behind every error.
    grid_phases : int
        Sub-pixel phases of the output grid along each axis; 1: that of the settings alone.
    """

    engine: str
    metrics: tuple[MetricFunction, ...]
    n_bootstrap: int
    grid_phases: int
