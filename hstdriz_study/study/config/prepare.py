"""From a configuration to the settings of preparing."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.drizzlepac_options import PreparingOptions, TweakRegOptions
from hstdriz_study.prepare.settings import AlignTo, PrepareSettings

if TYPE_CHECKING:
    from hstdriz_study.study.config.schema import StudyConfig


def prepare_settings(config: StudyConfig) -> PrepareSettings:
    """Return how the exposures of ``config.filter`` are prepared."""
    options, of_filter = config.prepare, config.filter
    rays = asdict(of_filter.cosmic_rays)
    minmed_below = rays.pop("minmed_below")
    return PrepareSettings(
        filter_name=of_filter.name,
        cache_dir=Path(options.cache_dir),
        engine=options.engine,
        wcs=options.wcs,
        steps=PreparingOptions(
            skymethod=options.skymethod,
            driz_sep_bits=options.driz_sep_bits,
            **rays,
        ),
        minmed_below=minmed_below,
        tweakreg=_tweakreg(config) if options.tweakreg else None,
        align_to=_align_to(config),
        shifts=Path(options.shifts) if options.shifts else None,
        final_bits=config.drizzle.final_bits,
        tweakreg_max_rms_px=options.tweakreg_max_rms_px,
        tweakreg_max_shift_px=options.tweakreg_max_shift_px,
    )


def _align_to(config: StudyConfig) -> AlignTo | None:
    options = config.prepare
    if not options.align_to or options.align_to == config.filter.name:
        return None  # the filter that others are aligned to is aligned within itself
    return AlignTo(
        path=Path(options.align_to),
        expand_refcat=options.expand_refcat,
        threshold=options.align_to_threshold,
        psf_fwhm_arcsec=config.filter.psf_fwhm_arcsec,
    )


def _tweakreg(config: StudyConfig) -> TweakRegOptions:
    return TweakRegOptions(
        minobj=config.prepare.tweakreg_minobj,
        fitgeometry=config.prepare.tweakreg_fitgeometry,
        searchrad_arcsec=config.prepare.tweakreg_searchrad_arcsec,
        native_scale_arcsec=config.filter.native_scale_arcsec,
        dqbits=config.prepare.driz_sep_bits,
        **asdict(config.filter.imagefind),
    )
