"""The pixels of one point, drizzled by the engine of that name."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hstdriz_study.apart import apart_each
from hstdriz_study.cache import content_key
from hstdriz_study.drizzle import BoxInputs, grid_wcs, output_grid, weighting
from hstdriz_study.drizzle.astrodrizzle import scratch_directory
from hstdriz_study.drizzle.input_weights import drizzlepac_arrays
from hstdriz_study.drizzle.ivm import ivm_files
from hstdriz_study.field.setup import of_stars
from hstdriz_study.field.whole_image import astrodrizzle_image, frame_image
from hstdriz_study.keys import Code
from hstdriz_study.measure import collect, extract, plan_point

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.contracts import DrizzleSettings, OutputGrid, PointPixels
    from hstdriz_study.field.setup import FieldSetup
    from hstdriz_study.measure import PointPlan


def point_pixels(
    setup: FieldSetup, settings: DrizzleSettings, engine: str, log_dir: Path
) -> PointPixels:
    """Drizzle what is measured at one point.

    Parameters
    ----------
    setup : `~hstdriz_study.field.setup.FieldSetup`
    settings : `~hstdriz_study.contracts.DrizzleSettings`
    engine : str
        A name in `ENGINES`.
    log_dir : `~pathlib.Path`
        Receives AstroDrizzle's log, when that is the engine.

    Raises
    ------
    DrizzleError
        If the point cannot be drizzled.
    """
    run = ENGINES[engine]
    pixels = run(setup, settings, log_dir)
    if setup.injected is None or setup.regions.injected is None:
        return pixels
    alone = of_stars(setup, setup.regions.injected, setup.injected)
    artificial = run(alone, settings, log_dir).stars
    # the bright ones come first
    own = artificial[: len(setup.regions.stars)] if setup.regions.injected_for_psf else pixels.stars
    return replace(pixels, stars=own, injected=artificial)


def _astrodrizzle(setup: FieldSetup, settings: DrizzleSettings, log_dir: Path) -> PointPixels:
    image = astrodrizzle_image(setup.prepared, settings, setup.reference_dirs, log_dir)
    return extract(image, setup.regions)


def _frame(setup: FieldSetup, settings: DrizzleSettings, _: Path) -> PointPixels:
    return extract(frame_image(setup.prepared, settings, setup.reference_dirs), setup.regions)


def _fast(setup: FieldSetup, settings: DrizzleSettings, _: Path) -> PointPixels:
    grid = output_grid(setup.prepared.mosaic, settings)
    plan = plan_point(setup.regions, grid_wcs(grid), grid.final_scale_arcsec, grid.shape)
    inputs = _box_inputs(setup, settings, grid, plan)
    return collect(plan, inputs.drizzle(settings), settings.on(grid))


ENGINES = {"fast": _fast, "frame": _frame, "astrodrizzle": _astrodrizzle}
"""What drizzles the pixels of a point, by the name of the engine."""

_ASTRODRIZZLE = ("astropy", "drizzlepac", "numpy", "scipy", "stsci.imagestats", "stwcs")
_LIBRARIES = {"astrodrizzle": _ASTRODRIZZLE}


def drizzling_with(engine: str) -> Code:
    """Return the code that drizzles the points of an engine.

    Weights that are no exposure times are made and cached apart; where it is done makes no number.
    """
    return Code(
        "drizzling",
        roots=(point_pixels, ENGINES[engine]),
        without=(
            "hstdriz_study.field.pixels:ENGINES",
            drizzlepac_arrays,
            scratch_directory,
            apart_each,
        ),
        libraries=_LIBRARIES.get(engine, ("astropy", "drizzle", "numpy")),
    )


@dataclass
class _Latest:
    """The inputs of the points that differ in pixfrac and phase alone, kept from one to the next.

    Artificial stars have inputs of their own, on copies of the same exposures.
    """

    shared: object = None
    inputs: dict[str, BoxInputs] = field(default_factory=dict)


_latest = _Latest()


def _box_inputs(
    setup: FieldSetup, settings: DrizzleSettings, grid: OutputGrid, plan: PointPlan
) -> BoxInputs:
    """Gather the input pixels of a grid, or take those of an earlier point on the same grid."""
    shared = setup.prepared.inputs, replace(settings, final_pixfrac=None, grid_phase=(0.0, 0.0))
    if shared != _latest.shared:
        _latest.shared = shared
        _latest.inputs.clear()
    stacks = [[stack.x0.tolist(), stack.y0.tolist(), stack.side] for stack in plan.stacks]
    key = content_key(
        [
            setup.prepared.key, grid, stacks, settings.final_kernel, settings.final_wht_type,
            settings.final_bits, ivm_files(settings, setup.prepared.exposures),
        ]
    )  # fmt: skip
    if key not in _latest.inputs:
        pixel_weights = weighting(setup.prepared, settings, reference_dirs=setup.reference_dirs)
        _latest.inputs[key] = BoxInputs(
            setup.prepared, grid, plan.stacks, settings.final_kernel, pixel_weights
        )
    return _latest.inputs[key]
