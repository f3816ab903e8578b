"""The two engines that prepare exposures, side by side: their files, time and memory.

Each set is prepared by AstroDrizzle and by the fast steps in turn, each time in a cache of its own
and in processes that have imported nothing, and then drizzled by one call of AstroDrizzle with all
its steps, which the times are given in. Differences are counted in every exposure. Run as

    python benchmarks/preparing.py                # full frames, three rounds of times
    python benchmarks/preparing.py --subarrays    # small sets of every kind, no times
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from astropy.io import fits
from grid import configuration
from sweeps import family_pss_kb

from hstdriz_study.drizzlepac_options import (
    COMBINE_TYPES,
    PREPARING_ENGINES,
    one_call_options,
)
from hstdriz_study.field import Field
from hstdriz_study.foreign import confined
from hstdriz_study.good_bits import COSMIC_RAY_BIT
from hstdriz_study.prepare import prepare_filter
from hstdriz_study.prepare.references import reference_environment
from hstdriz_study.prepare.wcs import run_updatewcs
from hstdriz_study.study.config import drizzle_settings, field_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.study.config import StudyConfig

ONE_CALL = "one call"
FULL = "dataset.full_frame=true"
FULL_FRAMES = (("f814w", (FULL,)), ("uvis_f606w", (FULL,)), ("f160w", (FULL,)))
SUBARRAYS = (
    ("f160w", ()),
    ("f160w", ("dataset.pointing_error_px=0", "dataset.n_exposures=2")),
    ("f160w", ("dataset.n_exposures=16",)),
    ("f160w", ("prepare=tweakreg",)),
    ("f160w", ("prepare.skymethod=globalmin",)),
    *(("f160w", (f"filter.cosmic_rays.combine_type={kind}",)) for kind in COMBINE_TYPES),
    ("f814w", ("dataset.n_exposures=2",)),
    ("f814w", ("dataset.pointing_error_px=0",)),
    ("f814w", ("dataset.n_exposures=8",)),
    ("f814w", ("filter.cosmic_rays.combine_type=median",)),
    ("uvis_f606w", ("dataset.n_exposures=2",)),
    ("uvis_f606w", ()),
)
SCALES = {"f814w": 0.03, "uvis_f606w": 0.03, "f160w": 0.06}
N_ROUNDS = 3


class Run(NamedTuple):
    """One preparing, or one call of AstroDrizzle."""

    directory: str
    seconds: float
    cpu_s: float
    peak_gb: float


def work(engine: str, name: str, cache: Path, overrides: Sequence[str]) -> None:
    """Do what is timed, in this process; print where, and the seconds, as JSON."""
    config = configuration(name, cache, *overrides)
    field = Field(field_options(config))
    found, started = field.exposures, time.perf_counter()
    if engine == ONE_CALL:
        directory = _one_call(config, field, cache)
    else:
        settings = replace(field.options.prepare, engine=engine)
        directory = prepare_filter(settings, found).directory
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu_s = sum(one.ru_utime + one.ru_stime for one in used)
    print(json.dumps([str(directory), time.perf_counter() - started, cpu_s]))


def _one_call(config: StudyConfig, field: Field, cache: Path) -> Path:
    directory = cache / "one"
    directory.mkdir()
    names = [exposure.path.name for exposure in field.exposures.exposures]
    for exposure in field.exposures.exposures:
        shutil.copyfile(exposure.path, directory / exposure.path.name)
    settings = replace(
        drizzle_settings(config),
        final_scale_arcsec=SCALES[config.filter.name], final_pixfrac=0.6,
    )  # fmt: skip
    environment = reference_environment(field.exposures.reference_dirs)
    with confined(directory, environment, directory / "log"):
        run_updatewcs(names)
        from drizzlepac.astrodrizzle import AstroDrizzle

        steps = field.options.prepare.steps_of(len(names))
        AstroDrizzle(names, output="one", **one_call_options(steps, settings))
    return directory


def run(engine: str, name: str, cache: Path, overrides: Sequence[str]) -> Run:
    """Do it in a process of its own, and ask it and its children for their memory."""
    command = [sys.executable, __file__, "--work", engine, name, str(cache), *overrides]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    peak_kb = 0
    while process.poll() is None:
        peak_kb = max(peak_kb, family_pss_kb(process.pid))
        time.sleep(0.2)
    assert process.stdout is not None
    said = process.stdout.read()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {said}")
    return Run(*json.loads(said.splitlines()[-1]), peak_kb / 1024**2)


def fresh(work_dir: Path, exposures: Path) -> Path:
    """Give an empty cache that holds the simulated exposures."""
    cache = Path(tempfile.mkdtemp(dir=work_dir))
    (cache / "synthetic").symlink_to(exposures / "synthetic")
    return cache


class Parity(NamedTuple):
    """What differs between the files of two engines, all exposures together."""

    flags: int
    differing: int
    worst: float
    sky: float
    same_files: int
    files: int


def parity(theirs: Path, ours: Path) -> Parity:
    """Count flags, those that differ, the worst exposure's part, skies in parts of their RMS."""
    flags = differing = same = 0
    worst = sky = 0.0
    paths = [*sorted(theirs.glob("*_fl?.fits")), *sorted(theirs.glob("static_*.npy"))]
    for path in paths:
        same += path.read_bytes() == (ours / path.name).read_bytes()
        if path.suffix != ".fits":
            continue
        with fits.open(path) as expected, fits.open(ours / path.name) as found:
            of_exposure = [0, 0]
            for one, other in zip(expected, found, strict=True):
                if one.name == "SCI":
                    rms = 1.4826 * np.median(np.abs(one.data - np.median(one.data)))
                    off = one.header["MDRIZSKY"] - other.header["MDRIZSKY"]
                    sky = max(sky, abs(off) / float(rms))
                if one.name == "DQ":
                    of_exposure[0] += np.count_nonzero(one.data & COSMIC_RAY_BIT)
                    of_exposure[1] += np.count_nonzero(one.data != other.data)
        flags, differing = flags + of_exposure[0], differing + of_exposure[1]
        worst = max(worst, of_exposure[1] / max(1, of_exposure[0]))
    return Parity(flags, differing, worst, sky, same, len(paths))


def compare(name: str, overrides: Sequence[str], exposures: Path, work_dir: Path) -> None:
    """Print one row of the table of differences."""
    caches = [fresh(work_dir, exposures) for _ in PREPARING_ENGINES]
    theirs, ours = (
        run(engine, name, cache, overrides)
        for engine, cache in zip(PREPARING_ENGINES[::-1], caches, strict=True)
    )
    found = parity(Path(theirs.directory), Path(ours.directory))
    told = " ".join(word.split(".")[-1] for word in overrides) or "as shipped"
    print(
        f"| {name} | {told} | {found.flags} | {found.differing} | {found.worst:.1e} | "
        f"{found.sky:.1e} | {found.same_files} of {found.files} |",
        flush=True,
    )
    for cache in caches:
        shutil.rmtree(cache)


def time_set(name: str, overrides: Sequence[str], exposures: Path, work_dir: Path) -> None:
    """Print rows of times and memory: medians of rounds in turn."""
    runs: dict[str, list[Run]] = {engine: [] for engine in (ONE_CALL, *PREPARING_ENGINES)}
    for _ in range(N_ROUNDS):
        for engine, done in runs.items():
            cache = fresh(work_dir, exposures)
            done.append(run(engine, name, cache, overrides))
            shutil.rmtree(cache)
    calls = [one.seconds for one in runs[ONE_CALL]]
    for engine, done in runs.items():
        ratios = [one.seconds / call for one, call in zip(done, calls, strict=True)]
        print(
            f"| {name} | {engine} | {statistics.median(one.seconds for one in done):.1f} | "
            f"{statistics.median(one.cpu_s for one in done):.1f} | "
            f"{statistics.median(ratios):.2f} | {max(one.peak_gb for one in done):.2f} |",
            flush=True,
        )


def main() -> None:
    """Print the tables of docs/engines.md."""
    parser = argparse.ArgumentParser(description="Compare the engines that prepare exposures.")
    parser.add_argument("--subarrays", action="store_true")
    parser.add_argument("--filters", nargs="+")
    arguments = parser.parse_args()
    every_set = SUBARRAYS if arguments.subarrays else FULL_FRAMES
    sets = [one for one in every_set if one[0] in (arguments.filters or SCALES)]
    with tempfile.TemporaryDirectory() as directory:
        exposures, work_dir = Path(directory, "exposures"), Path(directory, "work")
        work_dir.mkdir()
        (exposures / "synthetic").mkdir(parents=True)
        print("| filter | set | flags | differ | worst exposure | sky / RMS | same files |")
        for name, overrides in sets:
            compare(name, overrides, exposures, work_dir)
        if not arguments.subarrays:
            print(f"\n| filter | by | s | core-s | {ONE_CALL}s | GB |")
            for name, overrides in sets:
                time_set(name, overrides, exposures, work_dir)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        work(sys.argv[2], sys.argv[3], Path(sys.argv[4]), sys.argv[5:])
    else:
        main()
