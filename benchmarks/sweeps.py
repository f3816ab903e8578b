"""Whole studies from the command line: their time, their memory, how both grow."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from grid import PIXFRACS, SCALES, configuration

from hstdriz_study.field import Field
from hstdriz_study.study.config import field_options
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.directory.record import read_record, read_records
from hstdriz_study.workers import cores

if TYPE_CHECKING:
    from collections.abc import Sequence

N_TIMED = 3


@dataclass(frozen=True)
class Sweep:
    """Wall seconds of a whole study and the most memory its processes held together.

    ``tracked_s`` passes between the command and the last point in the tracking
    store; the choice and the report come after it. ``own_s`` is what drizzling
    and measuring a point take in its process; ``start_up_s`` passes between the
    command and the first point.
    """

    seconds: float
    tracked_s: float
    peak_gb: float
    own_s: float
    start_up_s: float


def sweep(name: str, cache: Path, work: Path, *overrides: str) -> Sweep:
    """Run a study from the command line: the median of three, and the memory of a fourth.

    Asking for memory takes time from the study, which is why it is not asked of the timed ones.
    """
    timed = [study(name, cache, work, overrides) for _ in range(N_TIMED)]
    peak_gb = study(name, cache, work, overrides, looks=True).peak_gb
    return replace(sorted(timed, key=lambda one: one.seconds)[N_TIMED // 2], peak_gb=peak_gb)


def study(
    name: str, cache: Path, work: Path, overrides: Sequence[str], *, looks: bool = False
) -> Sweep:
    """Run one study from the command line, and look at its memory if asked."""
    study_dir = StudyDirectory(work / f"sweep-{time.time_ns()}")
    command = [
        sys.executable, "-m", "hstdriz_study", "--multirun", f"filter={name}",
        f"prepare.cache_dir={cache}", f"track.tracking_uri=sqlite:///{work}/mlflow.db",
        f"hydra.sweep.dir={study_dir}", *overrides,
    ]  # fmt: skip
    started, started_at = time.perf_counter(), time.time()
    with (work / "sweep.log").open("w") as log:
        process = subprocess.Popen(command, cwd=work, stdout=log, stderr=subprocess.STDOUT)
        peak_gb = watched(process) if looks else 0.0
        process.wait()
    if process.returncode:
        raise RuntimeError((work / "sweep.log").read_text()[-2000:])
    seconds = time.perf_counter() - started
    timing = [record.timing_s for record in read_records(study_dir)]
    own_s = statistics.fmean(one["drizzle"] + one["measure"] for one in timing)
    tracked = [point_dir.tracked for point_dir in study_dir.points()]
    return Sweep(
        seconds=seconds,
        tracked_s=max(path.stat().st_mtime for path in tracked) - started_at,
        peak_gb=peak_gb,
        own_s=own_s,
        start_up_s=_first_begun(study_dir) - started_at,
    )


def watched(process: subprocess.Popen[bytes]) -> float:
    """Return the most memory, GB, that a process and its children hold together until it ends.

    What they share counts once (proportional set size).
    """
    peak_kb = 0
    while process.poll() is None:
        peak_kb = max(peak_kb, family_pss_kb(process.pid))
        time.sleep(0.2)
    return peak_kb / 1024**2


def _first_begun(study_dir: StudyDirectory) -> float:
    """Return when the first point of a study began, seconds since the epoch."""
    return min(
        point_dir.record.stat().st_mtime - sum(read_record(point_dir).timing_s.values())
        for point_dir in study_dir.points()
    )


def family_pss_kb(pid: int) -> int:
    """Return the memory of a process and its children together; what they share counts once."""
    return sum(_pss_kb(one) for one in _family(pid))


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


def print_sweeps(loop_s: float, runs: dict[int, Sweep], setup_s: float) -> None:
    """Print whole sweeps beside the loop over as many points."""
    print("  points  tracked s  study s  s a point    GB  loop/tracked  loop/study  with preparing")
    for n_points, one in runs.items():
        whole = loop_s * n_points
        cells = f"{n_points:>8} {one.tracked_s:>10.1f} {one.seconds:>8.1f}"
        cells += f" {one.seconds / n_points:>10.2f}"
        ratios = f"{whole / one.tracked_s:>13.1f} {whole / one.seconds:>11.1f}"
        ratios += f" {whole / (one.seconds + setup_s):>15.1f}"
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
        prepared = Field(field_options(config)).prepared
        n_pixels = sum(chip.shape[0] * chip.shape[1] for chip in prepared.chips)
        one = sweep(name, cache, work, *overrides, *grid_overrides(name, 3, 8))
        print(f"  {len(prepared.exposures)} exposures, {n_pixels / 1e6:6.1f} Mpx: "
              f"{one.seconds:6.1f} s, {one.peak_gb:.2f} GB", flush=True)  # fmt: skip
