"""The pixels of one point, drizzled by the engine that the configuration names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hstdriz_study.cache import content_key
from hstdriz_study.drizzle import (
    BoxInputs,
    drizzle,
    drizzle_frame,
    grid_wcs,
    output_grid,
    weighting,
)
from hstdriz_study.measure import collect, extract, plan_point
from hstdriz_study.study.injection import of_injected_stars
from hstdriz_study.study.ivm import ivm_files

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.config import StudyConfig
    from hstdriz_study.contracts import DrizzleSettings, OutputGrid, PointPixels
    from hstdriz_study.drizzle import Weighting
    from hstdriz_study.measure import PointPlan
    from hstdriz_study.study.filter_setup import FilterSetup

LOG_NAME = "astrodrizzle.log"


def point_pixels(
    config: StudyConfig, setup: FilterSetup, settings: DrizzleSettings, point_dir: Path
) -> PointPixels:
    """Drizzle what is measured at one point.

    Parameters
    ----------
    config : `~hstdriz_study.config.StudyConfig`
    setup : `~hstdriz_study.study.filter_setup.FilterSetup`
    settings : `~hstdriz_study.contracts.DrizzleSettings`
    point_dir : `~pathlib.Path`
        Receives AstroDrizzle's log, when that is the engine.

    Raises
    ------
    DrizzleError
        If the point cannot be drizzled.
    """
    engine = _ENGINES[config.drizzle.engine]
    pixels = engine(config, setup, settings, point_dir)
    if setup.injected is None:
        return pixels
    added = engine(config, of_injected_stars(setup), settings, point_dir).stars
    # the bright ones come first
    own = added[: len(setup.regions.stars)] if setup.regions.injected_for_psf else pixels.stars
    return replace(pixels, stars=own, injected=added)


def _with_astrodrizzle(
    config: StudyConfig, setup: FilterSetup, settings: DrizzleSettings, point_dir: Path
) -> PointPixels:
    drizzled = drizzle(
        setup.prepared,
        settings,
        reference_dirs=setup.reference_dirs,
        log_file=point_dir / LOG_NAME,
        ivm_files=ivm_files(config, setup.prepared.exposures),
    )
    return extract(drizzled, setup.regions)


def _frame(
    config: StudyConfig, setup: FilterSetup, settings: DrizzleSettings, _: Path
) -> PointPixels:
    frame = drizzle_frame(setup.prepared, settings, _weighting(config, setup, settings))
    return extract(frame, setup.regions)


def _fast(
    config: StudyConfig, setup: FilterSetup, settings: DrizzleSettings, _: Path
) -> PointPixels:
    grid = output_grid(setup.prepared.mosaic, settings)
    plan = plan_point(setup.regions, grid_wcs(grid), grid.final_scale_arcsec, grid.shape)
    inputs = _box_inputs(config, setup, settings, grid, plan)
    return collect(plan, inputs.drizzle(settings), settings.on(grid))


_ENGINES = {"fast": _fast, "frame": _frame, "astrodrizzle": _with_astrodrizzle}


def _weighting(config: StudyConfig, setup: FilterSetup, settings: DrizzleSettings) -> Weighting:
    return weighting(
        setup.prepared,
        settings,
        reference_dirs=setup.reference_dirs,
        ivm_files=ivm_files(config, setup.prepared.exposures),
    )


# The inputs of the phases of one grid, kept from one pixfrac to the next.
_latest: dict[str, BoxInputs] = {}


def _box_inputs(
    config: StudyConfig,
    setup: FilterSetup,
    settings: DrizzleSettings,
    grid: OutputGrid,
    plan: PointPlan,
) -> BoxInputs:
    """Gather the input pixels of a grid, or take those of an earlier point on the same grid."""
    stacks = [[stack.x0.tolist(), stack.y0.tolist(), stack.side] for stack in plan.stacks]
    key = content_key(
        [
            setup.prepared.key, grid, stacks, settings.final_kernel, settings.final_wht_type,
            settings.final_bits, ivm_files(config, setup.prepared.exposures),
        ]
    )  # fmt: skip
    if key not in _latest:
        n_kept = config.measure.grid_phases**2 * (1 if setup.regions.injected is None else 2)
        while len(_latest) >= n_kept:
            _latest.pop(next(iter(_latest)))
        _latest[key] = BoxInputs(
            setup.prepared,
            grid,
            plan.stacks,
            settings.final_kernel,
            _weighting(config, setup, settings),
        )
    return _latest[key]
