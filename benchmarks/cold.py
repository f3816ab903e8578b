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

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sweeps import Sweep

N_TURNS = 3
ONE = ((1, 0.6),)  # which scale, and the pixfrac, of the call
FULL = "dataset.full_frame=true"
_SYNTHETIC = "synthetic"  # the room of the cache that holds simulated exposures


@dataclass(frozen=True)
class Call:
    """One call of AstroDrizzle with all steps: wall seconds, and the most memory it held."""

    seconds: float
    peak_gb: float


def measure_cold(name: str, cache: Path, work: Path) -> None:
    """Print the cold rows of one filter.

    Parameters
    ----------
    name : str
        Of the filter.
    cache : `~pathlib.Path`
        Where its exposures are, or are simulated now.
    work : `~pathlib.Path`
        A directory of one's own.
    """
    found = Field(field_options(configuration(name, cache, FULL))).exposures
    work = Path(tempfile.mkdtemp(dir=work))
    store_s = _store_s(name, cache, work)
    turns = [(_call(name, cache, work), _cold_study(name, cache, work)) for _ in range(N_TURNS)]
    looked_at = (
        _call(name, cache, work, looks=True),
        _cold_study(name, cache, work, looks=True),
    )
    call_s, study_s, begun_s = (
        statistics.median(seconds)
        for seconds in (
            [call.seconds for call, _ in turns],
            [one.seconds for _, one in turns],
            [one.start_up_s for _, one in turns],
        )
    )
    ratio = statistics.median(one.seconds / call.seconds for call, one in turns)
    n_points = len(SCALES[name]) * len(PIXFRACS)
    print(f"\n{name}, cold: {len(found.exposures)} full exposures, {n_points} points, ", end="")
    print(f"{os.cpu_count()} cores, medians of {N_TURNS} turns")
    print(f"  one AstroDrizzle call     {call_s:7.1f} s  {looked_at[0].peak_gb:5.2f} GB")
    print(f"  cold study                {study_s:7.1f} s  {looked_at[1].peak_gb:5.2f} GB", end="")
    print(f"  = {ratio:.2f} calls; {begun_s:.1f} s of it before the first point")
    print(f"  first making of the store {store_s:7.1f} s more", flush=True)


def _call(name: str, cache: Path, work: Path, *, looks: bool = False) -> Call:
    """Run AstroDrizzle in a process of its own; copying, importing and updatewcs are not timed."""
    command = [sys.executable, __file__, "--one-call", name, "--cache", str(cache)]
    log = work / "call.log"
    with log.open("w") as stream:
        process = subprocess.Popen(command, cwd=work, stdout=stream, stderr=subprocess.STDOUT)
        peak_gb = watched(process) if looks else 0.0
        process.wait()
    if process.returncode:
        raise RuntimeError(log.read_text()[-2000:])
    return Call(float(log.read_text().splitlines()[-1]), peak_gb)


def _one_call(name: str, cache: Path) -> None:
    """Print the seconds of one call, as the loop of ``engines.py`` makes it."""
    from engines import loop

    config = configuration(name, cache, FULL)
    with tempfile.TemporaryDirectory() as directory:
        print(loop(config, Path(directory), ONE).seconds[0])


def _cold_study(name: str, cache: Path, work: Path, *, looks: bool = False) -> Sweep:
    """Run a study with a cache that holds the exposures and nothing else."""
    cold = work / "cold"
    shutil.rmtree(cold, ignore_errors=True)
    shutil.copytree(cache / _SYNTHETIC, cold / _SYNTHETIC, copy_function=os.link)
    whole = grid_overrides(name, len(SCALES[name]), len(PIXFRACS))
    return study(name, cold, work, (FULL, *whole), looks=looks)


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
    parser.add_argument("--one-call", metavar="FILTER", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one_call:
        _one_call(options.one_call, options.cache)
        return
    with tempfile.TemporaryDirectory() as directory:
        for name in options.filters:
            measure_cold(name, options.cache or Path(directory) / "cache", Path(directory))


if __name__ == "__main__":
    main()
