"""``hstdriz-study cache``: what studies keep to be faster, how much it is, and taking it out."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hstdriz_study.cache import damage, entries, prune
from hstdriz_study.errors import ConfigError
from hstdriz_study.study.run.filter_setup import cached_entries
from hstdriz_study.text_table import aligned

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from hstdriz_study.cache import Entry
    from hstdriz_study.study.directory.layout import StudyDirectory

_GB = 1e9
_DAMAGED = 1


@dataclass(frozen=True)
class Unwanted:
    """Which entries are to go; all that is said must be so.

    Attributes
    ----------
    unused_days : float or None
        Those that no study took for so long.
    max_gb : float or None
        The ones used last that together are no larger than this stay, 1e9 bytes.
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory` or None
        Those that this study took.
    """

    unused_days: float | None = None
    max_gb: float | None = None
    study_dir: StudyDirectory | None = None

    def among(self, found: list[Entry]) -> list[Entry]:
        """Return them, of entries of which the one used last comes first."""
        tests = [test for test in (self._is_old(), self._is_beyond(found), self._is_of()) if test]
        return [entry for entry in found if tests and all(test(entry) for test in tests)]

    def _is_old(self) -> Callable[[Entry], bool] | None:
        if self.unused_days is None:
            return None
        before = datetime.now(UTC) - timedelta(days=self.unused_days)
        return lambda entry: entry.used < before

    def _is_beyond(self, found: list[Entry]) -> Callable[[Entry], bool] | None:
        if self.max_gb is None:
            return None
        left, beyond = self.max_gb * _GB, set()
        for entry in found:
            left -= entry.n_bytes
            if left < 0:
                beyond.add(entry.path)
        return lambda entry: entry.path in beyond

    def _is_of(self) -> Callable[[Entry], bool] | None:
        if self.study_dir is None:
            return None
        of_study = cached_entries(self.study_dir)
        return lambda entry: entry.path in of_study


def print_sizes(cache_dir: Path) -> int:
    """Print how much each stage keeps; return 0."""
    found = entries(cache_dir)
    stages = {entry.stage: [one for one in found if one.stage == entry.stage] for entry in found}
    rows = [[stage, *_summed(of_stage)] for stage, of_stage in sorted(stages.items())]
    _print(aligned(("kept", "entries", "size"), [*rows, ["all", *_summed(found)]]))
    _print(f"in {cache_dir}")
    return 0


def print_entries(cache_dir: Path) -> int:
    """Print every entry, the one used last first; return 0."""
    _print(_table(entries(cache_dir)))
    return 0


def prune_entries(cache_dir: Path, unwanted: Unwanted, *, only_tell: bool) -> int:
    """Remove what is unwanted and not in use, and print it; return 0.

    Raises
    ------
    ConfigError
        If nothing says what is unwanted.
    NotKnownInUseError
        If the file system does not tell what is in use.
    """
    if unwanted == Unwanted():
        raise ConfigError(
            "cache prune: say what is to go: --unused-for DAYS, --max-size GB or --study STUDY_DIR"
        )
    found = [entry for entry in entries(cache_dir) if not entry.is_in_use]
    gone = unwanted.among(found) if only_tell else prune(cache_dir, unwanted.among)
    _print(_table(gone))
    n_entries, size = _summed(gone)
    _print(f"{n_entries} entries, {size}, {'would be' if only_tell else 'were'} removed")
    return 0


def verify_entries(cache_dir: Path) -> int:
    """Read every file that is kept and print what is damaged; return 1 when something is."""
    found = entries(cache_dir)
    damaged = [(entry, said) for entry in found if (said := damage(entry.path))]
    for entry, said in damaged:
        _print(f"{entry.path}: {said}; it is made anew when a study needs it")
    _print(f"{len(found)} entries read, {len(damaged)} damaged")
    return _DAMAGED if damaged else 0


def _table(found: Sequence[Entry]) -> str:
    heads = ("kept", "of", "size", "used last (UTC)", "in use", "directory")
    return aligned(heads, [_row(entry) for entry in found])


def _row(entry: Entry) -> list[str]:
    used = f"{entry.used:%Y-%m-%d %H:%M}"
    in_use = "yes" if entry.is_in_use else "no"
    return [entry.stage, entry.name, _size(entry.n_bytes), used, in_use, str(entry.path)]


def _summed(found: Sequence[Entry]) -> tuple[str, str]:
    return str(len(found)), _size(sum(entry.n_bytes for entry in found))


def _size(n_bytes: float) -> str:
    return f"{n_bytes / 1e6:.1f} MB" if n_bytes < _GB else f"{n_bytes / _GB:.2f} GB"


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
