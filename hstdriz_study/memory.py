"""How much memory this process may take, by machine and limits, and whether it is enough."""

from __future__ import annotations

import logging
import math
import os
import resource
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.disk import size_text
from hstdriz_study.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Of a control group: its limit, what it has taken, and which of that the system gives back.
_VERSIONS = (
    ("", Path(), ("memory.max", "memory.current", "inactive_file")),
    (
        "memory", Path("memory"),
        ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    ),
)  # fmt: skip


log = logging.getLogger(__name__)

_MARGIN = 1.25  # peaks of other exposures than those that were measured


@dataclass(frozen=True)
class Bytes:
    """What one process takes: a flat part, and bytes a pixel of an image and of chips."""

    flat: int
    image_px: float
    chip_px: float

    def of(self, image_pixels: int, chip_pixels: int) -> int:
        """Return the bytes for an image and chips of so many pixels."""
        return math.ceil(self.flat + self.image_px * image_pixels + self.chip_px * chip_pixels)


def require_memory(n_bytes: int, purpose: str, available_bytes: int | None = None) -> None:
    """Refuse work for which there is no memory, and warn where it may be short.

    Parameters
    ----------
    n_bytes : int
        What is predicted.
    purpose : str
        What for, as the subject of a sentence.
    available_bytes : int, optional
        `available_memory` by default.

    Raises
    ------
    StudyError
        With both numbers.
    """
    available = available_memory() if available_bytes is None else available_bytes
    if available is None or _MARGIN * n_bytes <= available:
        return
    told = f"{purpose} takes about {size_text(n_bytes)} of memory and {size_text(available)} are "
    if n_bytes > available:
        raise StudyError(
            f"{told}left; end other programs, ask for more memory, or leave exposures out "
            "(dataset.exclude)"
        )
    log.warning("warning: %sleft; the system may end it", told)


def available_memory(root: Path = Path("/")) -> int | None:
    """Return how many bytes can still be taken; None where the system does not say.

    The least of what the kernel calls available, of what each control group above this process
    leaves (a container's, a batch job's), and of the limit of the process (``ulimit -v``).

    Parameters
    ----------
    root : `~pathlib.Path`
        Where ``proc`` and ``sys`` are.
    """
    limits = [*_of_machine(root), *_of_groups(root), *_of_process()]
    return min(limits, default=None)


def _of_machine(root: Path) -> Iterator[int]:
    with suppress(OSError):
        for line in (root / "proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                yield 1024 * int(line.split()[1])


def _of_process() -> Iterator[int]:
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY:
        yield max(0, limit - _address_space())


def _address_space() -> int:
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0


def _of_groups(root: Path) -> Iterator[int]:
    """Give what is left in each group that this process is in, those above it included."""
    with suppress(OSError):
        for line in (root / "proc/self/cgroup").read_text("utf-8").splitlines():
            _, controllers, inside = line.split(":", 2)
            for controller, below, files in _VERSIONS:
                if controller in controllers.split(",") and bool(controller) == bool(controllers):
                    top = root / "sys/fs/cgroup" / below
                    group = top / inside.lstrip("/")
                    for directory in (group, *group.parents[: len(Path(inside).parts) - 1]):
                        yield from _left(directory, *files)


def _left(group: Path, limit: str, taken: str, given_back: str) -> Iterator[int]:
    with suppress(OSError, ValueError, KeyError):  # no limit is the word "max"
        limited, used = (int((group / name).read_text("ascii")) for name in (limit, taken))
        lines = (group / "memory.stat").read_text("ascii").splitlines()
        stat = dict(line.split() for line in lines)
        yield max(0, limited - used + int(stat[given_back]))
