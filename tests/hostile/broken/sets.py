"""Exposures that are sound and do not belong together."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.hostile.edits import (
    SCIENCE,
    keyword,
    zipped,
)
from tests.hostile.rows import BrokenInput, all_four, of_set, second

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path


def sets() -> Iterator[BrokenInput]:
    kind = "sets"

    def beside(
        name: str, make: Callable[[Path, Path], object]
    ) -> Callable[[Sequence[Path]], object]:
        return lambda paths: make(paths[1], paths[1].with_name(name))

    twice = "is there more than once"
    yield of_set(
        kind,
        "one exposure alone",
        "only one exposure",
        lambda ps: [p.unlink() for i, p in enumerate(ps) if i != 1],
    )
    yield of_set(
        kind, "none", "holds no *_flt.fits", lambda ps: [p.unlink() for p in ps], names_file=False
    )
    yield of_set(kind, "a copy of other name", twice, beside("a_flt.fits", shutil.copyfile))
    yield of_set(
        kind, "a link of other name", twice, beside("a_flt.fits", lambda p, q: q.symlink_to(p))
    )
    yield of_set(
        kind,
        "a hard link of other name",
        twice,
        beside("a_flt.fits", lambda p, q: q.hardlink_to(p)),
    )
    yield of_set(
        kind,
        "a copy packed of other name",
        twice,
        beside("a_flt.fits", lambda p, q: zipped(shutil.copyfile(p, q))),
    )
    yield of_set(
        kind,
        "two hundred copies",
        twice,
        lambda ps: [(ps[1].with_name(f"c{n:03d}_flt.fits")).symlink_to(ps[1]) for n in range(200)],
        names_file=False,
    )
    yield of_set(
        kind,
        "names that are one after copying",
        "their copies would have one name",
        _colliding,
        names_file=False,
    )
    yield all_four(
        kind,
        "of another filter",
        "no WFC3/IR F160W exposures",
        lambda p: keyword(p, "FILTER", "F110W"),
    )
    yield all_four(
        kind,
        "of another detector",
        "no WFC3/IR F160W exposures",
        lambda p: keyword(p, "DETECTOR", "UVIS"),
    )
    yield second(
        kind,
        "another place on the sky",
        "no part of the sky",
        lambda p: keyword(p, "CRVAL2", 60.0, SCIENCE),
    )
    yield second(
        kind,
        "another pixel scale",
        "pixel scales",
        lambda p: [keyword(p, n, 1e-4, SCIENCE) for n in ("CD1_1", "CD2_2")],
    )


def _colliding(paths: Sequence[Path]) -> None:
    paths[1].replace(paths[1].with_name("a[1_flt.fits"))
    paths[2].replace(paths[2].with_name("a]1_flt.fits"))
