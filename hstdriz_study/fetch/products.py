"""From the archive's list of products to the calibrated exposures among them, each once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

# The pipeline's names, IPPPSSOOT; those of HAP and HLA copies are longer.
_EXPOSURE = re.compile(r"(?P<rootname>[a-z0-9]{9})_fl[tc]\.fits")


@dataclass(frozen=True)
class Product:
    """A file of the archive.

    Attributes
    ----------
    name : str
        Of the file.
    uri : str
        What the archive gives it out for.
    size : int
        In bytes, as the archive lists it.
    obs_ids : frozenset of str
        What it belongs to: itself, and the association, lower case.
    public : bool
        Whether everyone may have it.
    """

    name: str
    uri: str
    size: int
    obs_ids: frozenset[str] = frozenset()
    public: bool = True

    @property
    def rootname(self) -> str:
        """The exposure's name, lower case."""
        return self.name.partition("_")[0].lower()


def exposures_of(products: Iterable[Product], obs_ids: Collection[str] = ()) -> list[Product]:
    """Keep the calibrated exposures, each once and corrected for charge transfer where it can be.

    Parameters
    ----------
    products : iterable of `Product`
        Everything that belongs to some observations.
    obs_ids : collection of str
        Exposures and associations that are wanted, lower case; without any, all are.

    Returns
    -------
    list of `Product`
        By name: of an exposure its flc, and its flt where there is no flc.
    """
    taken: dict[str, Product] = {}
    for product in sorted(products, key=lambda one: one.name):
        if not _EXPOSURE.fullmatch(product.name) or not _is_wanted(product, obs_ids):
            continue
        taken.setdefault(product.rootname, product)  # flc stands before flt
    return list(taken.values())


def _is_wanted(product: Product, obs_ids: Collection[str]) -> bool:
    return not obs_ids or not product.obs_ids.union({product.rootname}).isdisjoint(obs_ids)
