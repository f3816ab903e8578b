"""From a question to a folder that holds its answer: exposures, calibration files, manifest."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from functools import cache, partial
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from hstdriz_study.dataset.left_out import exposure_files
from hstdriz_study.disk import require_free, size_text
from hstdriz_study.errors import DatasetError
from hstdriz_study.fetch.attempts import PassingError, persistently
from hstdriz_study.fetch.manifest import now, read_manifest
from hstdriz_study.fetch.mast import ARCHIVE, exposures_in_mast, server
from hstdriz_study.fetch.progress import progress
from hstdriz_study.fetch.references import fetch_references, wanted_references
from hstdriz_study.fetch.transfer import Part, transfer
from hstdriz_study.fetch.whole import why_not_whole
from hstdriz_study.prepare.references import DISTORTION_KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from hstdriz_study.fetch.manifest import Manifest
    from hstdriz_study.fetch.products import Product
    from hstdriz_study.fetch.settings import FetchSettings

log = logging.getLogger(__name__)

_LOCK = ".fetching.lock"
_SILENT_S = 2.0  # of waiting for another process


def fetch_answer(
    settings: FetchSettings, keywords: Iterable[str] = DISTORTION_KEYWORDS
) -> tuple[str, ...]:
    """Have all that a filter's exposures need in a folder; what is there is not fetched again.

    Parameters
    ----------
    settings : `~hstdriz_study.fetch.settings.FetchSettings`
    keywords : iterable of str
        Those whose calibration files are to be there.

    Returns
    -------
    tuple of str
        A sentence for each calibration file that could not be had.

    Raises
    ------
    DatasetError
        If the archive has no such exposures, does not answer, or a file in the folder is not
        what was fetched.
    """
    ask = cache(partial(exposures_in_mast, settings))
    if not settings.folder.exists():
        ask()  # before there is a folder: whoever ends this while no answer comes leaves none
    with _made(settings.folder), _alone(settings.folder):
        manifest = read_manifest(settings.folder, settings.question)
        exposures = _exposures(manifest, settings, ask)
        wanted = wanted_references(exposures, keywords, settings.reference_dirs)
        return tuple(fetch_references(wanted, manifest, settings))


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Make a folder; afterwards it is gone again if nothing has come into it."""
    new = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise DatasetError(
            f"dataset.path={folder}: there is a file of this name, or of a directory above; name "
            "a directory to fetch to"
        ) from None
    try:
        yield
    finally:
        if new and [path.name for path in folder.iterdir()] == [_LOCK]:
            (folder / _LOCK).unlink()
            for one in new:
                one.rmdir()


def _exposures(
    manifest: Manifest, settings: FetchSettings, ask: Callable[[], list[Product]]
) -> list[Path]:
    """Return the exposures of the filter; ask for them unless all are there."""
    name, folder = settings.wanted.name, settings.folder
    known = manifest.filters.get(name, {}).get("exposures", [])
    if known and all(manifest.holds(one) for one in known):
        _refuse_strangers(manifest)
        log.info("%s: %d exposures are in %s; nothing is asked", name, len(known), folder)
        return [folder / one for one in known]
    products = ask()
    missing = [one for one in products if not _is_there(one, manifest)]
    _refuse_strangers(manifest)
    log.info("%s: %s", name, _told(products, missing, folder))
    _fetch_all(missing, manifest, settings)
    manifest.filters[name] = {"asked": now(), "exposures": [one.name for one in products]}
    manifest.write()
    return [folder / one.name for one in products]


def _told(products: Sequence[Product], missing: Sequence[Product], folder: Path) -> str:
    there = len(products) - len(missing)
    rest = f"{len(missing)} to fetch ({size_text(sum(one.size for one in missing))})"
    return f"{len(products)} exposures, {there} of them in {folder}, {rest}"


def _is_there(product: Product, manifest: Manifest) -> bool:
    """Tell whether an exposure is there; one that somebody else put there is looked through.

    Raises
    ------
    DatasetError
        If it was changed, or is of another version than the archive's.
    """
    place = manifest.folder / product.name
    if manifest.holds(product.name):
        known = manifest.files[product.name]
        if known.get("listed_size", known["size"]) != product.size:
            raise DatasetError(
                f"{place}: {ARCHIVE} now has another version ({product.size} bytes, not "
                f"{known['size']}); remove it to fetch that, and the other exposures with it"
            )
        return True
    if not place.is_file():
        return False
    if place.stat().st_size != product.size or why_not_whole(place, product.rootname):
        raise DatasetError(
            f"{place}: is there and is not what {ARCHIVE} has; move it, or name another directory, "
            "dataset.path=DIR"
        )
    manifest.add(product.name, product.uri)
    return True


def _fetch_all(missing: Sequence[Product], manifest: Manifest, settings: FetchSettings) -> None:
    require_free(settings.folder, sum(one.size for one in missing), "the exposures", "dataset.path")
    show = progress(missing)
    for product in missing:
        _fetch(product, manifest, settings, show)


def _fetch(
    product: Product,
    manifest: Manifest,
    settings: FetchSettings,
    show: Callable[[Product, int], None],
) -> None:
    """Fetch one exposure; what is not whole never gets its name."""
    place = settings.folder / product.name
    part = Part.of(place)
    silence_s = settings.patience.silence_s

    def attempt() -> None:
        total = transfer(server(), product.uri, part, silence_s, partial(show, product))
        if lacking := _lacking(product, part, total):
            part.forget()
            raise PassingError(f"what came is not whole: {lacking}")

    persistently(attempt, settings.patience, product.name)
    part.put(place)
    manifest.add(product.name, product.uri, product.size)
    if (size := place.stat().st_size) != product.size:
        log.warning(
            "warning: %s: %s lists %d bytes and has %d; the file is whole",
            product.name, ARCHIVE, product.size, size,
        )  # fmt: skip


def _lacking(product: Product, part: Part, total: int | None) -> str | None:
    """Say what a file lacks; sizes in the archive's list are not always those of its files."""
    if total is None and part.size != product.size:
        return f"{part.size} bytes came and {product.size} are listed"
    return why_not_whole(part.path, product.rootname)


def _refuse_strangers(manifest: Manifest) -> None:
    """Refuse exposures that are no part of the answer: a study would take them for it."""
    for path in exposure_files(manifest.folder):
        if (name := path.relative_to(manifest.folder).as_posix()) not in manifest.files:
            raise DatasetError(
                f"{manifest.folder / name}: is not of {ARCHIVE}'s answer and would be taken for "
                "it; move it, or name another directory, dataset.path=DIR"
            )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time fetch into a folder."""
    lock = FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=_SILENT_S)
    except Timeout:
        log.info("%s: waiting for another process, which fetches", folder)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
