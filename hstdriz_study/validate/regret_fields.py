"""What the default rule loses on fields that are simulated, prepared and measured.

Each seed is another field, with other noise, of the same population and observation
(`~hstdriz_study.validate.coverage` has what stays and what does not); its points are measured on a
dense grid, and the rule chooses on those of the coarse one, with their own errors. The noiseless
table of the dense grid is the mean over all seeds.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from hstdriz_study.choose.points import COMMON_METRICS, settings_of, value
from hstdriz_study.contracts import Metric, PointRecord
from hstdriz_study.validate.grids import Grid, halved, on_grid, points_of
from hstdriz_study.validate.losses import CLAIMS, Losses, loss_rows, measured_points, rule_of
from hstdriz_study.validate.seeds import SeedWork, measure_seeds, seed_code, seeds_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.validate.context import CheckContext, SetOptions
    from hstdriz_study.validate.rows import Row
    from hstdriz_study.validate.seeds import GridPoint


def check(context: CheckContext) -> list[Row]:
    """Choose on the fields of all seeds of each filter that has a grid."""
    options = context.options.regret
    if options.fields == 0:
        return []
    names = [name for name in context.options.filters if name in options.grid]
    return [row for name in names for row in field_rows(context, name, options.grid[name])]


def field_rows(context: CheckContext, name: str, grid: Grid) -> list[Row]:
    """Choose on the field of every seed, and judge what is lost."""
    options, of_set = context.options.regret, context.of_filter(name)
    seeds = range(options.first_seed, options.first_seed + options.fields)
    work = SeedWork(
        "regret", CHOOSING_ON_A_SEED, partial(chosen_on_field, coarse=grid),
        {"coarse": grid, "choice": asdict(of_set.choice)},
    )  # fmt: skip
    dense = points_of(halved(grid))
    kept, failures = measure_seeds(work, of_set, dense, seeds, context.n_processes)
    rows = [seeds_row(CLAIMS, name, len(kept), len(seeds), failures)]
    if len(kept) > 1:
        losses = field_losses(of_set, dense, kept)
        of = f"{len(kept)} fields, {len(points_of(grid))} points each"
        rows += loss_rows(name, of, losses, of_set.choice)
    return rows


def chosen_on_field(
    of_set: SetOptions, grid: Sequence[GridPoint], *, coarse: Grid
) -> dict[str, Any]:
    """Measure the field of a seed on a dense grid and choose on the coarse one.

    Returns
    -------
    dict
        ``taken``, final_scale and final_pixfrac of the choice, and ``points``, the values of the
        metrics that the rule looks at, by name, of each point of the grid.
    """
    records = measured_points(of_set, grid)
    point = settings_of(rule_of(of_set)(on_grid(records, coarse)).taken)
    return {
        "taken": [point.final_scale_arcsec, point.final_pixfrac],
        "points": [{name: value(one, name) for name in COMMON_METRICS} for one in records],
    }


def field_losses(
    of_set: SetOptions, grid: Sequence[GridPoint], kept: Sequence[dict[str, Any]]
) -> Losses:
    """Look up what each choice loses in the mean table of all fields."""
    noiseless = [
        PointRecord(
            f"{scale:g}-{pixfrac:g}", "FINISHED", of_set.name,
            replace(of_set.drizzle, final_scale_arcsec=scale, final_pixfrac=pixfrac),
            {
                name: Metric(float(np.mean([one["points"][number][name] for one in kept])), 0.0)
                for name in COMMON_METRICS
            },
        )
        for number, (scale, pixfrac) in enumerate(grid)
    ]  # fmt: skip
    truth = dict(zip(grid, noiseless, strict=True))
    taken = [truth[tuple(one["taken"])] for one in kept]
    return Losses.of(taken, rule_of(of_set)(noiseless))


CHOOSING_ON_A_SEED = seed_code("choosing on the field of a seed", chosen_on_field)
