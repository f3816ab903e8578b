"""Keywords that are missing, wrong or of another kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.hostile.edits import (
    SCIENCE,
    everywhere,
    keyword,
    raw_card,
    value_card,
)
from tests.hostile.rows import BrokenInput, second

if TYPE_CHECKING:
    from collections.abc import Iterator


_WRONG_NUMBERS = (
    ("missing", None, "is not there"),
    ("a text", "long", "is long, not a number"),
    ("true", True, "is True, not a number"),
    ("empty", "", "is not there"),
)


def keywords() -> Iterator[BrokenInput]:
    kind = "primary header"
    for name in ("EXPTIME", "EXPSTART"):
        for what, value, said in _WRONG_NUMBERS:
            yield second(kind, f"{name} {what}", f"{name} {said}",
                          lambda p, n=name, v=value: keyword(p, n, v))  # fmt: skip
    for value in (0.0, -3.5, 1e9):
        yield second(kind, f"EXPTIME {value:g}", f"EXPTIME is {value:g}",
                      lambda p, v=value: keyword(p, "EXPTIME", v))  # fmt: skip
    for name, value in (("EXPTIME", "NaN"), ("EXPTIME", "inf"), ("EXPSTART", "1.0E999")):
        yield second(kind, f"{name} {value}", name, lambda p, n=name, v=value: value_card(p, n, v))
    for name in ("ROOTNAME", "INSTRUME", "DETECTOR", "FILTER"):
        yield second(kind, f"{name} missing", "there", lambda p, n=name: keyword(p, n, None))
        yield second(
            kind,
            f"{name} unreadable",
            f"the card of {name} cannot be read",
            lambda p, n=name: value_card(p, n, "'open"),
        )
    for name in ("INSTRUME", "DETECTOR", "FILTER"):
        yield second(
            kind,
            f"{name} blank",
            f"{name} is '', not a name",
            lambda p, n=name: keyword(p, n, "   "),
        )
        yield second(
            kind, f"{name} a number", f"{name} is 7, not a name", lambda p, n=name: keyword(p, n, 7)
        )
    yield second(
        kind, "DETECTOR misspelt", "DETECTOR is IRR", lambda p: keyword(p, "DETECTOR", "IRR")
    )
    yield second(kind, "FILTER misspelt", "F16OW", lambda p: keyword(p, "FILTER", "F16OW"))
    yield second(kind, "MTFLAG", "moving target", lambda p: keyword(p, "MTFLAG", "T"))
    yield second(kind, "IDCTAB N/A", "IDCTAB is N/A", lambda p: keyword(p, "IDCTAB", "N/A"))
    yield second(kind, "IDCTAB missing", "IDCTAB is N/A", lambda p: keyword(p, "IDCTAB", None))
    yield second(
        kind,
        "IDCTAB that is not there",
        "is not in iref=",
        lambda p: keyword(p, "IDCTAB", "iref$gone_idc.fits"),
    )
    yield second(
        kind,
        "IDCTAB of an unknown directory",
        "the variable zref is not set",
        lambda p: keyword(p, "IDCTAB", "zref$x_idc.fits"),
    )
    yield second(
        kind,
        "NPOLFILE that is not there",
        "NPOLFILE",
        lambda p: keyword(p, "NPOLFILE", "iref$gone_npl.fits"),
    )


def science_keywords() -> Iterator[BrokenInput]:
    kind = "SCI header"
    for name in ("CRPIX1", "CRPIX2", "CRVAL1", "CRVAL2", "CD1_1", "CD2_2"):
        for what, value, said in _WRONG_NUMBERS[:2]:
            yield second(kind, f"{name} {what}", f"{name} {said}",
                          lambda p, n=name, v=value: keyword(p, n, v, SCIENCE))  # fmt: skip
    for name, value in (("CRVAL1", "NaN"), ("CRPIX1", "1.0E999"), ("CD1_1", "inf")):
        yield second(kind, f"{name} {value}", name,
                      lambda p, n=name, v=value: value_card(p, n, v, SCIENCE))  # fmt: skip
    for name, value in (("CRVAL1", 4000.0), ("CRVAL2", 91.0), ("CRVAL2", -1e30), ("CRPIX1", 1e30)):
        yield second(kind, f"{name} {value:g}", f"{name} is {value:g}",
                      lambda p, n=name, v=value: keyword(p, n, v, SCIENCE))  # fmt: skip
    yield second(
        kind,
        "CD matrix of zeros",
        "no area on the sky",
        lambda p: [keyword(p, n, 0.0, SCIENCE) for n in ("CD1_1", "CD1_2", "CD2_1", "CD2_2")],
    )
    yield second(
        kind,
        "CD matrix that is singular",
        "no area on the sky",
        lambda p: [keyword(p, n, 1e-5, SCIENCE) for n in ("CD1_1", "CD1_2", "CD2_1", "CD2_2")],
    )
    yield second(
        kind,
        "CD matrix of degrees in a pixel",
        "pixel scales",
        lambda p: [keyword(p, n, v, SCIENCE) for n, v in (("CD1_1", 1.0), ("CD2_2", 1.0))],
    )
    yield second(
        kind, "CTYPE1 garbage", "CTYPE1 is", lambda p: keyword(p, "CTYPE1", "XYZ", SCIENCE)
    )
    yield second(
        kind, "CTYPE1 missing", "CTYPE1 is missing", lambda p: keyword(p, "CTYPE1", None, SCIENCE)
    )
    yield second(
        kind,
        "CTYPE1 and CTYPE2 exchanged",
        "CTYPE1 is",
        lambda p: [
            keyword(p, "CTYPE1", "DEC--TAN", SCIENCE),
            keyword(p, "CTYPE2", "RA---TAN", SCIENCE),
        ],
    )
    for value in ("COUNTS", "DN", "JY", "ELECTRONS/HOUR"):
        yield second(
            kind,
            f"BUNIT {value}",
            f"BUNIT is {value}",
            lambda p, v=value: keyword(p, "BUNIT", v, SCIENCE),
        )
    yield second(
        kind,
        "BUNIT of the others missing",
        "BUNIT differs",
        lambda p: keyword(p, "BUNIT", None, SCIENCE),
    )
    yield second(
        kind, "PHOTFLAM a text", "PHOTFLAM is", lambda p: keyword(p, "PHOTFLAM", "bright", SCIENCE)
    )
    for value in (0.0, -1e-19):
        yield second(
            kind,
            f"PHOTFLAM {value:g}",
            "PHOTFLAM is missing or 0",
            lambda p, v=value: everywhere(p, "PHOTFLAM", v),
        )
    yield second(kind, "NGOODPIX 0", "NGOODPIX", lambda p: keyword(p, "NGOODPIX", 0, SCIENCE))
    yield second(
        kind, "NGOODPIX a text", "NGOODPIX is", lambda p: keyword(p, "NGOODPIX", "all", SCIENCE)
    )
    yield second(
        kind, "CCDCHIP a text", "CCDCHIP is", lambda p: keyword(p, "CCDCHIP", "one", SCIENCE)
    )
    yield second(
        kind, "BINAXIS1 a text", "BINAXIS1 is", lambda p: keyword(p, "BINAXIS1", "two", SCIENCE)
    )
    yield second(
        kind,
        "CRVAL1 unreadable",
        "CRVAL1",
        lambda p: raw_card(p, "CRVAL1", b"CRVAL1  = 'open", SCIENCE),
    )
