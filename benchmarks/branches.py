"""Print how many branches of a room the tests take, and fail where one is below a limit.

    python benchmarks/branches.py COVERAGE.json PERCENT ROOM [ROOM ...]

``make coverage`` runs the tests and writes the file. coverage's own ``--fail-under`` holds a figure
of lines and branches together against the limit; lines are taken far more easily.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

PACKAGE = "hstdriz_study"


def main() -> None:
    """Print a row for each room, and exit with 1 when one of them is below the limit."""
    path, limit, *rooms = sys.argv[1:]
    files = json.loads(Path(path).read_text("utf-8"))["files"]
    shares = {room: _share(files, room) for room in rooms}
    for room, share in shares.items():
        print(f"{room:<12} {share:6.1%} of the branches")
    sys.exit(any(100 * share < float(limit) for share in shares.values()))


def _share(files: dict[str, dict[str, dict[str, int]]], room: str) -> float:
    found = [of["summary"] for name, of in files.items() if name.startswith(f"{PACKAGE}/{room}/")]
    taken = sum(summary["covered_branches"] for summary in found)
    return taken / sum(summary["num_branches"] for summary in found)


if __name__ == "__main__":
    main()
