"""From a configuration to the settings of AstroDrizzle's final step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.contracts import DrizzleSettings
from hstdriz_study.errors import ConfigError
from hstdriz_study.study.config.scale import scale_arcsec

if TYPE_CHECKING:
    from hstdriz_study.study.config.schema import StudyConfig


def drizzle_settings(config: StudyConfig) -> DrizzleSettings:
    """Resolve ``config.drizzle`` for ``config.filter``.

    Raises
    ------
    ConfigError
        If ``final_scale`` cannot be understood or ``final_refimage`` is not
        there.
    """
    options = config.drizzle
    refimage = None
    if options.final_refimage:
        refimage = Path(options.final_refimage.partition("[")[0]).expanduser().resolve()
        if not refimage.is_file():
            raise ConfigError(f"drizzle.final_refimage={options.final_refimage}: no such file")
    return DrizzleSettings(
        final_scale_arcsec=scale_arcsec(config),
        final_pixfrac=options.final_pixfrac,
        final_kernel=options.final_kernel,
        final_wht_type=options.final_wht_type,
        final_rot=options.final_rot,
        final_refimage=refimage,
        final_bits=options.final_bits,
        ivm_path=Path(options.ivm_path).expanduser() if options.ivm_path else None,
    )


def native_settings(config: StudyConfig) -> DrizzleSettings:
    """Return the settings of the native-scale product, the reference of a study."""
    return DrizzleSettings(
        final_scale_arcsec=config.filter.native_scale_arcsec,
        final_pixfrac=1.0,
        final_kernel="square",
        final_wht_type="EXP",
        final_rot=0.0,
        final_refimage=None,
        final_bits=config.drizzle.final_bits,
    )
