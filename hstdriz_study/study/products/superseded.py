"""From a directory of products to one that holds only those of what is chosen now."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from astropy.io import fits

from hstdriz_study.study.products.cards import POINT_KEY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from hstdriz_study.study.directory.layout import ProductsDirectory

log = logging.getLogger(__name__)

TO_POINT = "TOPOINT"
"""Key of the point whose PSF a kernel gives, in its header."""


def set_aside_others(products: ProductsDirectory, chosen: Collection[str]) -> None:
    """Move what was made of other points than these to ``products/superseded/``.

    Parameters
    ----------
    products : `~hstdriz_study.study.directory.layout.ProductsDirectory`
    chosen : collection of str
        Keys of the points that are chosen now.
    """
    others = [path for path in products.path.glob("*.fits") if not _points_of(path) <= set(chosen)]
    if others:
        log.info(
            "of points that are no longer chosen, kept in %s: %s",
            products.superseded, ", ".join(sorted(path.name for path in others)),
        )  # fmt: skip
    set_aside(products, others)


def set_aside(products: ProductsDirectory, paths: Iterable[Path]) -> None:
    """Move files to ``products/superseded/``, in place of those of their name there."""
    for path in paths:
        products.superseded.mkdir(exist_ok=True)
        path.replace(products.superseded / path.name)


def _points_of(path: Path) -> set[str]:
    """Return the keys of the points that a file was made of; none of what does not say so."""
    try:
        header = fits.getheader(path)
    except OSError:  # cut short: whoever uses it says so
        return set()
    return {header[keyword] for keyword in (POINT_KEY, TO_POINT) if keyword in header}
