"""How far a download is, of all files together."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from hstdriz_study.disk import size_text
from hstdriz_study.progress import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hstdriz_study.fetch.products import Product

log = logging.getLogger(__name__)


def progress(products: Sequence[Product]) -> Callable[[Product, int], None]:
    """Return what is to be told which product is on its way, and how many of its bytes are there.

    It says each product as it begins, and meanwhile how much of all has come.
    """
    begun: set[str] = set()
    total = sum(one.size for one in products)

    def tell(product: Product, n_bytes: int) -> None:
        number = products.index(product)
        if product.name not in begun:
            begun.add(product.name)
            there = f", {size_text(n_bytes)} of it are there" if n_bytes else ""
            log.info(
                "fetching %s (%d of %d, %s%s)",
                product.name, len(begun), len(products), size_text(product.size), there,
            )  # fmt: skip
        come = sum(one.size for one in products[:number]) + min(n_bytes, product.size)
        log.info(Part("fetching", come, total, f"{size_text(come)} of {size_text(total)}"))

    return tell
