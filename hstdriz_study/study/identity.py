"""What a point is: the key of its numbers, its settings as recorded, where they came from."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from hstdriz_study import __version__
from hstdriz_study.cache import content_key, file_checksum
from hstdriz_study.config import drizzle_settings
from hstdriz_study.contracts import PointRecord
from hstdriz_study.drizzle.ivm import ivm_files
from hstdriz_study.good_bits import bits_text
from hstdriz_study.measure import foreign_sources
from hstdriz_study.optics.resolution import handbook_psf_arcsec
from hstdriz_study.prepare.prepare import prepared_identity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hstdriz_study.config import MeasureConfig, StudyConfig
    from hstdriz_study.contracts import DrizzleSettings
    from hstdriz_study.field import FieldSetup

# Raised when this package measures other numbers from the same pixels.
_RECIPE_VERSION = 2
WITHOUT_RESULT = ("FAILED", "SKIPPED")


def point_key(config: StudyConfig, settings: DrizzleSettings, setup: FieldSetup) -> str:
    """Identify what determines a point's numbers."""
    injected = setup.injected  # its key holds the model of the PSF, which no configuration says
    measuring = [
        [asdict(config.measure), injected.key] if injected else without_injection(config.measure),
        asdict(setup.regions.geometry),
        foreign_sources([*config.measure.metrics, *config.measure.own_metrics]),
    ]
    drizzled = asdict(settings)
    del drizzled["ivm_path"]  # the content of the maps counts, wherever they lie
    made = [config.drizzle.engine, drizzled, _files(settings, setup)]
    code = [_RECIPE_VERSION, __version__, _versions()]
    return content_key([code, setup.prepared.key, made, measuring])


@cache
def _versions() -> dict[str, str]:
    """Return the versions of what makes the numbers and is no part of preparing."""
    return {name: version(name) for name in ("drizzle", "scipy")}


def _files(settings: DrizzleSettings, setup: FieldSetup) -> list[Any]:
    """Identify the content of the files that drizzling reads beside the exposures."""
    maps = ivm_files(settings, setup.prepared.exposures)
    refimage = [settings.final_refimage] if settings.final_refimage else []
    return [[path.name, file_checksum(path)] for path in (*maps, *refimage)]


def without_injection(measure: MeasureConfig) -> dict[str, Any]:
    """Return the settings of measuring that hold when no star is injected."""
    settings = asdict(measure)
    return {name: settings[name] for name in settings if not name.startswith("inject_")}


def sweep_key(config: StudyConfig, setup: FieldSetup) -> str:
    """Identify the points that differ from one another in scale and pixfrac alone."""
    settings = replace(drizzle_settings(config), final_scale_arcsec=None, final_pixfrac=None)
    return point_key(config, settings, setup)


def key_without_result(config: StudyConfig, status: str) -> str:
    """Identify a point that has no numbers."""
    asked = [asdict(drizzle_settings(config)), asdict(config.drizzle), asdict(config.measure)]
    return content_key([config.filter.name, asked, status])


def record_without_result(config: StudyConfig, status: str, reason: str) -> PointRecord:
    """Make the record of a point that failed or was not run."""
    return PointRecord(
        key=key_without_result(config, status),
        status=status,
        filter=config.filter.name,
        settings=recorded_settings(config, drizzle_settings(config)),
        error=reason,
    )


def recorded_settings(config: StudyConfig, settings: DrizzleSettings) -> dict[str, Any]:
    """Return the settings as they stand in the record."""
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
        "final_bits": bits_text(settings.final_bits),
        "final_scale_asked": config.drizzle.final_scale,
    }


def provenance(
    config: StudyConfig, setup: FieldSetup, versions: Mapping[str, str]
) -> dict[str, Any]:
    """Return the data set, checksums, reference files, versions and whole configuration."""
    identity = prepared_identity(setup.prepared)
    return {
        "dataset": {"kind": config.dataset.kind, "path": config.dataset.path},
        "inputs": identity["inputs"],
        "references": identity["references"],
        "versions": dict(versions),
        "prepared": setup.prepared.key,
        "injected": _injected(setup),
        "config": asdict(config),
    }


def _injected(setup: FieldSetup) -> dict[str, Any] | None:
    """Say which artificial stars were measured, and whether the PSF metrics are theirs."""
    stars = setup.regions.injected
    if setup.injected is None or stars is None:
        return None
    return {
        "exposures": setup.injected.key,
        "n_stars": len(stars),
        "for_psf": setup.regions.injected_for_psf,
    }
