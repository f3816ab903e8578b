"""One point: drizzle, measure, record."""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.checks import check_metrics
from hstdriz_study.contracts import PointRecord
from hstdriz_study.drizzle.settings import settings_warnings
from hstdriz_study.errors import StudyError, trouble_of_the_disk
from hstdriz_study.study.config import drizzle_settings, point_options
from hstdriz_study.study.directory.layout import PointDirectory
from hstdriz_study.study.directory.record import write_record
from hstdriz_study.study.report import point_images
from hstdriz_study.study.run.identity import pixels_per_psf, provenance, record_without_result
from hstdriz_study.study.run.point_key import point_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from hstdriz_study.field import Field
    from hstdriz_study.study.config import StudyConfig

log = logging.getLogger(__name__)

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


@dataclass(frozen=True)
class StudyPoint:
    """One point of a study.

    Attributes
    ----------
    number : int
        Position in the sweep, from 0.
    config : `~hstdriz_study.study.config.StudyConfig`
    directory : `~hstdriz_study.study.directory.layout.PointDirectory`
    """

    number: int
    config: StudyConfig
    directory: PointDirectory


@dataclass(frozen=True)
class PointRunner:
    """Runs points, with what those of one study share.

    Attributes
    ----------
    fields : mapping of str to `~hstdriz_study.field.Field` or `StudyError`
        By filter; an error is why the filter could not be prepared.
    versions : mapping of str to str
        For the record.
    """

    fields: Mapping[str, Field | StudyError]
    versions: Mapping[str, str]

    def __call__(self, point: StudyPoint) -> PointRecord:
        """Run one point and leave its complete record.

        A point that fails is recorded with the reason and does not raise, so
        that the sweep goes on. One whose record cannot be written (a full
        disk) has failed, and leaves none.
        """
        try:
            point.directory.path.mkdir(parents=True, exist_ok=True)
            point.directory.log.unlink(missing_ok=True)  # of an earlier attempt
            with _log_kept(point.directory.log):
                record = self._recorded(point)
            write_record(record, point.directory)
        except OSError as error:
            reason = f"its record could not be written: {error.strerror or error}"
            return record_without_result(point.config, "FAILED", reason)
        return record

    def _recorded(self, point: StudyPoint) -> PointRecord:
        """Run the point; turn whatever goes wrong into a record of it."""
        try:
            return self._run(point, self._field(point.config.filter.name))
        except Exception as error:
            trouble = trouble_of_the_disk(error)
            if isinstance(error, StudyError) or trouble:
                reason = trouble or str(error)
                log.error("%s", reason)  # noqa: TRY400 - a sentence, not a defect
            else:
                reason = f"{type(error).__name__}: {error}"
                log.exception("the point failed")
            return record_without_result(point.config, "FAILED", reason)

    def _field(self, name: str) -> Field:
        field = self.fields[name]
        if isinstance(field, StudyError):
            raise field
        return field

    def _run(self, point: StudyPoint, field: Field) -> PointRecord:
        config, settings = point.config, drizzle_settings(point.config)
        measured = field.measure(settings, point_options(config), point.directory.path)
        started = time.perf_counter()
        images = point_images(measured.pixels, field.regions, point.directory.images)
        drawn_s = time.perf_counter() - started
        return PointRecord(
            key=point_key(config, settings, field.setup),
            status="FINISHED",
            filter=config.filter.name,
            settings=measured.pixels.settings,
            final_scale_asked=config.drizzle.final_scale,
            pixels_per_psf=pixels_per_psf(config, measured.pixels.settings),
            metrics=measured.metrics | check_metrics(field.checks),
            images={name: PointDirectory.relative_image(file) for name, file in images.items()},
            timing_s=measured.timing_s | {"images": drawn_s},
            warnings=(
                *field.warnings,
                *settings_warnings(settings, config.filter.native_scale_arcsec),
                *measured.warnings,
            ),
            provenance=provenance(config, settings, field.setup, self.versions),
            entries=measured.entries,
        )


@contextmanager
def _log_kept(path: Path) -> Iterator[None]:
    """Write what is logged meanwhile to a file as well."""
    handler = logging.FileHandler(path, mode="w", delay=True)
    handler.setFormatter(logging.Formatter(LOG_FORMAT))
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()
