"""One point: drizzle, measure, record, track."""

from __future__ import annotations

import itertools
import logging
import math
import time
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from hstdriz_study import __version__
from hstdriz_study.cache import content_key
from hstdriz_study.config import handbook_psf_arcsec
from hstdriz_study.contracts import DrizzleSettings, MeasureContext, PointRecord
from hstdriz_study.drizzle import drizzle, drizzle_settings
from hstdriz_study.errors import StudyError, TrackingError
from hstdriz_study.measure import extract, measure, resolve_metrics
from hstdriz_study.record import (
    RECORD_NAME,
    STUDY_NAME,
    point_directories,
    read_json,
    read_record,
    write_record,
)
from hstdriz_study.report import point_images
from hstdriz_study.study.filter_setup import FilterSetup, load_setup
from hstdriz_study.study.ivm import ivm_files
from hstdriz_study.track import send_point

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.config import StudyConfig

log = logging.getLogger(__name__)

STOP_NAME = "stopped.txt"
LOG_NAME = "astrodrizzle.log"


def run_point(config: StudyConfig, study_dir: Path, point_dir: Path, number: int) -> float:
    """Run one point of a study and leave its complete record.

    A point that fails is recorded with the reason and does not raise, so that
    the sweep goes on; a point that is already there with the same key is not
    run again.

    Parameters
    ----------
    config : `~hstdriz_study.config.StudyConfig`
    study_dir, point_dir : `~pathlib.Path`
    number : int
        Position in the sweep, from 0.

    Returns
    -------
    float
        ``psf/fwhm_arcsec``, nan where it was not measured.

    Raises
    ------
    StudyError
        If the study was not started: its points would have no parent.
    """
    if not (study_dir / STUDY_NAME).is_file():
        raise StudyError(f"{study_dir}: not the directory of a started study; run hstdriz-study")
    record = _finished_before(config, study_dir)
    if record is None:
        point_dir = _own_directory(point_dir)
        record = _run_recorded(config, study_dir, point_dir)
        write_record(record, point_dir)
        _track(study_dir, point_dir)
    _show_progress(record, study_dir, number)
    fwhm = record.metrics.get("psf/fwhm_arcsec")
    return fwhm.value if fwhm else math.nan


def _finished_before(config: StudyConfig, study_dir: Path) -> PointRecord | None:
    """Return the record of an earlier run of the same point in this study."""
    directories = point_directories(study_dir)
    if not directories:
        return None
    try:
        setup = load_setup(study_dir, config.filter.name)
    except StudyError:
        return None  # the point will fail with this reason
    key = _key(config, drizzle_settings(config), setup)
    for directory in directories:
        if read_json(directory / RECORD_NAME)["key"] == key:
            record = read_record(directory)
            if record.status == "FINISHED":
                return record
    return None


def _own_directory(point_dir: Path) -> Path:
    """Make the point's directory; a finished record of another point is never written over.

    The sweep numbers its points anew each time, so a study that is resumed
    with another grid finds other points under its numbers.
    """
    directory = point_dir
    for number in itertools.count(1):
        record = directory / RECORD_NAME
        if not record.is_file() or read_json(record)["status"] != "FINISHED":
            break
        directory = point_dir.with_name(f"{point_dir.name}.{number}")
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def _run_recorded(config: StudyConfig, study_dir: Path, point_dir: Path) -> PointRecord:
    """Run the point; turn whatever goes wrong into a record of it."""
    if (study_dir / STOP_NAME).is_file():
        reason = "not run: an earlier point failed and stop_on_failure=true"
        return _without_result(config, "SKIPPED", reason)
    try:
        return _run(config, study_dir, point_dir)
    except Exception as error:
        if isinstance(error, StudyError):
            reason = str(error)
            log.error("%s", reason)  # noqa: TRY400 - a sentence, not a defect
        else:
            reason = f"{type(error).__name__}: {error}"
            log.exception("the point failed")
        if config.stop_on_failure:
            (study_dir / STOP_NAME).write_text(reason + "\n")
        return _without_result(config, "FAILED", reason)


def _run(config: StudyConfig, study_dir: Path, point_dir: Path) -> PointRecord:
    setup = load_setup(study_dir, config.filter.name)
    settings = drizzle_settings(config)
    started = time.perf_counter()
    drizzled = drizzle(
        setup.prepared,
        settings,
        reference_dirs=setup.reference_dirs,
        log_file=point_dir / LOG_NAME,
        ivm_files=ivm_files(config, setup.prepared.exposures),
    )
    done_drizzling = time.perf_counter()
    pixels = extract(drizzled, setup.regions)
    measured = measure(pixels, _context(config, setup), resolve_metrics(config.measure.metrics))
    done_measuring = time.perf_counter()
    images = point_images(pixels, setup.regions, point_dir / "images")
    done_drawing = time.perf_counter()
    actual = replace(
        settings,
        final_scale_arcsec=drizzled.final_scale_arcsec,
        final_pixfrac=drizzled.final_pixfrac,
    )
    return PointRecord(
        key=_key(config, settings, setup),
        status="FINISHED",
        filter=config.filter.name,
        settings=_settings(config, actual),
        metrics=measured.metrics,
        images={name: f"images/{file}" for name, file in images.items()},
        timing_s={
            "drizzle": done_drizzling - started,
            "measure": done_measuring - done_drizzling,
            "images": done_drawing - done_measuring,
        },
        warnings=(*setup.warnings, *measured.warnings),
        provenance=_provenance(config, study_dir, setup),
    )


def _context(config: StudyConfig, setup: FilterSetup) -> MeasureContext:
    return MeasureContext(
        regions=setup.regions,
        zero_point_abmag=setup.prepared.zero_point_abmag,
        n_exposures=len(setup.prepared.exposures),
        min_stars=config.measure.min_stars,
        n_bootstrap=config.measure.n_bootstrap,
        seed=config.measure.seed,
    )


def _without_result(config: StudyConfig, status: str, reason: str) -> PointRecord:
    settings = drizzle_settings(config)
    return PointRecord(
        key=content_key([config.filter.name, asdict(settings), status]),
        status=status,
        filter=config.filter.name,
        settings=_settings(config, settings),
        error=reason,
    )


def _key(config: StudyConfig, settings: DrizzleSettings, setup: FilterSetup) -> str:
    """Identify what determines a point's numbers."""
    measuring = [asdict(config.measure), asdict(config.filter.geometry)]
    return content_key([setup.prepared.key, asdict(settings), measuring, __version__])


def _settings(config: StudyConfig, settings: DrizzleSettings) -> dict[str, Any]:
    psf_arcsec = handbook_psf_arcsec(config.filter.wavelength_nm)
    scale = settings.final_scale_arcsec
    return {
        "final_scale_arcsec": scale,
        "final_pixfrac": settings.final_pixfrac,
        "pixels_per_psf": round(psf_arcsec / scale, 4) if scale else None,
        "final_kernel": settings.final_kernel,
        "final_wht_type": settings.final_wht_type,
        "final_rot": settings.final_rot,
        "final_refimage": str(settings.final_refimage) if settings.final_refimage else None,
        "final_bits": settings.final_bits,
        "final_scale_asked": config.drizzle.final_scale,
    }


def _provenance(config: StudyConfig, study_dir: Path, setup: FilterSetup) -> dict[str, Any]:
    return {
        "dataset": {"kind": config.dataset.kind, "path": config.dataset.path},
        "inputs": setup.identity["inputs"],
        "references": setup.identity["references"],
        "versions": read_json(study_dir / STUDY_NAME)["versions"],
        "prepared": setup.prepared.key,
        "config": asdict(config),
    }


def _track(study_dir: Path, point_dir: Path) -> None:
    try:
        send_point(study_dir, point_dir)
    except TrackingError as error:
        log.warning("warning: %s; the record is kept and marked unsent", error)


def _show_progress(record: PointRecord, study_dir: Path, number: int) -> None:
    study = read_json(study_dir / STUDY_NAME)
    done = len(point_directories(study_dir))
    left = study["n_points"] - done
    elapsed_s = time.time() - study["points_started"]
    to_go = f", {left} left, {elapsed_s / done * left:.0f} s to go" if left > 0 else ""
    log.info("[%d/%d] %s%s", number + 1, study["n_points"], describe(record), to_go)


def describe(record: PointRecord) -> str:
    """Say in one line what a point gave."""
    scale, pixfrac = record.settings["final_scale_arcsec"], record.settings["final_pixfrac"]
    head = record.filter
    head += f' {scale:.4g}"' if scale else " default scale"
    head += f" pixfrac {pixfrac:g}" if pixfrac else " default pixfrac"
    if record.status != "FINISHED":
        return f"{head}: {record.status}"
    shown = []
    fwhm = record.metrics.get("psf/fwhm_arcsec")
    if fwhm:
        shown.append(f'FWHM {fwhm.value:.4f}" ± {fwhm.err:.4f}"')
    uniformity = record.metrics.get("weight/rms_over_median")
    if uniformity:
        shown.append(f"RMS/median {uniformity.value:.3f}")
    shown.append(f"{sum(record.timing_s.values()):.1f} s")
    return f"{head}: {', '.join(shown)}"
