"""Five ways to drizzle the points of a sweep, side by side on the same full-frame exposures.

    (a) loop     one call of AstroDrizzle a point, all steps: what notebooks do
    (b) final    AstroDrizzle's final step alone, on exposures prepared once
    (c) frame    the fast engine on the whole frame
    (d) boxes    the fast engine on the boxes that are measured
    (e) kernel   STScI's C kernel alone on the arrays of (c)

and the whole sweep of 60 points, from the command to the report, measuring and tracking
included, with the memory of all its processes. Run as

    python benchmarks/engines.py                  # full ACS/WFC and WFC3/IR, about half an hour
    python benchmarks/engines.py --filters f160w  # WFC3/IR alone, about 4 minutes
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hydra import compose, initialize_config_dir

from hstdriz_study.app.grid import typed
from hstdriz_study.app.main import conf_directory
from hstdriz_study.dataset import load_exposures
from hstdriz_study.drizzle import (
    drizzle,
    drizzle_frame,
    drizzle_settings,
    one_call_options,
    weighting,
)
from hstdriz_study.foreign import confined
from hstdriz_study.prepare import prepare_filter
from hstdriz_study.prepare.alignment import run_updatewcs
from hstdriz_study.prepare.references import reference_environment
from hstdriz_study.record import RECORD_NAME, point_directories, read_record, read_records
from hstdriz_study.study.filter_setup import FilterSetup, set_up_filter
from hstdriz_study.study.pixels import point_pixels
from hstdriz_study.workers import cores

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hstdriz_study.config import StudyConfig
    from hstdriz_study.contracts import DrizzleSettings

# final_scale in arcsec of the six scales; the ten pixfracs
SCALES = {
    "f814w": (0.025, 0.03, 0.035, 0.04, 0.045, 0.05),
    "f160w": (0.05, 0.06, 0.07, 0.08, 0.1, 0.13),
}
PIXFRACS = tuple(round(0.1 * step, 1) for step in range(1, 11))
# The points that are timed one by one: every scale but one, all sorts of pixfrac.
SAMPLE = ((0, 0.3), (1, 0.6), (2, 1.0), (3, 0.5), (5, 0.8))


@dataclass(frozen=True)
class Timed:
    """Seconds of each sampled point, and the peak memory of the process."""

    seconds: list[float]
    peak_gb: float

    @property
    def mean(self) -> float:
        """Seconds a point."""
        return statistics.fmean(self.seconds)


def peak_gb() -> float:
    """Return the most memory this process held; ``ru_maxrss`` would count its parent's too."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024**2 for line in lines if line.startswith("VmHWM:"))


def configuration(name: str, cache: Path, *overrides: str) -> StudyConfig:
    """Compose the configuration of one filter on full synthetic frames."""
    lines = [f"filter={name}", f"prepare.cache_dir={cache}", *overrides]
    with initialize_config_dir(str(conf_directory()), version_base="1.3"):
        return typed(compose("config", overrides=lines))


def sampled(config: StudyConfig) -> list[DrizzleSettings]:
    """Return the settings of the points that are timed one by one."""
    scales = SCALES[config.filter.name]
    return [
        replace(drizzle_settings(config), final_scale_arcsec=scales[i], final_pixfrac=pixfrac)
        for i, pixfrac in SAMPLE
    ]


def timed(config: StudyConfig, run: Callable[[DrizzleSettings], object]) -> Timed:
    """Time the sampled points one by one."""
    seconds = []
    for settings in sampled(config):
        started = time.perf_counter()
        run(settings)
        seconds.append(time.perf_counter() - started)
    return Timed(seconds, peak_gb())


def loop(config: StudyConfig, work: Path) -> Timed:
    """Run (a), AstroDrizzle with all steps; copying the exposures and updatewcs are not counted."""
    from drizzlepac.astrodrizzle import AstroDrizzle

    found = load_exposures(config)
    seconds = []
    for settings in sampled(config):
        shutil.rmtree(work / "loop", ignore_errors=True)
        (work / "loop").mkdir(parents=True)
        names = [exposure.path.name for exposure in found.exposures]
        for exposure in found.exposures:
            shutil.copyfile(exposure.path, work / "loop" / exposure.path.name)
        with confined(
            work / "loop", reference_environment(found.reference_dirs), work / "loop" / "log"
        ):
            run_updatewcs(names)
            started = time.perf_counter()
            AstroDrizzle(names, output="one", **one_call_options(config, settings))
            seconds.append(time.perf_counter() - started)
    shutil.rmtree(work / "loop")
    return Timed(seconds, peak_gb())


def final(config: StudyConfig, setup: FilterSetup, work: Path) -> Timed:
    """Run (b), AstroDrizzle's final step."""
    import drizzlepac.astrodrizzle  # noqa: F401 - the import is not counted

    return timed(
        config,
        lambda settings: drizzle(
            setup.prepared,
            settings,
            reference_dirs=setup.reference_dirs,
            log_file=work / "final.log",
        ),
    )


def frame(config: StudyConfig, setup: FilterSetup, _: Path) -> Timed:
    """Run (c), the fast engine on the whole frame."""
    exp = weighting(setup.prepared, drizzle_settings(config), reference_dirs={})
    return timed(config, lambda settings: drizzle_frame(setup.prepared, settings, exp))


def boxes(config: StudyConfig, setup: FilterSetup, work: Path) -> Timed:
    """Run (d), the fast engine on boxes; every point gathers its own input pixels."""
    return timed(config, lambda settings: point_pixels(config, setup, settings, work))


def kernel(config: StudyConfig, setup: FilterSetup, _: Path) -> Timed:
    """Run (e): seconds inside the C kernel while (c) runs."""
    from drizzle import cdrizzle

    compiled, inside = cdrizzle.tdriz, [0.0]

    def watched(*arguments: Any, **named: Any) -> Any:
        started = time.perf_counter()
        result = compiled(*arguments, **named)
        inside[0] += time.perf_counter() - started
        return result

    cdrizzle.tdriz = watched
    exp = weighting(setup.prepared, drizzle_settings(config), reference_dirs={})
    seconds = []
    for settings in sampled(config):
        inside[0] = 0.0
        drizzle_frame(setup.prepared, settings, exp)
        seconds.append(inside[0])
    return Timed(seconds, peak_gb())


def alone(function: Callable[..., Any], *arguments: Any) -> Any:
    """Run in a process of its own, so that its peak memory is its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(function, *arguments).result()


@dataclass(frozen=True)
class Sweep:
    """Wall seconds of a whole study and the most memory its processes held together.

    ``own_s`` is what drizzling and measuring a point take in its process;
    ``start_up_s`` passes between the command and the first point.
    """

    seconds: float
    peak_gb: float
    own_s: float
    start_up_s: float


def sweep(name: str, cache: Path, work: Path, *overrides: str) -> Sweep:
    """Run a study from the command line; shared memory counts once (proportional set size)."""
    study_dir = work / f"sweep-{time.time_ns()}"
    command = [
        sys.executable, "-m", "hstdriz_study", "--multirun", f"filter={name}",
        f"prepare.cache_dir={cache}", f"track.tracking_uri=sqlite:///{work}/mlflow.db",
        f"hydra.sweep.dir={study_dir}", *overrides,
    ]  # fmt: skip
    started, started_at = time.perf_counter(), time.time()
    with (work / "sweep.log").open("w") as log:
        process = subprocess.Popen(command, cwd=work, stdout=log, stderr=subprocess.STDOUT)
        peak_kb = 0
        while process.poll() is None:
            peak_kb = max(peak_kb, sum(_pss_kb(pid) for pid in _family(process.pid)))
            time.sleep(0.2)
    if process.returncode:
        raise RuntimeError((work / "sweep.log").read_text()[-2000:])
    seconds = time.perf_counter() - started
    timing = [record.timing_s for record in read_records(study_dir)]
    own_s = statistics.fmean(one["drizzle"] + one["measure"] for one in timing)
    return Sweep(seconds, peak_kb / 1024**2, own_s, _first_begun(study_dir) - started_at)


def _first_begun(study_dir: Path) -> float:
    """Return when the first point of a study began, seconds since the epoch."""
    return min(
        (directory / RECORD_NAME).stat().st_mtime - sum(read_record(directory).timing_s.values())
        for directory in point_directories(study_dir)
    )


def _family(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return [pid]
    return [pid, *(member for child in text.split() for member in _family(int(child)))]


def _pss_kb(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line[:4] == "Pss:"), 0)


def grid_overrides(name: str, n_scales: int, n_pixfracs: int) -> list[str]:
    """Return the overrides of the whole grid or of a part of it."""
    scales, pixfracs = SCALES[name][-n_scales:], PIXFRACS[-n_pixfracs:]
    return [
        f"drizzle.final_scale={','.join(map(str, scales))}",
        f"drizzle.final_pixfrac={','.join(map(str, pixfracs))}",
    ]


def measure_filter(name: str, cache: Path, work: Path) -> None:
    """Print everything about one filter."""
    full = "dataset.full_frame=true"
    config = configuration(name, cache, full)
    found = load_exposures(config)  # simulated here, so that it does not count
    started = time.perf_counter()
    prepare_filter(config, found)
    prepared_s = time.perf_counter() - started
    setup = set_up_filter(config, work / "setup")
    setup_s = time.perf_counter() - started
    print(f"\n{name}: {len(setup.prepared.exposures)} full exposures, ", end="")
    print(f"{len(setup.regions.stars)} stars; preparing {prepared_s:.1f} s, ", end="")
    print(f"preparing and choosing regions {setup_s:.1f} s")
    engines: dict[str, Timed] = {"(a) loop": alone(loop, config, work)}
    for label, function in (
        ("(b) final", final), ("(c) frame", frame), ("(d) boxes", boxes), ("(e) kernel", kernel),
    ):  # fmt: skip
        engines[label] = alone(function, config, setup, work)
    print_engines(name, engines)
    sweep(name, cache, work, full, *grid_overrides(name, 1, 1))  # makes the store
    runs = {
        n * m: sweep(name, cache, work, full, *grid_overrides(name, n, m))
        for n, m in ((2, 3), (3, 8), (len(SCALES[name]), len(PIXFRACS)))
    }
    print_sweeps(engines["(a) loop"].mean, runs, setup_s)


def print_engines(name: str, engines: dict[str, Timed]) -> None:
    """Print seconds a point of the engines, and their ratios."""
    points = [f'{SCALES[name][i]}"/{pixfrac}' for i, pixfrac in SAMPLE]
    print(
        f"{'':>11}" + "".join(f"{point:>12}" for point in points),
        "     mean  loop/x  x/kernel   GB",
    )
    for label, one in engines.items():
        cells = "".join(f"{seconds:>12.2f}" for seconds in one.seconds)
        ratios = engines["(a) loop"].mean / one.mean, one.mean / engines["(e) kernel"].mean
        print(f"{label:>11}{cells} {one.mean:>9.2f} {ratios[0]:>7.1f} {ratios[1]:>9.2f}"
              f" {one.peak_gb:>5.2f}", flush=True)  # fmt: skip


def print_sweeps(loop_s: float, runs: dict[int, Sweep], setup_s: float) -> None:
    """Print whole sweeps beside the loop over as many points."""
    print("  points  sweep s  s a point    GB  loop/sweep  loop/(preparing + sweep)")
    for n_points, one in runs.items():
        whole = loop_s * n_points
        cells = f"{n_points:>8} {one.seconds:>8.1f} {one.seconds / n_points:>10.2f}"
        ratios = f"{whole / one.seconds:>11.1f} {whole / (one.seconds + setup_s):>25.1f}"
        print(f"{cells} {one.peak_gb:>5.2f} {ratios}", flush=True)
    (few, first), (many, last) = min(runs.items()), max(runs.items())
    slope = (last.seconds - first.seconds) / (many - few)
    beyond = slope - last.own_s / cores()
    fixed_s = first.seconds - few * slope
    print(f"  {slope:.2f} s a point more, {fixed_s:.1f} s whatever their number;")
    print(
        f"  {last.own_s:.2f} s to drizzle and measure one in one of {cores()} processes, ", end=""
    )
    print(f"so {beyond:.2f} s a point beyond that;")
    begun = statistics.median(one.start_up_s for one in runs.values())
    print(f"  {begun:.1f} s from the command to the first point")


def growth(name: str, cache: Path, work: Path) -> None:
    """Print how a sweep of 24 points grows with exposures and with pixels."""
    print(f"\n{name}: 24 points, by exposures and pixels (prepared)")
    for overrides in (
        ["dataset.full_frame=false"], ["dataset.full_frame=true", "dataset.n_exposures=2"],
        ["dataset.full_frame=true"], ["dataset.full_frame=true", "dataset.n_exposures=8"],
    ):  # fmt: skip
        config = configuration(name, cache, *overrides)
        setup = set_up_filter(config, work / "growth")
        n_pixels = sum(chip.shape[0] * chip.shape[1] for chip in setup.prepared.chips)
        one = sweep(name, cache, work, *overrides, *grid_overrides(name, 3, 8))
        print(f"  {len(setup.prepared.exposures)} exposures, {n_pixels / 1e6:6.1f} Mpx: "
              f"{one.seconds:6.1f} s, {one.peak_gb:.2f} GB", flush=True)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables of docs/engines.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--filters", nargs="+", default=list(SCALES), choices=list(SCALES))
    parser.add_argument("--cache", type=Path, help="keep the exposures here for another run")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        for name in options.filters:
            measure_filter(name, options.cache or work / "cache", work)
            growth(name, options.cache or work / "cache", work)


if __name__ == "__main__":
    main()
