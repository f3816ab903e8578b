"""Five ways to drizzle the points of a sweep, side by side on the same full-frame exposures.

    (a) loop     one call of AstroDrizzle a point, all steps: what notebooks do
    (b) final    AstroDrizzle's final step alone, on exposures prepared once
    (c) frame    the fast engine on the whole frame
    (d) boxes    the fast engine on the boxes that are measured
    (e) kernel   STScI's C kernel alone on the arrays of (c)

and the whole sweep of 60 points, from the command to the report, measuring and tracking
included, with the memory of all its processes. Run as

    python benchmarks/engines.py                  # full ACS/WFC and WFC3/IR, about forty minutes
    python benchmarks/engines.py --filters f160w  # WFC3/IR alone, about 6 minutes
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cold import measure_cold
from grid import PIXFRACS, SCALES, configuration
from sweeps import grid_overrides, growth, print_sweeps, sweep

from hstdriz_study.drizzlepac_options import one_call_options
from hstdriz_study.field import Field
from hstdriz_study.foreign import confined
from hstdriz_study.prepare.references import reference_environment
from hstdriz_study.prepare.wcs import run_updatewcs
from hstdriz_study.study.config import drizzle_settings, field_options

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hstdriz_study.contracts import DrizzleSettings
    from hstdriz_study.study.config import StudyConfig

    Sample = Sequence[tuple[int, float]]

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


def mean_of(one: Timed, other: Timed) -> Timed:
    """Return the mean of two times of each point."""
    seconds = [statistics.fmean(pair) for pair in zip(one.seconds, other.seconds, strict=True)]
    return Timed(seconds, max(one.peak_gb, other.peak_gb))


def peak_gb() -> float:
    """Return the most memory this process held; ``ru_maxrss`` would count its parent's too."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024**2 for line in lines if line.startswith("VmHWM:"))


def sampled(config: StudyConfig, sample: Sample = SAMPLE) -> list[DrizzleSettings]:
    """Return the settings of the points that are timed one by one."""
    scales = SCALES[config.filter.name]
    return [
        replace(drizzle_settings(config), final_scale_arcsec=scales[i], final_pixfrac=pixfrac)
        for i, pixfrac in sample
    ]


def timed(config: StudyConfig, run: Callable[[DrizzleSettings], object]) -> Timed:
    """Time the sampled points one by one."""
    seconds = []
    for settings in sampled(config):
        started = time.perf_counter()
        run(settings)
        seconds.append(time.perf_counter() - started)
    return Timed(seconds, peak_gb())


def loop(config: StudyConfig, work: Path, sample: Sample = SAMPLE) -> Timed:
    """Run (a), AstroDrizzle with all steps; copying the exposures and updatewcs are not counted."""
    from drizzlepac.astrodrizzle import AstroDrizzle

    field = Field(field_options(config))
    found, steps = field.exposures, field.options.prepare.steps
    seconds = []
    for settings in sampled(config, sample):
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
            AstroDrizzle(names, output="one", **one_call_options(steps, settings))
            seconds.append(time.perf_counter() - started)
    shutil.rmtree(work / "loop")
    return Timed(seconds, peak_gb())


def final(config: StudyConfig, field: Field, work: Path) -> Timed:
    """Run (b), AstroDrizzle's final step."""
    import drizzlepac.astrodrizzle  # noqa: F401 - the import is not counted

    return timed(config, lambda settings: field.image(settings, "astrodrizzle", work))


def frame(config: StudyConfig, field: Field, _: Path) -> Timed:
    """Run (c), the fast engine on the whole frame."""
    return timed(config, lambda settings: field.image(settings, "frame"))


def boxes(config: StudyConfig, field: Field, work: Path) -> Timed:
    """Run (d), the fast engine on boxes; every point gathers its own input pixels."""
    return timed(config, lambda settings: field.pixels(settings, "fast", work))


def kernel(config: StudyConfig, field: Field, _: Path) -> Timed:
    """Run (e): seconds inside the C kernel while (c) runs."""
    from drizzle import cdrizzle

    compiled, inside = cdrizzle.tdriz, [0.0]

    def watched(*arguments: Any, **named: Any) -> Any:
        started = time.perf_counter()
        result = compiled(*arguments, **named)
        inside[0] += time.perf_counter() - started
        return result

    cdrizzle.tdriz = watched
    seconds = []
    for settings in sampled(config):
        inside[0] = 0.0
        field.image(settings, "frame")
        seconds.append(inside[0])
    return Timed(seconds, peak_gb())


def alone(function: Callable[..., Any], *arguments: Any) -> Any:
    """Run in a process of its own, so that its peak memory is its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(function, *arguments).result()


def measure_filter(name: str, cache: Path, work: Path) -> None:
    """Print everything about one filter."""
    full = "dataset.full_frame=true"
    config = configuration(name, cache, full)
    field = Field(field_options(config))
    n_exposures = len(field.exposures.exposures)  # simulated here, so that it does not count
    started = time.perf_counter()
    _ = field.prepared
    prepared_s = time.perf_counter() - started
    n_stars = len(field.regions.stars)
    setup_s = time.perf_counter() - started
    print(f"\n{name}: {n_exposures} full exposures, ", end="")
    print(f"{n_stars} stars; preparing {prepared_s:.1f} s, ", end="")
    print(f"preparing and choosing regions {setup_s:.1f} s")
    first = alone(loop, config, work)
    engines: dict[str, Timed] = {}
    for label, function in (
        ("(b) final", final), ("(c) frame", frame), ("(d) boxes", boxes), ("(e) kernel", kernel),
    ):  # fmt: skip
        engines[label] = alone(function, config, field, work)
    sweep(name, cache, work, full, *grid_overrides(name, 1, 1))  # makes the store
    runs = {
        n * m: sweep(name, cache, work, full, *grid_overrides(name, n, m))
        for n, m in ((2, 3), (3, 8), (len(SCALES[name]), len(PIXFRACS)))
    }
    # before and after the others, because the speed of a shared machine drifts
    both = mean_of(first, alone(loop, config, work))
    print_engines(name, {"(a) loop": both} | engines)
    print_sweeps(both.mean, runs, setup_s)


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
            measure_cold(name, options.cache or work / "cache", work)


if __name__ == "__main__":
    main()
