"""The files of a directory that are worth a place in the artifact store."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Pictures of a point are sent one by one, for the grid; here they would stand twice.
POINT_ARTIFACTS = ("record.json", "replicates.npz", "*.ecsv", "*.log")
STUDY_ARTIFACTS = (
    "study.json",
    "choice.json",
    "report.md",
    "report.html",
    "points.ecsv",
    "make_product_*.py",
    "multirun.yaml",
    "plan.json",
    "refinement.json",
    "*.log",
    "figures/**/*.png",
    "figures/**/*.svg",
    "filters/**/*.png",
    "filters/**/*.svg",
    "filters/**/*.ecsv",
    "filters/**/*.json",
    "filters/**/*.txt",
)


@contextmanager
def staged(directory: Path, patterns: Sequence[str]) -> Iterator[Path]:
    """Collect links to the files that match in a temporary directory, to be sent in one call.

    Parameters
    ----------
    directory : `~pathlib.Path`
    patterns : sequence of str
        Relative to `directory`.

    Yields
    ------
    `~pathlib.Path`
    """
    with tempfile.TemporaryDirectory(prefix="hstdriz-study-") as name:
        root = Path(name)
        for pattern in patterns:
            for path in sorted(directory.glob(pattern)):
                relative = path.relative_to(directory)
                (root / relative).parent.mkdir(parents=True, exist_ok=True)
                # a link is enough: the store reads the file through it
                (root / relative).symlink_to(path.absolute())
        yield root
