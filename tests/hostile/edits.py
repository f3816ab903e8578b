"""Ways of spoiling a sound exposure: values, raw cards, extensions, lengths."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from astropy.io import fits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np

CARD, BLOCK = 80, 2880
Extension = int | tuple[str, int]
SCIENCE = ("SCI", 1)


def keyword(path: Path, name: str, value: object, extension: Extension = 0) -> None:
    """Set a keyword, or take it out with None."""
    with fits.open(path, mode="update") as hdus:
        header = hdus[extension].header
        if value is None:
            del header[name]
        else:
            header[name] = value


def everywhere(path: Path, name: str, value: object) -> None:
    """Set a keyword in every header that has it."""
    with fits.open(path, mode="update") as hdus:
        for hdu in hdus:
            if name in hdu.header:
                hdu.header[name] = value


def raw_card(path: Path, name: str, card: bytes, extension: Extension = 0) -> None:
    """Write 80 bytes in place of a card, whatever they are."""
    with fits.open(path) as hdus:
        where = hdus[extension].fileinfo()
    content = bytearray(path.read_bytes())
    start, end = where["hdrLoc"], where["datLoc"]
    places = range(start, end, CARD)
    found = next(at for at in places if content[at : at + 8] == name.ljust(8).encode())
    content[found : found + CARD] = card.ljust(CARD)[:CARD]
    path.write_bytes(content)


def value_card(path: Path, name: str, value: str, extension: Extension = 0) -> None:
    """Write a value as it stands, which astropy itself would not write."""
    raw_card(path, name, f"{name:<8}= {value}".encode("latin-1"), extension)


def extensions(path: Path, change: Callable[[fits.HDUList], fits.HDUList | None]) -> None:
    """Write a file anew, its list of extensions changed."""
    with fits.open(path, memmap=False) as hdus:
        for hdu in hdus:
            _ = hdu.data
        changed = change(hdus)
        (hdus if changed is None else changed).writeto(
            path.with_suffix(".new"), output_verify="ignore"
        )
    path.with_suffix(".new").replace(path)


def pixels(path: Path, change: Callable[[np.ndarray], np.ndarray], name: str = "SCI") -> None:
    """Change the pixels of an array of chip 1."""
    with fits.open(path, mode="update", memmap=False) as hdus:
        hdus[name, 1].data = change(hdus[name, 1].data)


def without(path: Path, name: str) -> None:
    """Take an array out."""

    def change(hdus: fits.HDUList) -> None:
        del hdus[name, 1]

    extensions(path, change)


def boundaries(path: Path) -> dict[str, int]:
    """Return where the parts of a file end, in bytes."""
    with fits.open(path) as hdus:
        places = [(f"{hdu.name or 'PRIMARY'},{hdu.ver}", hdu.fileinfo()) for hdu in hdus]
    ends: dict[str, int] = {}
    for name, place in places:
        ends[f"header of {name}"] = place["datLoc"]
        ends[f"data of {name}"] = place["datLoc"] + place["datSpan"]
    return ends


def cut(path: Path, n_bytes: int) -> None:
    """Keep the first bytes."""
    path.write_bytes(path.read_bytes()[:n_bytes])


def zipped(path: Path, keep: float = 1.0) -> Path:
    """Pack a file with gzip, and keep a part of that."""
    packed = path.with_name(f"{path.name}.gz")
    content = gzip.compress(path.read_bytes(), 1)
    packed.write_bytes(content[: int(keep * len(content))])
    path.unlink()
    return packed


def tiled(path: Path, keep: float = 1.0) -> Path:
    """Pack the images of a file as fpack does, and keep a part of that."""
    packed = path.with_name(f"{path.name}.fz")
    with fits.open(path) as hdus:
        images = [
            fits.CompImageHDU(hdu.data, hdu.header, compression_type="RICE_1") for hdu in hdus[1:]
        ]
        fits.HDUList([hdus[0], *images]).writeto(packed)
    path.unlink()
    cut(packed, int(keep * packed.stat().st_size))
    return packed
