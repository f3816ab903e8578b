"""From how exposures were placed on the sky to the lines of a script that place its copies so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hstdriz_study.dataset.copies import copy_name
from hstdriz_study.drizzlepac_options import SHIFT_WCS_FILE
from hstdriz_study.prepare.mending import (
    forget_wcs,
    mend_binned_sip,
    mend_table,
    mend_wcs,
    take_solution,
)
from hstdriz_study.study.report.script_text import call_lines, each_copy, function_lines, literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hstdriz_study.study.report.script import ProductCall


def wcs_lines(call: ProductCall) -> list[str]:
    """Give the copies the WCS that preparing gave its own, by the same code."""
    taken = zip(map(copy_name, call.inputs), call.solutions, strict=False)
    solutions = {name: (one.kind, one.where) for name, one in taken if one is not None}
    functions: list[Callable[..., Any]] = []
    if call.updatewcs is not None or solutions:
        functions += [forget_wcs]
    if solutions:
        functions += [take_solution]
    if call.mended:
        functions += [mend_wcs, mend_binned_sip, mend_table]
    used = ["from astropy.io import fits", "", ""] if functions else []
    return [
        *used,
        *function_lines(*functions),
        *_updatewcs(call),
        *_solutions(solutions),
        *(each_copy("mend_wcs(Path(name))") if call.mended else []),
    ]


def _updatewcs(call: ProductCall) -> list[str]:
    if call.updatewcs is None:
        return []
    return [
        "from stwcs.updatewcs import updatewcs",
        "",
        *each_copy("forget_wcs(Path(name))"),
        *call_lines("updatewcs", "names", call.updatewcs),
        "",
    ]


def _solutions(of_each: Mapping[str, tuple[str, int | str]]) -> list[str]:
    if not of_each:
        return []
    return [
        f"SOLUTIONS = {literal(of_each)}",
        "for name, (kind, where) in SOLUTIONS.items():",
        "    take_solution(Path(name), kind, where)",
        "",
    ]


def tweakreg_lines(call: ProductCall) -> list[str]:
    """Align the copies by the calls that aligned those of preparing."""
    if call.tweakreg is None:
        return []
    return [
        "from drizzlepac import tweakreg",
        "",
        *_reference(call),
        *call_lines("tweakreg.TweakReg", "names", call.tweakreg),
        "",
    ]


def _reference(call: ProductCall) -> list[str]:
    if call.reference is None:
        return []
    return [
        "# what the exposures are aligned to",
        f"shutil.copyfile({str(call.reference)!r}, {call.reference.name!r})",
        "",
    ]


def shifts_lines(call: ProductCall) -> list[str]:
    """Move the copies by the shifts that were given."""
    if call.shift_wcs is None:
        return []
    return [
        "from drizzlepac.updatehdr import updatewcs_with_shift",
        "",
        f"shutil.copyfile({str(call.shift_wcs)!r}, {SHIFT_WCS_FILE!r})",
        f"SHIFTS = {literal([dict(one) for one in call.shifts])}",
        "for name, shift in zip(names, SHIFTS, strict=True):",
        f"    updatewcs_with_shift(name, {SHIFT_WCS_FILE!r}, **shift)",
        "",
    ]
