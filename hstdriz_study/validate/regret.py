"""What the default rule loses because its table is coarse and noisy.

The grid of each filter is measured with half its steps, which is four times as dense. The
noiseless table of the dense grid (`~hstdriz_study.validate.model_table`) says what there was to
gain; noisy tables of the coarse grid say what is taken. The loss is told beyond the tolerances,
within which the rule promises nothing, and beside it that against the sharpest admissible point.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from itertools import combinations, pairwise, product
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.choose import find_rule, handbook_pick
from hstdriz_study.choose.paired import RememberedSigma, practical_tolerance
from hstdriz_study.choose.points import DEPTH, FWHM, metric_of, settings_of, value
from hstdriz_study.contracts import PointRecord
from hstdriz_study.errors import StudyError
from hstdriz_study.field import Field
from hstdriz_study.validate.model_table import ModelTable
from hstdriz_study.validate.rows import Claims

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hstdriz_study.choose import ChoiceSettings
    from hstdriz_study.choose.verdict import Verdict
    from hstdriz_study.validate.context import CheckContext, SetOptions
    from hstdriz_study.validate.rows import Row

    Grid = tuple[tuple[float, ...], tuple[float, ...]]
    Rule = Callable[[Sequence[PointRecord]], Verdict]

log = logging.getLogger(__name__)

CLAIMS = Claims(
    "regret of the choice",
    "the same rule on the noiseless table of a grid four times as dense; FWHM and depth of both by "
    "a model of the metrics, noise by the bootstrap of the measured points",
)
BEYOND_FWHM, BEYOND_DEPTH_MAG = 0.01, 0.01
REQUIRED = 0.95


@dataclass(frozen=True)
class Losses:
    """What is lost with the choice on each noisy table, 1D arrays.

    Attributes
    ----------
    fwhm, depth_mag : 1D `~numpy.ndarray`
        Against what the rule takes on the noiseless dense table (fraction, mag).
    fwhm_to_sharpest : 1D `~numpy.ndarray`
        Against the sharpest admissible point of that table (fraction).
    """

    fwhm: np.ndarray
    depth_mag: np.ndarray
    fwhm_to_sharpest: np.ndarray


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
        log.info("%s: measuring %d points", name, len(_points(_halved(options.grid[name]))))
        dense = measured_grid(of_set, _halved(options.grid[name]))
        table = ModelTable.of(dense, of_set.choice)
        rule, number = rule_of(of_set), min(options.tables, table.n_tables)
        rows += regret_rows(
            name, table, options.grid[name], number, choice=of_set.choice, rule=rule
        )
    return rows


def measured_grid(of_set: SetOptions, grid: Grid) -> list[PointRecord]:
    """Drizzle and measure every point of a grid."""
    field, options = Field(of_set.field), replace(of_set.point, grid_phases=1)
    records = []
    for scale, pixfrac in _points(grid):
        settings = replace(of_set.drizzle, final_scale_arcsec=scale, final_pixfrac=pixfrac)
        found = field.measure(settings, options)
        if FWHM not in found.metrics:
            raise StudyError("; ".join(found.warnings))
        key = f"{scale:g}-{pixfrac:g}"
        records.append(PointRecord(key, "FINISHED", of_set.name, settings, found.metrics))
    return records


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
    losses = losses_of(table, grid, rule, n_tables)
    kept = (losses.fwhm - choice.fwhm_tolerance < BEYOND_FWHM) & (
        losses.depth_mag - choice.depth_tolerance_mag < BEYOND_DEPTH_MAG
    )
    of = f"{n_tables} noisy tables of {len(_points(grid))} points"
    beyond = f"{choice.fwhm_tolerance:.0%} and {choice.depth_tolerance_mag:g} mag"
    densities = densities_agree(table, grid, n_tables, choice=choice, rule=rule)
    return [
        CLAIMS.at_least(
            f"{name}: share of {of} with less than 1 % in FWHM and 0.01 mag lost beyond {beyond}",
            float(np.mean(kept)),
            REQUIRED,
            reason=f"largest loss {losses.fwhm.max():.1%} and {losses.depth_mag.max():.3f} mag, "
            "tolerances included",
        ),
        CLAIMS.at_most(
            f"{name}: FWHM lost against the sharpest admissible point, 95 % of {of}",
            float(np.quantile(losses.fwhm_to_sharpest, REQUIRED)),
            choice.fwhm_tolerance + BEYOND_FWHM,
            reason="what the tolerances are paid with",
        ),
        CLAIMS.at_least(
            f"{name}: share of {n_tables} noisy tables on which grids of three densities "
            "take points that are practically equal as measured",
            float(np.mean(densities)),
            REQUIRED,
            reason="practically equal: within the tolerances or 2 paired sigma, as the rule says",
        ),
    ]


def rule_of(of_set: SetOptions) -> Rule:
    """Return the default rule as a study has it, which remembers the errors of differences."""
    settings: ChoiceSettings = of_set.choice
    pick = handbook_pick(1e3 * of_set.band.pivot_um, of_set.native_arcsec)
    rule, sigma = find_rule(settings.rule), RememberedSigma()
    return lambda records: rule(records, settings, pick, sigma)


def losses_of(table: ModelTable, grid: Grid, rule: Rule, n_tables: int) -> Losses:
    """Choose on each noisy table of the coarse grid and look the loss up in the noiseless one."""
    noiseless = table.noiseless()
    aim = rule(noiseless)
    if aim.sharpest is None:
        raise StudyError("no point of the dense grid is admissible; sweep other ones")
    truth = {record.key: record for record in noiseless}
    taken = [
        truth[verdict.taken.key]
        for number in range(n_tables)
        for verdict in [rule(on_grid(table.noisy(number), grid))]
    ]
    widths = np.array([value(record, FWHM) for record in taken])
    depths = np.array([value(record, DEPTH) for record in taken])
    return Losses(
        fwhm=widths / value(aim.taken, FWHM) - 1.0,
        depth_mag=value(aim.taken, DEPTH) - depths,
        fwhm_to_sharpest=widths / value(aim.sharpest, FWHM) - 1.0,
    )


def densities_agree(
    table: ModelTable, grid: Grid, n_tables: int, *, choice: ChoiceSettings, rule: Rule
) -> list[bool]:
    """Tell for each noisy table whether three densities of the grid take practically equal points.

    The coarse grid, the one with half its steps in scale, and the one with half its steps in both.
    """
    scales, pixfracs = grid
    grids = [grid, (_between(scales), pixfracs), _halved(grid)]
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


def on_grid(records: Sequence[PointRecord], grid: Grid) -> list[PointRecord]:
    """Return the points of a table that lie on a grid."""
    places = set(_points(grid))
    return [record for record in records if _place(record) in places]


def _place(record: PointRecord) -> tuple[float, float]:
    point = settings_of(record)
    return point.final_scale_arcsec, point.final_pixfrac


def _halved(grid: Grid) -> Grid:
    scales, pixfracs = grid
    return _between(scales), _between(pixfracs)


def _between(values: tuple[float, ...]) -> tuple[float, ...]:
    halves = (float(f"{np.sqrt(one * other):.4g}") for one, other in pairwise(values))
    return tuple(sorted({*values, *halves}))


def _points(grid: Grid) -> list[tuple[float, float]]:
    return list(product(*grid))
