"""A user's first study of new files beside one AstroDrizzle call, in turn.

*Cold*: no prepared exposures. The exposures are there and in the page cache, and so are byte code
and the tracking store, whose first making is a row of its own. The study is that of 60 points, from
the command to the report, with every check; memory is that of all processes together, shared pages
once, and is looked at in a turn that is not timed. Part of ``engines.py``, and by itself

    python benchmarks/cold.py                  # about fifteen minutes
    python benchmarks/cold.py --filters f160w  # WFC3/IR alone, about 3 minutes
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grid import PIXFRACS, SCALES, configuration
from sweeps import grid_overrides, study, watched

from hstdriz_study.field import Field
from hstdriz_study.study.config import field_options
from hstdriz_study.workers import cores

if TYPE_CHECKING:
    from collections.abc import Sequence

N_TURNS = 3
ONE = ((1, 0.6),)  # which scale, and the pixfrac, of the call
FULL = "dataset.full_frame=true"
_SYNTHETIC = "synthetic"  # the room of the cache that holds simulated exposures


@dataclass(frozen=True)
class Cold:
    """One call of AstroDrizzle with all steps, or one cold study.

    Wall seconds, those before the first point, processor seconds of all processes, which other
    programs change less, and the most memory that they held together.
    """

    seconds: float
    cpu_s: float
    peak_gb: float
    begun_s: float = 0.0


def measure_cold(name: str, cache: Path, work: Path, n_turns: int = N_TURNS) -> None:
    """Print the cold rows of one filter.

    Parameters
    ----------
    name : str
        Of the filter.
    cache : `~pathlib.Path`
        Where its exposures are, or are simulated now.
    work : `~pathlib.Path`
        A directory of one's own.
    n_turns : int, optional
        So many times a call, then a study; and once more of each, to look at their memory.
    """
    found = Field(field_options(configuration(name, cache, FULL))).exposures
    work = Path(tempfile.mkdtemp(dir=work))
    store_s = _store_s(name, cache, work)
    turns = [(_call(name, cache, work), _study(name, cache, work)) for _ in range(n_turns)]
    looked_at = _call(name, cache, work, looks=True), _study(name, cache, work, looks=True)
    n_points = len(SCALES[name]) * len(PIXFRACS)
    print(f"\n{name}, cold: {len(found.exposures)} full exposures, {n_points} points, ", end="")
    print(f"{cores()} cores, medians of {n_turns} turns")
    print("                              wall s   CPU s     GB")
    for label, runs, looked in zip(
        ("one AstroDrizzle call", "cold study"), zip(*turns, strict=True), looked_at, strict=True
    ):
        wall_s, cpu_s = (_median(runs, of) for of in ("seconds", "cpu_s"))
        print(f"  {label:<25} {wall_s:>8.1f} {cpu_s:>7.1f} {looked.peak_gb:>6.2f}")
    wall, cpu = (
        statistics.median(getattr(study, of) / getattr(call, of) for call, study in turns)
        for of in ("seconds", "cpu_s")
    )
    begun_s = _median([study for _, study in turns], "begun_s")
    print(f"  the study in calls        {wall:>8.2f} {cpu:>7.2f}   {begun_s:.1f} s before a point")
    print(f"  first making of the store {store_s:>8.1f} s more", flush=True)


def _median(runs: Sequence[Cold], of: str) -> float:
    return statistics.median(getattr(one, of) for one in runs)


def _cpu_s() -> float:
    """Return the processor seconds of all processes that were begun here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _call(name: str, cache: Path, work: Path, *, looks: bool = False) -> Cold:
    """Run AstroDrizzle in a process of its own.

    Copying, importing and updatewcs are not in its wall seconds, but in its processor seconds.
    """
    command = [sys.executable, __file__, "--one-call", name, "--cache", str(cache)]
    log, before_s = work / "call.log", _cpu_s()
    with log.open("w") as stream:
        process = subprocess.Popen(command, cwd=work, stdout=stream, stderr=subprocess.STDOUT)
        peak_gb = watched(process) if looks else 0.0
        process.wait()
    if process.returncode:
        raise RuntimeError(log.read_text()[-2000:])
    return Cold(float(log.read_text().splitlines()[-1]), _cpu_s() - before_s, peak_gb)


def _one_call(name: str, cache: Path) -> None:
    """Print the seconds of one call, as the loop of ``engines.py`` makes it."""
    from engines import loop

    config = configuration(name, cache, FULL)
    with tempfile.TemporaryDirectory() as directory:
        print(loop(config, Path(directory), ONE).seconds[0])


def _study(name: str, cache: Path, work: Path, *, looks: bool = False) -> Cold:
    """Run a study with a cache that holds the exposures and nothing else."""
    cold = work / "cold"
    shutil.rmtree(cold, ignore_errors=True)
    shutil.copytree(cache / _SYNTHETIC, cold / _SYNTHETIC, copy_function=os.link)
    whole = grid_overrides(name, len(SCALES[name]), len(PIXFRACS))
    before_s = _cpu_s()
    one = study(name, cold, work, (FULL, *whole), looks=looks)
    return Cold(one.seconds, _cpu_s() - before_s, one.peak_gb, one.start_up_s)


def _store_s(name: str, cache: Path, work: Path) -> float:
    """Return what a study of one point takes longer where there is no store yet."""
    cold = work / "warm"
    shutil.copytree(cache / _SYNTHETIC, cold / _SYNTHETIC, copy_function=os.link)
    point = (FULL, *grid_overrides(name, 1, 1))
    study(name, cold, work, point)  # prepares, and makes a store
    (work / "mlflow.db").unlink()
    made, there = (study(name, cold, work, point).seconds for _ in range(2))
    return made - there


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the cold table of docs/engines.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--filters", nargs="+", default=list(SCALES), choices=list(SCALES))
    parser.add_argument("--cache", type=Path, help="keep the exposures here for another run")
    parser.add_argument("--turns", type=int, default=N_TURNS)
    parser.add_argument("--one-call", metavar="FILTER", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one_call:
        _one_call(options.one_call, options.cache)
        return
    with tempfile.TemporaryDirectory() as directory:
        for name in options.filters:
            cache = options.cache or Path(directory) / "cache"
            measure_cold(name, cache, Path(directory), options.turns)


if __name__ == "__main__":
    main()
