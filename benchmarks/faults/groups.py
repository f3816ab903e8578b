"""What an undisturbed stage writes, and which of its calls are spoilt."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

KINDS = ("kill", "full", "error")
_NEED_NO_ROOM = ("rename", "unlink", "rmdir")


@dataclass(frozen=True, order=True)
class Group:
    """Calls of one kind on files of one name, numbers and hashes apart, in one stage."""

    stage: str
    call: str
    file: str


@dataclass(frozen=True)
class Fault:
    """What happens to the nth call of a group that a process makes."""

    group: Group
    nth: int
    kind: str

    def __str__(self) -> str:
        return f"{self.group.stage}:{self.group.call}:{self.group.file}:{self.nth}:{self.kind}"

    @classmethod
    def named(cls, text: str) -> Fault:
        """Read what `__str__` has written."""
        stage, call, file, nth, kind = text.split(":")
        return cls(Group(stage, call, file), int(nth), kind)

    def environment(self, mark: Path) -> dict[str, str]:
        """Return what tells the shim."""
        return {
            "FAULTS_CALL": self.group.call, "FAULTS_FILE": self.group.file,
            "FAULTS_NTH": str(self.nth), "FAULTS_KIND": self.kind, "FAULTS_MARK": str(mark),
        }  # fmt: skip


def read_groups(stage: str, trace: str, below: str) -> dict[Group, int]:
    """Return how many calls of each group one process makes at most."""
    counts = Counter(tuple(line.split(" ")) for line in trace.splitlines())
    groups: dict[Group, int] = {}
    for (_, call, file), n in counts.items():
        if file.startswith(below):
            group = Group(stage, call, file)
            groups[group] = max(n, groups.get(group, 0))
    return groups


def plan(groups: Mapping[Group, int], n_random: int, seed: int) -> list[Fault]:
    """Return the faults: of each group one first, then the others of each, then any.

    Of each group the first, a middle and the last call are spoilt, and each in another way.
    """
    rng = random.Random(seed)  # noqa: S311 - no secret
    named = [fault for group, n in sorted(groups.items()) for fault in _named(group, n, rng)]
    rng.shuffle(named)
    first = {fault.group: fault for fault in reversed(named)}
    leading = [fault for fault in named if first[fault.group] is fault]
    return [*leading, *(set_apart(named, leading)), *_any(groups, n_random, rng)]


def _named(group: Group, n: int, rng: random.Random) -> list[Fault]:
    places = [1, (n + 1) // 2, n]
    rng.shuffle(places)
    drawn = zip(places, cycle(_kinds(group)), strict=False)
    return list(dict.fromkeys(Fault(group, nth, kind) for nth, kind in drawn))


def set_apart(faults: Sequence[Fault], others: Sequence[Fault]) -> list[Fault]:
    """Return those that are not among others."""
    known = set(others)
    return [fault for fault in faults if fault not in known]


def _kinds(group: Group) -> tuple[str, ...]:
    """Return what can happen: a disk that is full changes nothing for calls that need no room."""
    return tuple(k for k in KINDS if not (k == "full" and group.call in _NEED_NO_ROOM))


def _any(groups: Mapping[Group, int], n_random: int, rng: random.Random) -> list[Fault]:
    """Draw faults: every call is as likely as any other."""
    drawn = rng.choices(sorted(groups), [groups[g] for g in sorted(groups)], k=n_random)
    return [Fault(g, rng.randint(1, groups[g]), rng.choice(_kinds(g))) for g in drawn]
