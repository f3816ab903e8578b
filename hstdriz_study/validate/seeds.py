"""From seeds of the simulator to what is measured on each field, kept on disk seed by seed.

Each seed goes the way of a study: simulated exposures, updatewcs, cosmic rays, stars and boxes,
fast engine, metrics. Only the numbers are kept, so that 200 fields need the room of two.
"""

from __future__ import annotations

import itertools
import logging
from dataclasses import asdict, dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hstdriz_study.cache import scratch_directory
from hstdriz_study.checks import check_warnings
from hstdriz_study.contracts import paired_sigma
from hstdriz_study.contracts.metric_table import APERTURE_SIGMA, CORRELATION, FWHM
from hstdriz_study.dataset.synthetic import SIMULATING
from hstdriz_study.errors import StudyError
from hstdriz_study.field import Field
from hstdriz_study.field.drizzling_native import DRIZZLING_NATIVE
from hstdriz_study.field.injection import inject_stars
from hstdriz_study.field.inspection import CHOOSING_REGIONS
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.keys import Code, StageKey, cached_stage, stage_key
from hstdriz_study.prepare.prepare import PREPARING
from hstdriz_study.workers import Groups, Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hstdriz_study.contracts import Metric
    from hstdriz_study.validate.context import SetOptions

log = logging.getLogger(__name__)

COVERED = (FWHM.name, APERTURE_SIGMA.name, CORRELATION.name)
"""The metrics whose errors are put to the test."""


GridPoint = tuple[float, float]
"""final_scale in arcsec and final_pixfrac."""


@dataclass(frozen=True)
class Estimate:
    """A value with the error that the tool states for it."""

    value: float
    err: float


@dataclass(frozen=True)
class SeedResult:
    """What was measured on the field of one seed.

    Attributes
    ----------
    seed : int
    points : tuple of dict of str to `Estimate`
        Metrics of `COVERED`, one dict a grid point.
    differences : tuple of dict of str to `Estimate`
        First minus second of each pair of grid points, in the order of
        `itertools.combinations`, with the paired error.
    n_stars : int
    n_sky_boxes : int
    """

    seed: int
    points: tuple[dict[str, Estimate], ...]
    differences: tuple[dict[str, Estimate], ...]
    n_stars: int
    n_sky_boxes: int


def measure_seeds(
    of_set: SetOptions,
    grid: Sequence[GridPoint],
    seeds: Iterable[int],
    *,
    n_processes: int,
    progress: Callable[[int, int], None],
) -> tuple[list[SeedResult], dict[int, str]]:
    """Measure the field of every seed; what an earlier run has measured is read from disk.

    Parameters
    ----------
    of_set : `~hstdriz_study.validate.context.SetOptions`
        Of the filter; its seed is not used.
    grid : sequence of tuple of float
        final_scale (arcsec) and final_pixfrac of the points.
    seeds : iterable of int
    n_processes : int
    progress : callable
        Told how many seeds are done, and of how many, whenever one is.

    Returns
    -------
    results : list of `SeedResult`
        In order of seed.
    failures : dict of int to str
        By seed: why it has no result.
    """
    kept = _kept_directory(of_set, grid)
    kept.mkdir(parents=True, exist_ok=True)
    wanted = list(seeds)
    left = [seed for seed in wanted if not _path(kept, seed).is_file()]
    done = len(wanted) - len(left)
    progress(done, len(wanted))
    failures: dict[int, str] = {}
    if left:
        _import_what_is_shared()
        task = partial(_measured_and_kept, of_set, tuple(grid), kept)
        with Workers(task, min(n_processes, len(left))) as workers:
            for seed, failure in workers.run(Groups([[seed] for seed in left])):
                done += 1
                if failure is not None:
                    failures[seed] = str(failure)
                    log.warning("%s, seed %d: %s", of_set.name, seed, failure)
                progress(done, len(wanted))
    found = [seed for seed in wanted if seed not in failures]
    return [_read(_path(kept, seed)) for seed in found], failures


def _kept_directory(of_set: SetOptions, grid: Sequence[GridPoint]) -> Path:
    """Name the directory of results that the same settings and the same code have made."""
    parent = of_set.field.prepare.cache_dir / "coverage"
    return parent / f"{of_set.name}-{_seeds_stage(of_set, grid).key}"


def _seeds_stage(of_set: SetOptions, grid: Sequence[GridPoint]) -> StageKey:
    """Return what determines the numbers of all seeds."""
    of_any = _of_seed(of_set, 0, Path())  # neither the seed nor the cache is among it
    field, point = of_any.field, of_any.point
    metrics = tuple(f"{one.__module__}.{one.__qualname__}" for one in point.metrics)
    return stage_key(
        [replace(MEASURING_SEEDS, asked=metrics)],
        of_set.field.prepare.cache_dir,
        inputs={},
        options={
            "simulated": {"band": of_any.band.content(), "spec": asdict(of_any.source.spec)},
            "prepare": asdict(field.prepare),
            "native": asdict(field.native),
            "geometry": asdict(field.geometry),
            "drizzle": asdict(of_any.drizzle) | {"engine": point.engine},
            "measure": asdict(field.regions) | {"n_bootstrap": point.n_bootstrap},
            "metrics": metrics,
            "grid": grid,
        },
    )


def _path(kept: Path, seed: int) -> Path:
    return kept / f"{seed}.json"


def _import_what_is_shared() -> None:
    """Import what every process needs before they are forked: it costs each of them seconds."""
    for name in (
        "drizzlepac.astrodrizzle",
        "stwcs.updatewcs",
        "hstdriz_study.measure.regions",
        "hstdriz_study.simulate.generate",
    ):
        import_module(name)


def _measured_and_kept(
    of_set: SetOptions, grid: tuple[GridPoint, ...], kept: Path, seed: int
) -> str | None:
    """Measure one seed and write its numbers; return the reason when that is impossible."""
    with scratch_directory(kept.parent) as scratch:
        try:
            result = measure_seed(_of_seed(of_set, seed, scratch), grid)
        except StudyError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 - a foreign program's; the other seeds go on
            return f"{type(error).__name__}: {error}"
    write_json(_path(kept, seed), asdict(result))
    return None


def _of_seed(of_set: SetOptions, seed: int, cache_dir: Path) -> SetOptions:
    """Return the options of the same set with another seed, made in another directory."""
    field, source = of_set.field, of_set.source
    simulated = replace(source, spec=replace(source.spec, seed=seed), cache_dir=cache_dir)
    return replace(
        of_set,
        field=replace(
            field,
            dataset=replace(field.dataset, source=simulated),
            prepare=replace(field.prepare, cache_dir=cache_dir),
        ),
    )


def measure_seed(of_set: SetOptions, grid: Sequence[GridPoint]) -> SeedResult:
    """Simulate, prepare and measure the field of a seed.

    Raises
    ------
    StudyError
        If a metric cannot be measured.
    """
    field = Field(of_set.field)
    measured = [_measured(field, of_set, point) for point in grid]
    return SeedResult(
        seed=of_set.source.spec.seed,
        points=tuple(
            {name: Estimate(metrics[name].value, metrics[name].err) for name in COVERED}
            for metrics in measured
        ),
        differences=tuple(
            {name: _difference(one[name], other[name]) for name in COVERED}
            for one, other in itertools.combinations(measured, 2)
        ),
        n_stars=len(field.regions.stars),
        n_sky_boxes=len(field.regions.sky_boxes),
    )


def _measured(field: Field, of_set: SetOptions, point: GridPoint) -> dict[str, Metric]:
    scale, pixfrac = point
    settings = replace(of_set.drizzle, final_scale_arcsec=scale, final_pixfrac=pixfrac)
    measured = field.measure(settings, of_set.point)
    if not set(COVERED) <= measured.metrics.keys():
        raise StudyError("; ".join(measured.warnings))
    return measured.metrics


def _difference(one: Metric, other: Metric) -> Estimate:
    return Estimate(one.value - other.value, paired_sigma(one, other))


def _read(path: Path) -> SeedResult:
    def estimates(stored: list[dict[str, Any]]) -> tuple[dict[str, Estimate], ...]:
        return tuple({name: Estimate(**numbers) for name, numbers in one.items()} for one in stored)

    content = read_json(path)
    return SeedResult(
        seed=content["seed"],
        points=estimates(content["points"]),
        differences=estimates(content["differences"]),
        n_stars=content["n_stars"],
        n_sky_boxes=content["n_sky_boxes"],
    )


_STAGES = (SIMULATING, PREPARING, DRIZZLING_NATIVE, CHOOSING_REGIONS)
MEASURING_SEEDS = Code(
    "measuring a seed",
    roots=(measure_seed,),
    # what a field can do besides
    without=(
        Code, StageKey, cached_stage, stage_key, inject_stars, check_warnings,
        "hstdriz_study.field.foreseen:boxes_of",
        "hstdriz_study.field.foreseen:predict_prepared",
        "hstdriz_study.field.foreseen:predict_raw",
        "hstdriz_study.field.drizzled_psf:drizzled_psf",
    ),
    libraries=tuple(name for stage in _STAGES for name in stage.libraries),
)  # fmt: skip
