"""What a study has come to: equal for equal studies, whatever happened on the way."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits

from hstdriz_study.cache import damage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Ids, times, and what contains them.
_OWN_TAGS = (
    "mlflow.parentRunId", "mlflow.note.content", "study.record_digest", "study.id",
)  # fmt: skip
_RUNS = "SELECT run_uuid, name, status, lifecycle_stage FROM runs"
_LEFT = re.compile(r"\.scratch-.*|.*\.lease|\.driver\.lock|\..+\.\d+|.*\.making.*")


def facts(root: Path) -> dict[str, Any]:
    """Return what must be equal."""
    study = root / "study"
    return {
        "points.ecsv": _text(study / "points.ecsv"),
        "choice.json": _text(study / "choice.json"),
        "points": sorted(path.parent.name for path in study.glob("points/*/record.json")),
        "products": _products(study / "products"),
        "runs": _runs(root / "store"),
    }


def left_over(root: Path, temporary: Path) -> list[str]:
    """Return scratch, and entries of the cache that are not whole."""
    scratch = [path for path in root.rglob("*") if _LEFT.fullmatch(path.name)]
    entries = [path for path in root.glob("cache/*/*") if path.is_dir() and path.name[0] != "."]
    half = [path for path in entries if path.parent.name != "code" and damage(path)]
    return [str(path) for path in (*scratch, *half, *temporary.glob("hstdriz-*"))]


def _text(path: Path) -> str | None:
    return path.read_text() if path.is_file() else None


def _products(directory: Path) -> dict[str, str]:
    return {path.name: _pixels(path) for path in sorted(directory.glob("*.fits"))}


def _pixels(path: Path) -> str:
    with fits.open(path, memmap=False) as hdus:
        arrays = [hdu.data for hdu in hdus if hdu.data is not None and hdu.is_image]
        content = b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)
    return hashlib.sha256(content).hexdigest()


def _runs(store: Path) -> list[Any]:
    with closing(sqlite3.connect(store / "mlflow.db")) as database:
        return sorted(_run(database, store, *row) for row in database.execute(_RUNS).fetchall())


def _run(database: sqlite3.Connection, store: Path, run: str, *shown: str) -> tuple[Any, ...]:
    def values(table: str) -> Iterator[tuple[str, Any]]:
        query = f"SELECT key, value FROM {table} WHERE run_uuid = ? ORDER BY key"  # noqa: S608
        return iter(database.execute(query, (run,)).fetchall())

    metrics = [(k, v) for k, v in values("latest_metrics") if not k.startswith("time/")]
    tags = [(k, v) for k, v in values("tags") if k not in _OWN_TAGS]
    return (*shown, list(values("params")), metrics, tags, _artifacts(store, run))


def _artifacts(store: Path, run: str) -> list[tuple[str, int]]:
    """Return the files of a run; pictures of the grid have times and ids in their names."""
    (root,) = [*store.glob(f"**/{run}/artifacts"), store / "none"][:1]
    names = [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]
    return sorted(Counter(re.sub(r"\+step.*?(\+compressed)?\.", r"\1.", n) for n in names).items())
