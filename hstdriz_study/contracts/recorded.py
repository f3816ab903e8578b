"""The settings of a point by the names under which tables, runs and files have them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hstdriz_study.contracts.drizzled import DrizzleSettings
from hstdriz_study.good_bits import bits_text, good_bits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hstdriz_study.contracts.records import PointRecord


def recorded_settings(record: PointRecord) -> dict[str, Any]:
    """Return what was swept, as plain values: few, and numbers where they can be.

    The grid phase is not among them, which is that of the settings alone, nor
    ``ivm_path``, which the configuration beside them has.
    """
    settings = record.settings
    return {
        "final_scale_arcsec": settings.final_scale_arcsec,
        "final_pixfrac": settings.final_pixfrac,
        "pixels_per_psf": record.pixels_per_psf,
        "final_kernel": settings.final_kernel,
        "final_wht_type": settings.final_wht_type,
        "final_rot": settings.final_rot,
        "final_refimage": str(settings.final_refimage) if settings.final_refimage else None,
        "final_bits": bits_text(settings.final_bits),
        "final_scale_asked": record.final_scale_asked,
    }


def settings_of_recorded(recorded: Mapping[str, Any], ivm_path: str | None) -> DrizzleSettings:
    """Return the settings that `recorded_settings` made plain values of.

    Raises
    ------
    KeyError
        For a setting that is not recorded.
    ConfigError
        If the good bits cannot be read.
    """
    refimage = recorded["final_refimage"]
    return DrizzleSettings(
        final_scale_arcsec=recorded["final_scale_arcsec"],
        final_pixfrac=recorded["final_pixfrac"],
        final_kernel=recorded["final_kernel"],
        final_wht_type=recorded["final_wht_type"],
        final_rot=recorded["final_rot"],
        final_refimage=Path(refimage) if refimage else None,
        final_bits=good_bits(recorded["final_bits"], "final_bits"),
        ivm_path=Path(ivm_path) if ivm_path else None,
    )
