"""Which processes came of which, and who ends with whom; quick to import."""

from __future__ import annotations

from pathlib import Path

from hstdriz_study.guard import control


def descendants(process: int) -> list[int]:
    """Return the processes that came of one, parents first; without those that have ended."""
    parents, found = _parents(), [process]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def _parents() -> dict[int, int]:
    """Return the parent of every process that runs."""
    if Path("/proc/self/stat").exists():
        stats = [_fields_of(path) for path in Path("/proc").glob("[0-9]*/stat")]
        return {int(pid): int(parent) for pid, state, parent in filter(None, stats) if state != "Z"}
    import subprocess

    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,state=,ppid="], capture_output=True, text=True, check=False
    )
    rows = [line.split() for line in listed.stdout.splitlines()]
    return {int(pid): int(parent) for pid, state, parent in rows if not state.startswith("Z")}


def _fields_of(stat: Path) -> tuple[str, str, str] | None:
    try:
        head, _, tail = stat.read_text(errors="replace").rpartition(")")
    except OSError:
        return None  # it has ended meanwhile
    state, parent = tail.split()[:2]
    return head.partition(" ")[0], state, parent


_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h: what Python has no name for


def adopt_orphans() -> None:
    """Be the parent of those whose parent dies, so that they are found; Linux alone knows that."""
    control(_PR_SET_CHILD_SUBREAPER, 1)
