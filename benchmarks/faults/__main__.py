"""Kill a small study, or deny it the disk, at every kind of write it makes; then let it go on.

    python -m benchmarks.faults                      everything, at most three hours
    python -m benchmarks.faults --minutes 5 --random 0 --seed 7     a sample, as CI takes it
    python -m benchmarks.faults --log faults.jsonl   goes on where it was stopped
    python -m benchmarks.faults --only 'sweep:write:study/points.ecsv:1:kill'

An undisturbed study is traced (`shim.c`), its calls are grouped by call, file name and stage
(`groups.py`), and one call at a time is spoilt. The command is then given again: tables, choice
and store must equal those of the undisturbed study (`outcome.py`), nothing may be left over.
Needs Linux and a C compiler.
"""

from __future__ import annotations

import argparse
import json
import platform
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.faults.groups import Fault, plan, read_groups, set_apart
from benchmarks.faults.outcome import facts, left_over
from benchmarks.faults.stages import HUNG, STAGES, Place, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.faults.groups import Group
    from benchmarks.faults.stages import Ended

WENT_ON, SENTENCE, KILLED, NOT_HIT = "went on", "ended with a sentence", "killed", "not hit"


def main() -> int:
    """Run what was asked; the exit code is 1 if something is lost, or a group was not hit."""
    asked = _arguments()
    if platform.system() != "Linux" or shutil.which("gcc") is None:
        print("skipped: needs Linux and gcc")
        return 0
    with tempfile.TemporaryDirectory(prefix="hstdriz-faults-") as directory:
        base = Path(directory).resolve()
        shim = _built(base)
        places = [Place(base / str(n), shim) for n in range(asked.places)]
        try:
            return _run(asked, places)
        finally:
            for place in places:
                place.end()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=180.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--random", type=int, default=200, help="faults beside those of groups")
    parser.add_argument("--places", type=int, default=2, help="studies at a time")
    parser.add_argument("--stage", action="append", choices=list(STAGES), help="all by default")
    parser.add_argument("--only", action="append", help="one fault, as it is printed")
    parser.add_argument("--log", type=Path, help="gets a line of JSON for each fault; goes on")
    return parser.parse_args()


def _built(base: Path) -> Path:
    shim = base / "shim.so"
    source = Path(__file__).with_name("shim.c")
    command = ["gcc", "-O1", "-shared", "-fPIC", "-o", str(shim), str(source), "-ldl"]
    subprocess.run(command, check=True)
    return shim


def _run(asked: argparse.Namespace, places: list[Place]) -> int:
    until = time.monotonic() + 60 * asked.minutes
    only = [Fault.named(text) for text in asked.only or ()]
    wanted = {fault.group.stage for fault in only} or set(asked.stage or STAGES)
    stages = [stage for stage in STAGES.values() if stage.name in wanted]
    groups, expected = _undisturbed(stages, places)
    n_calls = sum(groups.values())
    told = f"{len(groups)} groups, {n_calls} calls of one process at most; seed {asked.seed}"
    print(told, flush=True)
    faults = only or plan(groups, asked.random, asked.seed)
    earlier = [] if only else _earlier(asked.log)
    waiting = set_apart(faults, [fault for fault, _, _ in earlier])
    results = earlier + _spoilt(waiting, places, expected, until, asked.log)
    return _told(results, groups, whole=len(results) >= len(faults) and not only)


def _earlier(log: Path | None) -> list[tuple[Fault, str, str]]:
    """Return what a log has of faults that did no harm."""
    if log is None or not log.is_file():
        return []
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return [(Fault.named(name), outcome, wrong) for name, outcome, wrong in lines if not wrong]


def _undisturbed(
    stages: Sequence[Stage], places: list[Place]
) -> tuple[dict[Group, int], dict[tuple[Path, str], dict[str, Any]]]:
    """Trace each stage, and keep what it comes to in each place."""
    with ThreadPoolExecutor(len(places)) as pool:
        traced = list(pool.map(lambda place: [_traced(stage, place) for stage in stages], places))
    expected = {
        (place.base, stage.name): found
        for place, of_place in zip(places, traced, strict=True)
        for stage, (_, found) in zip(stages, of_place, strict=True)
    }
    groups: dict[Group, int] = {}
    for stage, (trace, _) in zip(stages, traced[0], strict=True):
        groups |= read_groups(stage.name, trace, stage.below)
    return groups, expected


def _traced(stage: Stage, place: Place) -> tuple[str, dict[str, Any]]:
    trace = place.base / "trace"
    place.begin(stage)
    trace.unlink(missing_ok=True)
    ended = place.run(stage, {"FAULTS_TRACE": str(trace)})
    found = left_over(place.root, place.base / "tmp")
    if ended.code or found:
        raise SystemExit(f"{stage.name}: fails without a fault {found}\n{ended.said}")
    return trace.read_text(), facts(place.root)


def _spoilt(
    faults: list[Fault],
    places: list[Place],
    expected: Mapping[tuple[Path, str], dict[str, Any]],
    until: float,
    log: Path | None,
) -> list[tuple[Fault, str, str]]:
    """Try the faults in several places at a time, until the time is over."""
    waiting: queue.SimpleQueue[Fault] = queue.SimpleQueue()
    for fault in faults:
        waiting.put(fault)
    results: list[tuple[Fault, str, str]] = []

    def work(place: Place) -> None:
        while time.monotonic() < until and not waiting.empty():
            fault = waiting.get()
            outcome, wrong = _tried(fault, place, expected[place.base, fault.group.stage])
            results.append((fault, outcome, wrong))
            print(f"{len(results)} {fault}: {outcome}{wrong and f'; WRONG: {wrong}'}", flush=True)
            if log is not None:
                with log.open("a") as stream:
                    stream.write(json.dumps([str(fault), outcome, wrong]) + "\n")

    threads = [threading.Thread(target=work, args=[place]) for place in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _tried(fault: Fault, place: Place, expected: dict[str, Any]) -> tuple[str, str]:
    """Return what the fault did, and what was wrong with it or after it."""
    stage, mark = STAGES[fault.group.stage], place.base / "mark"
    place.begin(stage)
    mark.unlink(missing_ok=True)
    ended = place.run(stage, fault.environment(mark))
    hit = mark.is_file()
    outcome, wrong = _judged(fault, ended, hit=hit)
    if left := place.processes():
        wrong.append(f"processes left: {left}")
    again = place.run(stage, {})
    if again.code:
        wrong.append(f"given again: exit code {again.code}: {_last(again.said)}")
        print(again.said)
    found = facts(place.root) if not again.code else {}
    wrong += [
        f"{name} differs: {_first_difference(found[name], expected[name])}"
        for name in found
        if found[name] != expected[name]
    ]
    if left_behind := left_over(place.root, place.base / "tmp"):
        wrong.append(f"left: {[Path(path).name for path in left_behind]}")
    shutil.rmtree(place.base / "tmp")
    return outcome, "; ".join(wrong)


def _judged(fault: Fault, ended: Ended, *, hit: bool) -> tuple[str, list[str]]:
    if not hit:
        return NOT_HIT, []
    if ended.code == HUNG:
        return "hung", ["hung"]
    if fault.kind == "kill":
        return KILLED, []
    wrong = []
    if "Traceback (most recent" in ended.said:
        wrong.append("a traceback")
        print(ended.said)
    if ended.code == 0:
        return WENT_ON, wrong
    if not ended.said.strip():
        wrong.append(f"exit code {ended.code} without a word")
    return SENTENCE, wrong


def _first_difference(found: Any, expected: Any) -> str:
    """Say where two values of lists, tuples and others begin to differ."""
    if isinstance(found, list | tuple) and len(found) == len(expected):
        pairs = zip(found, expected, strict=True)
        return next(_first_difference(*pair) for pair in pairs if pair[0] != pair[1])
    if isinstance(found, list | tuple):
        return str([*(one for one in found if one not in expected), "not"])[:300]
    return f"{str(found)[:200]} not {str(expected)[:200]}"


def _last(said: str) -> str:
    return (said.strip().splitlines() or [""])[-1][:200]


def _told(
    results: list[tuple[Fault, str, str]], groups: Mapping[Group, int], *, whole: bool
) -> int:
    """Print the table; return the exit code."""
    outcomes = [WENT_ON, SENTENCE, KILLED, NOT_HIT]
    table: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for fault, outcome, wrong in results:
        table[fault.group.stage, fault.kind]["wrong" if wrong else outcome] += 1
    print("\n| stage | fault | " + " | ".join([*outcomes, "wrong"]) + " |")
    print("|---|---|" + "---|" * (len(outcomes) + 1))
    for (stage, kind), counts in sorted(table.items()):
        cells = [str(counts[name]) for name in (*outcomes, "wrong")]
        print(f"| {stage} | {kind} | {' | '.join(cells)} |")
    wrong = [(fault, what) for fault, _, what in results if what]
    hit = {fault.group for fault, outcome, _ in results if outcome != NOT_HIT}
    tried = {fault.group for fault, _, _ in results}
    missed = sorted((set(groups) if whole else tried) - hit)
    print(f"\n{len(results)} faults; {len(hit)} of {len(groups)} groups hit")
    for group in missed:
        print(f"not hit: {group.stage}:{group.call}:{group.file}")
    for fault, what in wrong:
        print(f"wrong: --only '{fault}': {what}")
    return int(bool(wrong or missed))


if __name__ == "__main__":
    sys.exit(main())
