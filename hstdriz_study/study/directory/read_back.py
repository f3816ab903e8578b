"""In what the products of a study are not what it has measured, kept beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.json_files import read_json, write_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def write_read_back(path: Path, key: str, differences: Sequence[str]) -> None:
    """Keep the differences, none if there are none, of a product and the point with a key."""
    write_json(path, {"point": key, "differences": list(differences)})


def product_warnings(path: Path, key: str | None) -> list[str]:
    """Return what a reader must know of the product of the point with a key.

    Nothing where it was not made, is what was measured, or is of an earlier choice.
    """
    if key is None or not path.is_file():
        return []
    kept = read_json(path)
    return [f"The product: {unlike(kept['differences'])}"] if _concerns(kept, key) else []


def _concerns(kept: dict[str, object], key: str) -> bool:
    return kept["point"] == key and bool(kept["differences"])


def unlike(differences: Sequence[str]) -> str:
    """Say that a product is not what was measured, and what to do."""
    return (
        f"it is not what the study has measured: {'; '.join(differences)}; do not use it, remove "
        "it and make it again with hstdriz-study products STUDY_DIR"
    )
