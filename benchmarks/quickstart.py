"""Run the quick start on other seeds, and print whether its choices are inside the grid and firm.

    python benchmarks/quickstart.py DIR 7 26 [KEY=VALUE ...]

The numbers are the first and the last seed. Each has another sky and other noise; its study is kept
in DIR, and one that is there already is not run again. A choice is firm that is another in under
20 % of the resamples.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hstdriz_study.json_files import read_json

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRM = 0.2


@dataclass(frozen=True)
class Outcome:
    """What the quick start chose for one filter on one seed."""

    seed: int
    filter: str
    taken: str
    edges: tuple[str, ...]
    changed: float

    @property
    def holds(self) -> bool:
        """Whether the choice is inside the grid and firm."""
        return not self.edges and self.changed < FIRM

    def __str__(self) -> str:
        inside = "inside" if not self.edges else ", ".join(self.edges)
        row = f"{self.seed:>4}  {self.filter}  {self.taken:<12}  {self.changed:7.1%}  {inside}"
        return row if self.holds else f"{row}  not held"


def main() -> None:
    """Print a row a seed and filter, then on how many seeds all filters hold."""
    place, first, last, *overrides = sys.argv[1:]
    seeds = range(int(first), int(last) + 1)
    held = 0
    print("seed  filter  choice        changed  grid", flush=True)
    for seed in seeds:
        found = outcomes(Path(place).resolve(), seed, overrides)
        for one in found:
            print(one, flush=True)
        held += all(one.holds for one in found)
    print(f"inside the grid and firm on {held} of {len(seeds)} seeds")


def outcomes(place: Path, seed: int, overrides: Sequence[str] = ()) -> list[Outcome]:
    """Run the quick start on one seed, and read what it chose."""
    study, kept = place / f"seed-{seed}", place / f"seed-{seed}" / "choice.json"
    if not kept.is_file():
        place.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable, "-m", "hstdriz_study", "sweep", "study=quickstart",
            f"dataset.seed={seed}", f"hydra.sweep.dir={study}",
            f"track.tracking_uri=sqlite:///{place}/mlflow.db", *overrides,
        ]  # fmt: skip
        subprocess.run(command, cwd=place, check=True, capture_output=True)
    return [_outcome(seed, choice) for choice in read_json(kept)["choices"]]


def _outcome(seed: int, choice: dict[str, Any]) -> Outcome:
    scale, pixfrac = choice["final_scale_arcsec"], choice["final_pixfrac"]
    return Outcome(
        seed, choice["filter"], f'{scale:.4g}" {pixfrac:g}',
        tuple(map(str, choice["grid_edges"])), choice["resampling"]["changed"],
    )  # fmt: skip


if __name__ == "__main__":
    main()
