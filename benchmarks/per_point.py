"""Seconds a point, split into drizzle, measure and track, beside one plain AstroDrizzle call.

Same files, same settings, same process, in turn; medians over the repeats. Run as

    python benchmarks/per_point.py                    # the default subarrays, about two minutes
    python benchmarks/per_point.py --full-frame       # full IR and ACS frames, about ten minutes
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import tempfile
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hydra import compose, initialize_config_dir

from hstdriz_study.app.grid import typed
from hstdriz_study.app.main import conf_directory
from hstdriz_study.dataset import load_exposures
from hstdriz_study.drizzle import drizzle_settings, one_call_options
from hstdriz_study.foreign import confined
from hstdriz_study.prepare.alignment import run_updatewcs
from hstdriz_study.prepare.references import reference_environment
from hstdriz_study.record import read_record
from hstdriz_study.study import open_tracking, run_points, start_study
from hstdriz_study.study.filter_setup import load_setup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hstdriz_study.config import StudyConfig

CASES = {"f160w": 0.06, "f814w": 0.03}  # filter: final_scale in arcsec


@contextmanager
def timed(into: list[float]) -> Iterator[None]:
    """Append the wall seconds of the block."""
    started = time.perf_counter()
    yield
    into.append(time.perf_counter() - started)


def one_call(config: StudyConfig, work: Path, seconds: list[float]) -> None:
    """Run AstroDrizzle as a notebook does, all steps on fresh copies (updatewcs not counted)."""
    from drizzlepac.astrodrizzle import AstroDrizzle

    found = load_exposures(config)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for exposure in found.exposures:
        shutil.copyfile(exposure.path, work / exposure.path.name)
    names = [exposure.path.name for exposure in found.exposures]
    options = one_call_options(config, drizzle_settings(config))
    with confined(work, reference_environment(found.reference_dirs), work / "log"):
        run_updatewcs(names)
        with timed(seconds):
            AstroDrizzle(names, output="one", **options)


def measure_case(name: str, scale: float, arguments: argparse.Namespace, work: Path) -> dict:
    """Time one filter: set-up once, then plain call and study point in turn."""
    overrides = [
        f"filter={name}", f"drizzle.final_scale={scale}", "drizzle.final_pixfrac=0.6",
        f"prepare.cache_dir={work / 'cache'}", f"dataset.full_frame={arguments.full_frame}",
        f"track.tracking_uri=sqlite:///{work}/mlflow.db",
    ]  # fmt: skip
    with initialize_config_dir(str(conf_directory()), version_base="1.3"):
        config = typed(compose("config", overrides=overrides))
    load_exposures(config)  # simulated here, so that it does not count
    study_dir = work / name
    setup: list[float] = []
    with timed(setup):
        start_study([config], study_dir, [])
    open_tracking(study_dir)
    plain: list[float] = []
    stages: dict[str, list[float]] = {"drizzle": [], "measure": [], "images": [], "track": []}
    for repeat in range(arguments.repeats):
        one_call(config, work / "plain", plain)
        # another pixfrac each time: a point that is there already would not be run again
        point = replace(config, drizzle=replace(config.drizzle, final_pixfrac=0.6 + repeat / 1000))
        point_dir = study_dir / "points" / str(repeat)
        whole: list[float] = []
        with timed(whole):
            run_points([(repeat, point)], study_dir, opens_store=False)
        recorded = read_record(point_dir).timing_s
        for stage, seconds in recorded.items():
            stages[stage].append(seconds)
        # writing the record and sending it are what is left
        stages["track"].append(whole[0] - sum(recorded.values()))
    medians = {stage: statistics.median(seconds) for stage, seconds in stages.items()}
    n_stars = len(load_setup(study_dir, name).regions.stars)
    return {"plain": statistics.median(plain), "set-up": setup[0], "stars": n_stars} | medians


def main() -> None:
    """Print one row a filter."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full-frame", action="store_true")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--filters", nargs="+", default=list(CASES), choices=list(CASES))
    arguments = parser.parse_args()
    head = ("filter", "scale", "stars", "plain", "set-up", "drizzle", "measure", "images", "track")
    print("".join(f"{word:>10}" for word in head), "  plain / point  peak GB")
    with tempfile.TemporaryDirectory() as directory:
        for name in arguments.filters:
            row = measure_case(name, CASES[name], arguments, Path(directory))
            total = sum(row[stage] for stage in ("drizzle", "measure", "images", "track"))
            peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
            cells = [f"{name:>10}", f"{CASES[name]:>10}", f"{row['stars']:>10}"]
            cells += [f"{row[word]:>10.2f}" for word in head[3:]]
            print("".join(cells), f"{row['plain'] / total:>12.1f} {peak_gb:>10.2f}", flush=True)


if __name__ == "__main__":
    main()
