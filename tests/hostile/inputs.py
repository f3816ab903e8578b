"""The table of sets of exposures that cannot be used, by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.hostile.broken.files import no_file, not_fits, packed, truncated
from tests.hostile.broken.keywords import keywords, science_keywords
from tests.hostile.broken.pixels import pixels_of_no_use
from tests.hostile.broken.products import products
from tests.hostile.broken.sets import sets
from tests.hostile.broken.structure import cards, structure

if TYPE_CHECKING:
    from tests.hostile.rows import BrokenInput


def all_inputs() -> list[BrokenInput]:
    """Return the whole table."""
    return [
        *no_file(),
        *not_fits(),
        *truncated(),
        *packed(),
        *products(),
        *keywords(),
        *science_keywords(),
        *structure(),
        *cards(),
        *pixels_of_no_use(),
        *sets(),
    ]
