"""From seeds of the simulator to what is measured on each field, kept on disk seed by seed.

Each seed goes the way of a study: simulated exposures, updatewcs, cosmic rays, stars and boxes,
fast engine, metrics. Only the numbers are kept, so that 200 fields need the room of two.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hstdriz_study.cache import scratch_directory
from hstdriz_study.checks import check_warnings
from hstdriz_study.dataset.synthetic import SIMULATING
from hstdriz_study.errors import StudyError
from hstdriz_study.field.drizzling_native import DRIZZLING_NATIVE
from hstdriz_study.field.injection import inject_stars
from hstdriz_study.field.inspection import CHOOSING_REGIONS
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.keys import Code, StageKey, cached_stage, stage_key
from hstdriz_study.prepare.prepare import PREPARING
from hstdriz_study.progress import counted
from hstdriz_study.workers import Groups, Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hstdriz_study.validate.context import SetOptions
    from hstdriz_study.validate.rows import Claims, Row

log = logging.getLogger(__name__)

GridPoint = tuple[float, float]
"""final_scale in arcsec and final_pixfrac."""


@dataclass(frozen=True)
class SeedWork:
    """What is measured on the field of every seed.

    Attributes
    ----------
    name : str
        Of the directory in which the numbers are kept.
    code : `~hstdriz_study.keys.Code`
        By which they are made.
    measure : callable
        Simulates, prepares and measures the field of given options at the points of a grid;
        returns what JSON can keep.
    options : mapping
        What it is told beside the options of the set.
    """

    name: str
    code: Code
    measure: Callable[[SetOptions, Sequence[GridPoint]], dict[str, Any]]
    options: Mapping[str, Any] = field(default_factory=dict)


def seed_code(name: str, measure: Callable[..., Any]) -> Code:
    """Return the code that measures a seed, without what a field can do besides."""
    stages = (SIMULATING, PREPARING, DRIZZLING_NATIVE, CHOOSING_REGIONS)
    return Code(
        name,
        roots=(measure,),
        without=(
            Code, StageKey, cached_stage, stage_key, inject_stars, check_warnings,
            "hstdriz_study.field.foreseen:boxes_of",
            "hstdriz_study.field.foreseen:predict_prepared",
            "hstdriz_study.field.foreseen:predict_raw",
            "hstdriz_study.field.drizzled_psf:drizzled_psf",
        ),
        libraries=tuple(name for stage in stages for name in stage.libraries),
    )  # fmt: skip


def measure_seeds(
    work: SeedWork,
    of_set: SetOptions,
    grid: Sequence[GridPoint],
    seeds: Iterable[int],
    n_processes: int,
) -> tuple[list[dict[str, Any]], dict[int, str]]:
    """Measure the field of every seed; what an earlier run has measured is read from disk.

    Parameters
    ----------
    work : `SeedWork`
    of_set : `~hstdriz_study.validate.context.SetOptions`
        Of the filter; its seed is not used.
    grid : sequence of tuple of float
        final_scale (arcsec) and final_pixfrac of the points.
    seeds : iterable of int
    n_processes : int

    Returns
    -------
    results : list of dict
        What `SeedWork.measure` has returned, in order of seed.
    failures : dict of int to str
        By seed: why it has no result.
    """
    kept = _kept_directory(work, of_set, grid)
    kept.mkdir(parents=True, exist_ok=True)
    wanted = list(seeds)
    left = [seed for seed in wanted if not _path(kept, seed).is_file()]
    failures: dict[int, str] = {}
    if left:
        _import_what_is_shared()
        task = partial(_measured_and_kept, work, of_set, tuple(grid), kept)
        with Workers(task, min(n_processes, len(left))) as workers:
            ran = workers.run(Groups([[seed] for seed in left]))
            for seed, failure in counted(ran, f"{of_set.name}, seeds", len(left)):
                if failure is not None:
                    failures[seed] = str(failure)
                    log.warning("%s, seed %d: %s", of_set.name, seed, failure)
    found = [seed for seed in wanted if seed not in failures]
    return [read_json(_path(kept, seed)) for seed in found], failures


def seeds_row(
    claims: Claims, name: str, measured: int, asked: int, failures: dict[int, str]
) -> Row:
    """Say how many seeds were measured; all have to be."""
    first = f"; seed {min(failures)}: {failures[min(failures)]}" if failures else ""
    return claims.at_least(
        f"{name}: seeds that were simulated, prepared and measured, of {asked}",
        measured,
        asked,
        reason=f"a seed left out would be no random one{first}",
    )


def _kept_directory(work: SeedWork, of_set: SetOptions, grid: Sequence[GridPoint]) -> Path:
    """Name the directory of results that the same settings and the same code have made."""
    parent = of_set.field.prepare.cache_dir / work.name
    return parent / f"{of_set.name}-{_seeds_stage(work, of_set, grid).key}"


def _seeds_stage(work: SeedWork, of_set: SetOptions, grid: Sequence[GridPoint]) -> StageKey:
    """Return what determines the numbers of all seeds."""
    of_any = _of_seed(of_set, 0, Path())  # neither the seed nor the cache is among it
    of_field, point = of_any.field, of_any.point
    metrics = tuple(f"{one.__module__}.{one.__qualname__}" for one in point.metrics)
    return stage_key(
        [replace(work.code, asked=metrics)],
        of_set.field.prepare.cache_dir,
        inputs={},
        options={
            "simulated": {"band": of_any.band.content(), "spec": asdict(of_any.source.spec)},
            "prepare": asdict(of_field.prepare),
            "native": asdict(of_field.native),
            "geometry": asdict(of_field.geometry),
            "drizzle": asdict(of_any.drizzle) | {"engine": point.engine},
            "measure": asdict(of_field.regions) | {"n_bootstrap": point.n_bootstrap},
            "metrics": metrics,
            "grid": grid,
            **work.options,
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
    work: SeedWork, of_set: SetOptions, grid: tuple[GridPoint, ...], kept: Path, seed: int
) -> str | None:
    """Measure one seed and write its numbers; return the reason when that is impossible."""
    with scratch_directory(kept.parent) as scratch:
        try:
            result = work.measure(_of_seed(of_set, seed, scratch), grid)
        except StudyError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 - a foreign program's; the other seeds go on
            return f"{type(error).__name__}: {error}"
    write_json(_path(kept, seed), result)
    return None


def _of_seed(of_set: SetOptions, seed: int, cache_dir: Path) -> SetOptions:
    """Return the options of the same set with another seed, made in another directory."""
    of_field, source = of_set.field, of_set.source
    simulated = replace(source, spec=replace(source.spec, seed=seed), cache_dir=cache_dir)
    return replace(
        of_set,
        field=replace(
            of_field,
            dataset=replace(of_field.dataset, source=simulated),
            prepare=replace(of_field.prepare, cache_dir=cache_dir),
        ),
    )
