"""What the default rule loses because its table is coarse and noisy.

The grid of each filter is measured with half its steps, which is four times as dense. The
noiseless table of the dense grid (`~hstdriz_study.validate.model_table`) says what there was to
gain; noisy tables of the coarse grid say what is taken. The loss is told beyond the tolerances,
within which the rule promises nothing, and beside it that against the sharpest admissible point.
"""

from __future__ import annotations

import logging
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.choose.paired import practical_tolerance
from hstdriz_study.choose.points import DEPTH, FWHM, metric_of, value
from hstdriz_study.validate.grids import between, halved, on_grid, points_of
from hstdriz_study.validate.losses import (
    CLAIMS,
    REQUIRED,
    Losses,
    loss_rows,
    measured_points,
    rule_of,
)
from hstdriz_study.validate.model_table import ModelTable

if TYPE_CHECKING:
    from hstdriz_study.choose import ChoiceSettings
    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.validate.context import CheckContext
    from hstdriz_study.validate.grids import Grid
    from hstdriz_study.validate.losses import Rule
    from hstdriz_study.validate.rows import Row

log = logging.getLogger(__name__)


def check(context: CheckContext) -> list[Row]:
    """Measure the dense grid of each filter that has one, and choose on noisy tables of the coarse.

    Raises
    ------
    StudyError
        If a point cannot be measured.
    """
    options = context.options.regret
    rows = []
    for name in [name for name in context.options.filters if name in options.grid]:
        of_set = context.of_filter(name)
        log.info("%s: measuring %d points", name, len(points_of(halved(options.grid[name]))))
        dense = measured_points(of_set, points_of(halved(options.grid[name])))
        table = ModelTable.of(dense, of_set.choice)
        rule, number = rule_of(of_set), min(options.tables, table.n_tables)
        rows += regret_rows(
            name, table, options.grid[name], number, choice=of_set.choice, rule=rule
        )
    return rows


def regret_rows(
    name: str,
    table: ModelTable,
    grid: Grid,
    n_tables: int,
    *,
    choice: ChoiceSettings,
    rule: Rule,
) -> list[Row]:
    """Judge what is lost on noisy tables of a grid, and whether grids of other densities agree."""
    of = f"{n_tables} noisy tables of {len(points_of(grid))} points"
    densities = densities_agree(table, grid, n_tables, choice=choice, rule=rule)
    return [
        *loss_rows(name, of, losses_of(table, grid, rule, n_tables), choice),
        CLAIMS.at_least(
            f"{name}: share of {n_tables} noisy tables on which grids of three densities "
            "take points that are practically equal as measured",
            float(np.mean(densities)),
            REQUIRED,
            reason="practically equal: within the tolerances or 2 paired sigma, as the rule says",
        ),
    ]


def losses_of(table: ModelTable, grid: Grid, rule: Rule, n_tables: int) -> Losses:
    """Choose on each noisy table of the coarse grid and look the loss up in the noiseless one."""
    noiseless = table.noiseless()
    aim = rule(noiseless)
    truth = {record.key: record for record in noiseless}
    taken = [
        truth[verdict.taken.key]
        for number in range(n_tables)
        for verdict in [rule(on_grid(table.noisy(number), grid))]
    ]
    return Losses.of(taken, aim)


def densities_agree(
    table: ModelTable, grid: Grid, n_tables: int, *, choice: ChoiceSettings, rule: Rule
) -> list[bool]:
    """Tell for each noisy table whether three densities of the grid take practically equal points.

    The coarse grid, the one with half its steps in scale, and the one with half its steps in both.
    """
    scales, pixfracs = grid
    grids = [grid, (between(scales), pixfracs), halved(grid)]
    found = []
    for number in range(n_tables):
        noisy = table.noisy(number)
        taken = [rule(on_grid(noisy, one)).taken for one in grids]
        pairs = combinations(taken, 2)
        found.append(all(_equal(one, other, choice) for one, other in pairs))
    return found


def _equal(one: PointRecord, other: PointRecord, choice: ChoiceSettings) -> bool:
    """Tell whether two points are, as measured, what the rule takes for practically equal."""
    narrower = min(value(one, FWHM), value(other, FWHM))
    configured = {FWHM: choice.fwhm_tolerance * narrower, DEPTH: choice.depth_tolerance_mag}
    return all(
        abs(value(one, metric) - value(other, metric))
        <= practical_tolerance(
            metric_of(one, metric), metric_of(other, metric), tolerance, choice.paired_sigma
        ).value
        for metric, tolerance in configured.items()
    )
