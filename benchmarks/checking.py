"""What ``hstdriz-study check`` costs on many exposures: time, core-seconds and the largest process.

Exposures of F160W are simulated first, which is not counted; then ``check`` runs on them from
nothing, and once more with what the cache has. Run as

    OMP_NUM_THREADS=1 python benchmarks/checking.py --exposures 50 --full-frame
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

_KB_PER_MB = 1024
_KEPT = ("synthetic", "code")  # of the cache: exposures, and digests of the code


class Cost(NamedTuple):
    """Of a command and the processes that it has started."""

    elapsed_s: float
    core_s: float
    largest_mb: float
    exit_code: int


def cost_of(command: list[str], directory: Path) -> Cost:
    """Run a command in a directory."""
    started = time.monotonic()
    with (directory / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=directory, stdout=log, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
    elapsed = time.monotonic() - started
    return Cost(
        elapsed,
        used.ru_utime + used.ru_stime,
        used.ru_maxrss / _KB_PER_MB,
        os.waitstatus_to_exitcode(status),
    )


def main() -> None:
    """Print a line a run."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--exposures", type=int, default=50)
    options.add_argument("--full-frame", action="store_true")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        cache = directory / "cache"
        command = [
            sys.executable, "-m", "hstdriz_study", "check", "filter=f160w", "dataset=synthetic",
            f"dataset.n_exposures={asked.exposures}", f"prepare.cache_dir={cache}",
            f"dataset.full_frame={str(asked.full_frame).lower()}",
        ]  # fmt: skip
        cost_of(command, directory)
        for kind in [one for one in cache.iterdir() if one.name not in _KEPT]:
            shutil.rmtree(kind)
        for words in ("from nothing", "again"):
            cost = cost_of(command, directory)
            sys.stdout.write(
                f"{asked.exposures} exposures, {words}: {cost.elapsed_s:.0f} s, "
                f"{cost.core_s:.0f} core-seconds, largest process {cost.largest_mb:.0f} MB, "
                f"exit code {cost.exit_code}\n"
            )


if __name__ == "__main__":
    main()
