"""From the exposures of one filter and options to everything that is measured on them."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hstdriz_study.checks import check_warnings
from hstdriz_study.contracts import WeightBoxes, as_warning
from hstdriz_study.dataset import dataset_warnings, load_exposures
from hstdriz_study.field.belonging import NEEDED as COMPARING_NEEDS
from hstdriz_study.field.belonging import belonging, belonging_levels, lacking, looked_at
from hstdriz_study.field.elsewhere import refuse_elsewhere
from hstdriz_study.field.inspection import NEEDED as INSPECTING_NEEDS
from hstdriz_study.field.inspection import inspected
from hstdriz_study.field.setup import FieldSetup
from hstdriz_study.json_files import read_json
from hstdriz_study.keys.stage import IDENTITY_NAME
from hstdriz_study.prepare import prepare_filter, replaced_solutions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hstdriz_study.checks import ExposureChecks, SideBySide
    from hstdriz_study.contracts import (
        Drizzled,
        DrizzleSettings,
        Finding,
        MeasureContext,
        PointPixels,
        PreparedFilter,
        StudyRegions,
    )
    from hstdriz_study.dataset import FilterExposures
    from hstdriz_study.field.drizzled_psf import DrizzledPsf
    from hstdriz_study.field.injection import Injection
    from hstdriz_study.field.inspection import Inspection
    from hstdriz_study.field.measuring import MeasuredPoint
    from hstdriz_study.field.settings import FieldOptions, PointOptions
    from hstdriz_study.predict import PredictedWeight


class Field:
    """The exposures of one filter, and the road from them to metrics.

    Nothing is done before it is asked for, and nothing twice: what is prepared and chosen is
    kept in memory and, for others, in ``options.prepare.cache_dir``.

    Parameters
    ----------
    options : `~hstdriz_study.field.settings.FieldOptions`
    ahead : sequence of str, optional
        Modules that whoever asks needs next: they are imported while other processes work.

    Examples
    --------
    The options of a study, in a notebook, and the FWHM at another scale::

        config = shipped_config("filter=f160w", "dataset=synthetic")
        field, how = Field(field_options(config)), point_options(config)
        settings = replace(drizzle_settings(config), final_scale_arcsec=0.08)
        field.measure(settings, how).metrics["psf/fwhm_arcsec"].value
    """

    def __init__(self, options: FieldOptions, ahead: Sequence[str] = ()) -> None:
        self.options = options
        self._ahead = ahead

    @classmethod
    def stored(
        cls,
        options: FieldOptions,
        setup: FieldSetup,
        checks: ExposureChecks,
        warnings: tuple[str, ...],
    ) -> Field:
        """Return a field whose parts were made before and are taken as they are."""
        field, regions = cls(options), setup.regions
        field.setup, field.checks, field.warnings = setup, checks, warnings
        field.prepared, field.reference_dirs = setup.prepared, setup.reference_dirs
        field.weight_boxes = WeightBoxes(regions.weight_boxes, regions.weight_box_arcsec)
        return field

    @property
    def name(self) -> str:
        """Name of the filter."""
        return self.options.name

    @cached_property
    def exposures(self) -> FilterExposures:
        """The user's exposures, or simulated ones; raises `DatasetError`."""
        return load_exposures(self.options.dataset)

    @cached_property
    def exposure_warnings(self) -> tuple[str, ...]:
        """What a reader must know of the exposures as they are."""
        return dataset_warnings(self.options.dataset, self.exposures)

    @cached_property
    def reference_dirs(self) -> Mapping[str, Path]:
        """Directories of calibration files by ``jref`` and ``iref``."""
        return self.exposures.reference_dirs

    @cached_property
    def prepared(self) -> PreparedFilter:
        """The exposures after all that does not depend on the output grid.

        Raises as `~hstdriz_study.prepare.prepare_filter`, and
        `~hstdriz_study.field.elsewhere.refuse_elsewhere`.
        """
        _ = self.level_findings  # nothing is prepared that cannot be used
        refuse_elsewhere(self.exposures, self.options)
        ahead = (*COMPARING_NEEDS, *INSPECTING_NEEDS)
        return prepare_filter(self.options.prepare, self.exposures, ahead)

    @cached_property
    def level_findings(self) -> tuple[Finding, ...]:
        """What is accepted or told of sky, noise and flags, before anything is prepared.

        Raises as `~hstdriz_study.field.belonging.belonging_levels`.
        """
        return belonging_levels(self.exposures, self.options)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is accepted or told of exposures whose stars are not like the others'.

        Raises as `~hstdriz_study.field.belonging.belonging`.
        """
        return belonging(self.prepared, self.options)

    @cached_property
    def side_by_side(self) -> SideBySide:
        """What the prepared exposures show by themselves and of the stars that they share."""
        return looked_at(self.prepared, self.options)

    @cached_property
    def inspection(self) -> Inspection:
        """What the native-scale product shows, without artificial stars."""
        _ = self.findings  # nothing is drizzled from exposures that do not belong
        return inspected(self.prepared, self.options, self.reference_dirs, self._ahead)

    @cached_property
    def checks(self) -> ExposureChecks:
        """What can spoil a choice."""
        return self.inspection.checks

    @cached_property
    def _injection(self) -> tuple[Injection | None, tuple[str, ...]]:
        if not self.options.inject.inject_stars:
            return None, ()
        # here and below, because who finds all in the cache neither drizzles nor measures
        from hstdriz_study.field.injection import inject_stars

        own = self.inspection.regions
        return inject_stars(self.prepared, own, self.options, self.reference_dirs)

    @cached_property
    def setup(self) -> FieldSetup:
        """Where every point starts from."""
        own, (injection, _) = self.inspection, self._injection
        entries = {"prepared": self.prepared.directory, "regions": own.directory}
        setup = FieldSetup(self.prepared, own.regions, self.reference_dirs, _stages(entries))
        if injection is None:
            return setup
        from hstdriz_study.field.injection import with_injected

        entries["injected"] = injection.exposures.directory
        return replace(
            setup,
            regions=with_injected(own.regions, injection.stars, self.options.regions.min_stars),
            stages=_stages(entries),
            injected=injection.exposures,
        )

    @property
    def regions(self) -> StudyRegions:
        """Where every point is measured."""
        return self.setup.regions

    @property
    def injected(self) -> PreparedFilter | None:
        """Copies of the exposures with artificial stars, where there are some."""
        return self.setup.injected

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know of the exposures, stars and boxes."""
        native_arcsec = self.options.geometry.native_scale_arcsec
        return (
            *self.exposure_warnings,
            *map(as_warning, self.level_findings),
            *self.prepared.warnings,
            *map(as_warning, self.findings),
            *map(as_warning, lacking(self.prepared, self.inspection.regions, self.options)),
            *self.inspection.regions.warnings,
            *check_warnings(self.checks, self.options.checks, native_arcsec),
            *replaced_solutions(self.options.prepare, self.prepared.inputs),
            *self._injection[1],
        )

    @cached_property
    def weight_boxes(self) -> WeightBoxes:
        """Where the weight map is measured; no star is chosen for it."""
        from hstdriz_study.field.foreseen import boxes_of

        return boxes_of(self.prepared, self.options)

    def image(
        self, settings: DrizzleSettings, engine: str, log_dir: Path | None = None
    ) -> Drizzled:
        """Drizzle a whole image.

        Parameters
        ----------
        settings : `~hstdriz_study.contracts.DrizzleSettings`
        engine : str
            ``frame`` (the fast engine) or ``astrodrizzle``.
        log_dir : `~pathlib.Path`, optional
            Receives AstroDrizzle's log; the cache directory when it is left out.

        Raises
        ------
        DrizzleError
            If it cannot be drizzled.
        """
        from hstdriz_study.field.whole_image import IMAGES

        run = IMAGES[engine]
        return run(self.prepared, settings, self.reference_dirs, self._log_dir(log_dir))

    def pixels(
        self, settings: DrizzleSettings, engine: str, log_dir: Path | None = None
    ) -> PointPixels:
        """Drizzle what is measured at one point; as `image`, or with the engine ``fast``."""
        from hstdriz_study.field.pixels import point_pixels

        return point_pixels(self.setup, settings, engine, self._log_dir(log_dir))

    def context(self, n_bootstrap: int) -> MeasureContext:
        """Return what the metrics of every point share."""
        from hstdriz_study.field.measuring import measure_context

        return measure_context(self.setup, self.options.regions, n_bootstrap)

    def measure(
        self, settings: DrizzleSettings, options: PointOptions, log_dir: Path | None = None
    ) -> MeasuredPoint:
        """Drizzle and measure one point.

        Parameters
        ----------
        settings : `~hstdriz_study.contracts.DrizzleSettings`
        options : `~hstdriz_study.field.settings.PointOptions`
        log_dir : `~pathlib.Path`, optional
            As in `image`.

        Raises
        ------
        StudyError
            If the exposures cannot be used, the point cannot be drizzled or a metric has a fault.
        """
        from hstdriz_study.field.measuring import measured_point

        context = self.context(options.n_bootstrap)
        return measured_point(self.setup, settings, options, context, self._log_dir(log_dir))

    def psf(
        self, settings: DrizzleSettings, engine: str, log_dir: Path | None = None
    ) -> DrizzledPsf:
        """Drizzle the model PSF through the settings of a point; as `pixels`.

        Raises
        ------
        StudyError
            Also if there is no record of the detector.
        """
        # here, because most points need none
        from hstdriz_study.field.drizzled_psf import drizzled_psf

        detector = self.options.detector
        return drizzled_psf(self.setup, settings, engine, detector, self._log_dir(log_dir))

    def predict_weights(
        self, settings: Sequence[DrizzleSettings], n_processes: int
    ) -> list[PredictedWeight]:
        """Predict weight maps from the prepared exposures, with their real flags and shifts.

        Raises as `~hstdriz_study.predict.predict_weights`.
        """
        # here as above and below: most studies foresee nothing
        from hstdriz_study.field.foreseen import predict_prepared

        return predict_prepared(
            self.prepared, self.reference_dirs, self.weight_boxes, settings, n_processes
        )

    def predict_weights_unprepared(
        self, settings: Sequence[DrizzleSettings], n_processes: int
    ) -> list[PredictedWeight]:
        """Predict weight maps from the exposures as they are; nothing is prepared.

        An allowance stands in for cosmic rays. Raises as `~hstdriz_study.predict.sketch_filter`
        and `~hstdriz_study.predict.predict_weights`.
        """
        from hstdriz_study.field.foreseen import predict_raw

        return predict_raw(self.exposures, self.options, settings, n_processes)

    def _log_dir(self, asked: Path | None) -> Path:
        return self.options.prepare.cache_dir if asked is None else asked


def _stages(entries: Mapping[str, Path]) -> dict[str, dict[str, Any]]:
    """Read the parts of the keys of what is cached."""
    return {name: read_json(entry / IDENTITY_NAME) for name, entry in entries.items()}
