"""What the record of a point says: its settings, and where its numbers came from."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from hstdriz_study.cache import content_key
from hstdriz_study.contracts import PointRecord
from hstdriz_study.optics.resolution import handbook_psf_arcsec
from hstdriz_study.study.config import drizzle_settings
from hstdriz_study.study.run.point_key import point_stages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hstdriz_study.contracts import DrizzleSettings
    from hstdriz_study.field import FieldSetup
    from hstdriz_study.study.config import StudyConfig

WITHOUT_RESULT = ("FAILED", "SKIPPED")


def key_without_result(config: StudyConfig, status: str) -> str:
    """Identify a point that has no numbers."""
    asked = [asdict(drizzle_settings(config)), asdict(config.drizzle), asdict(config.measure)]
    return content_key([config.filter.name, asked, status])


def record_without_result(config: StudyConfig, status: str, reason: str) -> PointRecord:
    """Make the record of a point that failed or was not run."""
    settings = drizzle_settings(config)
    return PointRecord(
        key=key_without_result(config, status),
        status=status,
        filter=config.filter.name,
        settings=settings,
        final_scale_asked=config.drizzle.final_scale,
        pixels_per_psf=pixels_per_psf(config, settings),
        error=reason,
    )


def pixels_per_psf(config: StudyConfig, settings: DrizzleSettings) -> float | None:
    """Return how many output pixels the handbook's PSF has; None when the scale is not known."""
    scale_arcsec = settings.final_scale_arcsec
    if not scale_arcsec:
        return None
    return round(handbook_psf_arcsec(config.filter.wavelength_nm) / scale_arcsec, 4)


def provenance(
    config: StudyConfig,
    settings: DrizzleSettings,
    setup: FieldSetup,
    versions: Mapping[str, str],
) -> dict[str, Any]:
    """Return the data set, checksums, reference files, versions, configuration and key's parts."""
    files = setup.stages["prepared"]["inputs"]
    return {
        "dataset": {"kind": config.dataset.kind, "path": config.dataset.path},
        "inputs": files["exposures"],
        "references": files["references"],
        "wcs": {"prepare.wcs": config.prepare.wcs, "WCSNAME": ", ".join(setup.prepared.wcs_names)},
        "versions": dict(versions),
        "prepared": setup.prepared.key,
        "injected": _injected(setup),
        "stages": point_stages(config, settings, setup),
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
