"""How far a download is: a bar on a terminal, a line a file elsewhere."""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from hstdriz_study.disk import size_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hstdriz_study.fetch.products import Product

log = logging.getLogger(__name__)


@contextmanager
def progress(products: Sequence[Product]) -> Iterator[Callable[[Product, int], None]]:
    """Show how much has come.

    Yields
    ------
    callable
        To be told which product is on its way, and how many of its bytes are there.
    """
    if not sys.stderr.isatty():
        yield _line_a_file(products)
        return
    with click.progressbar(
        length=sum(one.size for one in products), file=sys.stderr, label=" " * _LABEL
    ) as bar:

        def show(product: Product, n_bytes: int) -> None:
            number = products.index(product)
            bar.label = f"{product.name} ({number + 1} of {len(products)})".ljust(_LABEL)
            there = sum(one.size for one in products[:number]) + min(n_bytes, product.size)
            bar.update(there - bar.pos)

        yield show


_LABEL = len("ib1f19l6q_flt.fits (10 of 10)")


def _line_a_file(products: Sequence[Product]) -> Callable[[Product, int], None]:
    begun: set[str] = set()

    def tell(product: Product, n_bytes: int) -> None:
        if product.name in begun:
            return
        begun.add(product.name)
        there = f", {size_text(n_bytes)} of it are there" if n_bytes else ""
        log.info(
            "fetching %s (%d of %d, %s%s)",
            product.name, len(begun), len(products), size_text(product.size), there,
        )  # fmt: skip

    return tell
