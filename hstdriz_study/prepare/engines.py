"""From aligned exposures to ones with their sky and flags of cosmic rays, by one of two engines."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from hstdriz_study.drizzlepac_options import ASTRODRIZZLE, FAST
from hstdriz_study.errors import DrizzleError, StudyError
from hstdriz_study.prepare.cosmic_rays import flag_cosmic_rays, sky_method_fails
from hstdriz_study.prepare.needs import preparing_processes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.prepare.chips import Placed
    from hstdriz_study.prepare.settings import PrepareSettings

log = logging.getLogger(__name__)


def needed_modules(settings: PrepareSettings) -> tuple[str, ...]:
    """Name the modules that preparing needs and that take long to import; DrizzlePac's, seconds."""
    aligned = settings.tweakreg is not None or settings.shifts is not None
    astrodrizzle = ("drizzlepac.astrodrizzle",) if aligned or settings.engine != FAST else ()
    fast = "hstdriz_study.prepare.fast.engine"
    return ("stwcs.updatewcs", "stsci.skypac.skymatch", fast, *astrodrizzle)


def engine_of(exposures: Sequence[Path], settings: PrepareSettings) -> str:
    """Return the engine that flags cosmic rays in exposures; say where it is not the one asked."""
    if settings.engine != FAST:
        return settings.engine
    # here and below, because whoever finds the exposures prepared flags nothing
    from hstdriz_study.prepare.fast import not_reproduced

    reason = not_reproduced(exposures, settings.steps_of(len(exposures)))
    if reason is None:
        return FAST
    log.info("preparing %s with AstroDrizzle itself: %s", settings.filter_name, reason)
    return ASTRODRIZZLE


def flag(engine: str, placed: Placed, settings: PrepareSettings, directory: Path) -> None:
    """Measure the sky and flag cosmic rays in the exposures of a directory, in place.

    Raises
    ------
    DrizzleError
        If it fails, or the sky cannot be measured by the method that is asked for.
    """
    names = list(dict.fromkeys(chip["exposure"] for chip in placed.chips))
    if engine == ASTRODRIZZLE:
        flag_cosmic_rays(names, settings, directory)
        return
    from hstdriz_study.prepare.fast import FastEngine, SkyMethodError

    shapes = [tuple(chip["shape"]) for chip in placed.chips]
    n_processes = preparing_processes(len(names), placed.mosaic.shape, shapes)
    try:
        FastEngine(
            placed, directory, settings.steps_of(len(names)), n_processes, settings.unfinished
        ).flag()
    except SkyMethodError as error:
        raise sky_method_fails(settings) from error
    except StudyError:
        raise
    except Exception as error:
        raise DrizzleError(
            f"filter={settings.filter_name}: flagging cosmic rays failed "
            f"({type(error).__name__}: {error}); AstroDrizzle does it with "
            "prepare.engine=astrodrizzle"
        ) from error
