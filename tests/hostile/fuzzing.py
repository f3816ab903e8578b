"""Seeded damage to a file: cards, sizes, blocks, ends; the same seed is the same damage."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.hostile.edits import BLOCK, CARD, boundaries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_VALUES = (
    b"NaN", b"inf", b"-1", b"0", b"1E400", b"1.0D0", b"''", b"'", b"T", b"(1,2)", b"99999999999999",
    b"-32768", b"'\xff\xfe'", b"/", b"", b"=", b"1e-300", b"'&'", b"0x10", b"1.2.3", b"'SCI     '",
)  # fmt: skip
_NAMES = (
    b"SIMPLE", b"XTENSION", b"BITPIX", b"NAXIS", b"NAXIS1", b"NAXIS2", b"PCOUNT", b"GCOUNT",
    b"EXTNAME", b"EXTVER", b"EXPTIME", b"EXPSTART", b"ROOTNAME", b"INSTRUME", b"DETECTOR",
    b"FILTER", b"TELESCOP", b"IDCTAB", b"NPOLFILE", b"CRPIX1", b"CRVAL2", b"CD1_1", b"CD2_2",
    b"CTYPE1", b"BUNIT", b"PHOTFLAM", b"PHOTPLAM", b"NGOODPIX", b"CCDCHIP", b"WCSNAME", b"BSCALE",
    b"BZERO", b"BLANK", b"END", b"CONTINUE", b"HIERARCH", b"DATASUM", b"TFORM1", b"LTV1",
)  # fmt: skip


def damage(path: Path, seed: int) -> str:
    """Damage a file; return what was done."""
    rng = random.Random(seed)  # noqa: S311 - nothing secret
    content = bytearray(path.read_bytes())
    headers = _headers(path)
    way = rng.choice(_WAYS)
    told = way(rng, content, headers)
    path.write_bytes(content)
    return f"{way.__name__.strip('_')} {told}"


def _headers(path: Path) -> list[range]:
    """Return where the cards of each header stand."""
    ends = boundaries(path)
    headers, start = [], 0
    for name, end in ends.items():
        if name.startswith("header"):
            headers.append(range(start, end, CARD))
        start = end
    return headers


def _card(rng: random.Random, content: bytearray, headers: list[range]) -> int:
    cards = rng.choice(headers)
    used = [at for at in cards if content[at : at + CARD].strip()]
    return rng.choice(used)


def _value(rng: random.Random, content: bytearray, headers: list[range]) -> str:
    at = _card(rng, content, headers)
    value = rng.choice(_VALUES)
    content[at + 8 : at + CARD] = (b"= " + value).ljust(CARD - 8)
    return repr(bytes(content[at : at + 30]))


def _name(rng: random.Random, content: bytearray, headers: list[range]) -> str:
    at = _card(rng, content, headers)
    before = bytes(content[at : at + 8])
    content[at : at + 8] = rng.choice(_NAMES).ljust(8)
    return f"{before!r} to {bytes(content[at : at + 8])!r}"


def _set(rng: random.Random, content: bytearray, headers: list[range]) -> str:
    """Give a keyword that is used another value, in every header that has it."""
    name, value = rng.choice(_NAMES), rng.choice(_VALUES)
    for cards in headers:
        for at in cards:
            if content[at : at + 8] == name.ljust(8):
                content[at + 8 : at + CARD] = (b"= " + value).ljust(CARD - 8)
    return f"{name!r} = {value!r}"


def _bytes(rng: random.Random, content: bytearray, headers: list[range]) -> str:
    at = _card(rng, content, headers)
    for _ in range(rng.randint(1, 12)):
        content[at + rng.randrange(CARD)] = rng.randrange(256)
    return repr(bytes(content[at : at + CARD]))


def _exchange(rng: random.Random, content: bytearray, headers: list[range]) -> str:
    one, two = _card(rng, content, headers), _card(rng, content, headers)
    kept = bytes(content[one : one + CARD])
    content[one : one + CARD] = content[two : two + CARD]
    content[two : two + CARD] = kept
    return f"{kept[:20]!r}"


def _blank(rng: random.Random, content: bytearray, headers: list[range]) -> str:
    at = _card(rng, content, headers)
    told = repr(bytes(content[at : at + 20]))
    content[at : at + CARD] = b" " * CARD
    return told


def _end(rng: random.Random, content: bytearray, headers: list[range]) -> str:
    edges = [cards.start for cards in headers] + [cards.stop for cards in headers]
    at = max(0, rng.choice(edges) + rng.choice((-BLOCK, -CARD, -1, 0, 1, CARD, BLOCK)))
    del content[at:]
    return str(at)


def _block(rng: random.Random, content: bytearray, headers: list[range]) -> str:
    at = rng.choice(headers).start
    if rng.random() < 0.5:
        del content[at : at + BLOCK]
        return f"{at} taken out"
    content[at:at] = content[at : at + BLOCK]
    return f"{at} doubled"


def _rest(rng: random.Random, content: bytearray, _: list[range]) -> str:
    content += rng.randbytes(rng.randint(1, 2 * BLOCK))
    return "appended"


_WAYS: tuple[Callable[[random.Random, bytearray, list[range]], str], ...] = (
    _value, _value, _name, _set, _set, _set, _bytes, _bytes, _exchange, _blank, _end, _block, _rest,
)  # fmt: skip
