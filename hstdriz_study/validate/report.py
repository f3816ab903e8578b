"""The rows as a table for the terminal, as ECSV, as Markdown and as one HTML page."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import jinja2
from astropy.table import Table

from hstdriz_study.text_table import NONE, aligned
from hstdriz_study.whole_files import write_ecsv, write_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hstdriz_study.validate.rows import Row

ECSV_NAME, MARKDOWN_NAME, HTML_NAME = "validation.ecsv", "validation.md", "validation.html"
HEADS = ("", "claim", "measured", "expected", "allowed", "unit")
MARKDOWN_HEADS = (*HEADS, "why so much")


@dataclass(frozen=True)
class Validation:
    """What was checked, and with what.

    Attributes
    ----------
    rows : tuple of `~hstdriz_study.validate.rows.Row`
    command : str
        That was given.
    made : mapping of str to str
        Date, versions.
    """

    rows: tuple[Row, ...]
    command: str
    made: Mapping[str, str]

    @property
    def n_failed(self) -> int:
        """Number of rows that fail."""
        return sum(not row.passed for row in self.rows)

    @property
    def verdict(self) -> str:
        """The answer in one sentence."""
        if not self.rows:
            return "nothing was checked"
        if self.n_failed:
            return f"{self.n_failed} of {len(self.rows)} rows fail"
        return f"all {len(self.rows)} rows pass"

    def families(self) -> list[tuple[str, list[Row]]]:
        """Rows by family, in their order."""
        return [(name, list(rows)) for name, rows in groupby(self.rows, lambda row: row.family)]


def write_validation(validation: Validation, directory: Path) -> None:
    """Write the three files into a directory."""
    write_ecsv(directory / ECSV_NAME, as_table(validation))
    write_text(directory / MARKDOWN_NAME, as_markdown(validation))
    write_text(directory / HTML_NAME, as_html(validation))


def as_text(validation: Validation) -> str:
    """Return tables for the terminal; no line break at the end."""
    parts = [
        f"{name}: {tally(rows)}\n{aligned(HEADS, [cells(row) for row in rows])}"
        for name, rows in validation.families()
    ]
    return "\n\n".join([*parts, validation.verdict])


def as_markdown(validation: Validation) -> str:
    """Return a Markdown page."""
    lines = [
        "# Validation",
        "",
        f"**{validation.verdict}**",
        "",
        f"    {validation.command}",
        "",
        *(f"- {what}: {value}" for what, value in validation.made.items()),
        "",
    ]
    for name, rows in validation.families():
        lines += [f"## {name}: {tally(rows)}", ""]
        lines += [f"Source: {source}." for source in sources(rows)] + [""]
        lines += [_markdown_row(MARKDOWN_HEADS), "|" + ":--|" * len(MARKDOWN_HEADS)]
        lines += [_markdown_row((*cells(row), row.reason)) for row in rows] + [""]
    return "\n".join(lines)


def as_table(validation: Validation) -> Table:
    """Return one row a check, with its reason and source."""
    names = ("family", "claim", "measured", "expected", "low", "high", "unit", "reason", "source")
    columns = {name: [getattr(row, name) for row in validation.rows] for name in names}
    table = Table({"passed": [row.passed for row in validation.rows]} | columns)
    table.meta = {"verdict": validation.verdict, "command": validation.command}
    table.meta |= dict(validation.made)
    return table


def as_html(validation: Validation) -> str:
    """Return one page that needs nothing from outside."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("hstdriz_study.validate"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"cells": cells, "tally": tally, "sources": sources, "place": place}
    template = environment.get_template("validation.html.j2")
    return template.render(validation=validation, heads=HEADS[1:])


def cells(row: Row) -> tuple[str, ...]:
    """Return a row as text, in the order of `HEADS`."""
    return (
        "pass" if row.passed else "FAIL",
        row.claim,
        number(row.measured),
        number(row.expected),
        _allowed(row),
        row.unit,
    )


def tally(rows: Sequence[Row]) -> str:
    """Say how many rows pass."""
    return f"{sum(row.passed for row in rows)} of {len(rows)} pass"


def sources(rows: Sequence[Row]) -> list[str]:
    """Return the different sources, in order."""
    return list(dict.fromkeys(row.source for row in rows))


def place(row: Row) -> float | None:
    """Where the measured value stands, from 0 at the lower limit to 1 at the upper one.

    None where a side is open or nothing was measured; values beyond stop at the ends.
    """
    width = row.high - row.low
    if not (math.isfinite(width) and width > 0 and math.isfinite(row.measured)):
        return None
    return min(1.0, max(0.0, (row.measured - row.low) / width))


def number(value: float) -> str:
    """Write a number with as many digits as tell it from its neighbours in the tables."""
    return f"{value:.4g}" if math.isfinite(value) else NONE


def _allowed(row: Row) -> str:
    if row.high == math.inf:
        return f"at least {number(row.low)}"
    if row.low == -math.inf:
        return f"at most {number(row.high)}"
    if number(row.low) == number(row.high):
        return f"± {number((row.high - row.low) / 2)}"
    return f"{number(row.low)} to {number(row.high)}"


def _markdown_row(texts: Sequence[str]) -> str:
    return "| " + " | ".join(text.replace("|", "\\|") for text in texts) + " |"
