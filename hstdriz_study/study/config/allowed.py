"""What a configuration may say: each key by itself, then what keys restrict of one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.contracts import FAST_KERNELS
from hstdriz_study.errors import ConfigError
from hstdriz_study.study.config.limits import check_limits
from hstdriz_study.study.config.scale import asked_arcsec, scale_arcsec

if TYPE_CHECKING:
    from hstdriz_study.study.config.schema import ImageFindConfig, StudyConfig


def validate(config: StudyConfig) -> None:
    """Check one composed configuration.

    Raises
    ------
    ConfigError
        Naming the first key outside its limits, its value and what it may be.
    """
    check_limits(config)
    _check_together(config)


def _check_together(config: StudyConfig) -> None:
    """Check values that others restrict."""
    _check_imagefind(config.filter.imagefind)
    if config.predict.skip and config.drizzle.final_kernel == "lanczos3":
        raise ConfigError(
            "predict.skip=true: the weights of drizzle.final_kernel=lanczos3 cannot be predicted; "
            "set predict.skip=false for it"
        )
    if config.drizzle.engine != "astrodrizzle" and config.drizzle.final_kernel not in FAST_KERNELS:
        raise ConfigError(
            f"drizzle.final_kernel={config.drizzle.final_kernel} is another function in the "
            "drizzle library, which does not scale it with pixfrac as DrizzlePac does; set "
            "drizzle.engine=astrodrizzle"
        )
    _check_alignment(config)
    scale_arcsec(config)
    finest, coarsest = (
        asked_arcsec(getattr(config.refine, name), config.filter, f"refine.{name}")
        for name in ("finest_scale", "coarsest_scale")
    )
    if config.refine.enabled and finest > coarsest:
        raise ConfigError(
            f"refine.finest_scale={config.refine.finest_scale}: is coarser than "
            f"refine.coarsest_scale={config.refine.coarsest_scale} for {config.filter.name}"
        )


def _check_alignment(config: StudyConfig) -> None:
    prepare = config.prepare
    if prepare.align_to and not prepare.tweakreg:
        raise ConfigError(
            f"prepare.align_to={prepare.align_to}: TweakReg aligns to it; add prepare=tweakreg"
        )
    if prepare.shifts and prepare.tweakreg:
        raise ConfigError(
            f"prepare.shifts={prepare.shifts}: shifts are given, so TweakReg has none to find; set "
            "prepare.tweakreg=false, or leave prepare.shifts out"
        )


def _check_imagefind(find: ImageFindConfig) -> None:
    if not find.computesig and find.skysigma == 0:
        raise ConfigError(
            "filter.imagefind.skysigma=0: must be above 0 with filter.imagefind.computesig=false, "
            "or every pixel is a source"
        )
    if find.use_sharp_round and not find.sharplo < find.sharphi:
        raise ConfigError(
            f"filter.imagefind.sharplo={find.sharplo}: must be below "
            f"filter.imagefind.sharphi={find.sharphi}, or no source is left"
        )
