"""From a choice to a standalone script that makes the chosen product from raw exposures.

The script needs drizzlepac and stwcs alone, works on copies, and spells out
every keyword, so that it can be read, cited and run without this package.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hstdriz_study.dataset.copies import COPIES_MARK
from hstdriz_study.errors import ChoiceError
from hstdriz_study.prepare.non_finite import gives_no_weight, make_bad
from hstdriz_study.study.report.script_copies import copies_lines, exposures_lines, units_lines
from hstdriz_study.study.report.script_positions import shifts_lines, tweakreg_lines, wcs_lines
from hstdriz_study.study.report.script_text import call_lines, each_copy, function_lines, literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hstdriz_study.choose import Choice
    from hstdriz_study.dataset.solutions import Solution
    from hstdriz_study.study.config import DataTold


@dataclass(frozen=True)
class ProductCall:
    """What is run to make a product, step by step.

    Attributes
    ----------
    inputs : tuple of `~pathlib.Path`
        The user's raw exposures, in order.
    output : str
        AstroDrizzle's ``output``.
    astrodrizzle : mapping
        Keywords of the one AstroDrizzle call, ``output`` apart.
    reference_dirs : mapping of str to `~pathlib.Path`
        Environment variable (``jref``, ``iref``) to directory.
    updatewcs, tweakreg : mapping or None
        Keywords of the step; None when it is not run.
    solutions : tuple of `~hstdriz_study.dataset.solutions.Solution` or None
        One an exposure: the WCS that is put in place of the one in use; empty when none is.
    mended : bool
        Whether lookup tables or binned SIP terms are put right.
    reference : `~pathlib.Path` or None
        What ``tweakreg`` aligns to, in a file that it names.
    shifts : tuple of mapping
        One an exposure: keywords of DrizzlePac's ``updatewcs_with_shift``; empty without.
    shift_wcs : `~pathlib.Path` or None
        The WCS in whose pixels the shifts are.
    ivm : tuple of `~pathlib.Path`
        The user's inverse-variance maps, one an exposure; empty without them.
    bad_pixel_flag : int or None
        DQ flag for pixels of the exposures that hold no number; None when all do.
    cards : tuple of (keyword, value, comment)
        What the header of the product says of what made it.
    data : `~hstdriz_study.study.config.DataTold` or None
        Whose exposures they are.
    """

    inputs: tuple[Path, ...]
    output: str
    astrodrizzle: Mapping[str, Any]
    reference_dirs: Mapping[str, Path] = field(default_factory=dict)
    updatewcs: Mapping[str, Any] | None = None
    tweakreg: Mapping[str, Any] | None = None
    solutions: tuple[Solution | None, ...] = ()
    mended: bool = False
    reference: Path | None = None
    shifts: tuple[Mapping[str, Any], ...] = ()
    shift_wcs: Path | None = None
    ivm: tuple[Path, ...] = ()
    bad_pixel_flag: int | None = None
    cards: tuple[tuple[str, Any, str], ...] = ()
    data: DataTold | None = None


def product_script(choice: Choice, call: ProductCall) -> str:
    """Return the text of the script.

    Raises
    ------
    ChoiceError
        If nothing was chosen, or there is no exposure.
    """
    if choice.chosen is None:
        raise ChoiceError(
            f"{choice.filter}: nothing was chosen, so there is no product to make; "
            f"{choice.cannot_choose}"
        )
    if not call.inputs:
        raise ChoiceError(f"{choice.filter}: there is no exposure to drizzle; name the inputs")
    return "\n".join(
        [
            *_head(choice, call),
            *_constants(call),
            *_copying(call),
            *_bad_pixels(call),
            *wcs_lines(call),
            *tweakreg_lines(call),
            *shifts_lines(call),
            *_ivm(call),
            *_astrodrizzle(call),
            *units_lines(call.inputs),
            *_cards(call),
            "",
            'print(*(work / path for path in made), sep="\\n")',
            "",
        ]
    )


def _head(choice: Choice, call: ProductCall) -> list[str]:
    chosen = choice.chosen.label if choice.chosen else ""
    summary = f"Make the {choice.filter} product with {chosen}.".replace('"', " arcsec")
    warned = [f"{call.data.line}.", ""] if call.data and call.data.simulated else []
    return [
        f'"""{summary}',
        "",
        *warned,
        "Usage: python THIS_FILE [WORK_DIRECTORY]",
        "",
        "The exposures are copied to the work directory (default: beside this file);",
        "the originals are not touched. Needs drizzlepac and stwcs.",
        '"""',
        "",
        "import os",
        "import shutil",
        "import sys",
        "from pathlib import Path",
        "",
    ]


def _constants(call: ProductCall) -> list[str]:
    directories = {name: str(path) for name, path in sorted(call.reference_dirs.items())}
    return [
        *exposures_lines(call.inputs),
        f"REFERENCE_DIRS = {literal(directories)}",
        f"OUTPUT = {call.output!r}",
        "",
    ]


def _copying(call: ProductCall) -> list[str]:
    return [
        'default = Path(__file__).resolve().parent / f"product_{OUTPUT}"',
        "work = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else default",
        "work.mkdir(parents=True, exist_ok=True)",
        f"(work / {COPIES_MARK!r}).touch()  # no exposures of a directory above",
        "# set before drizzlepac is imported; the trailing slash is needed",
        "for variable, directory in REFERENCE_DIRS.items():",
        '    os.environ[variable] = directory.rstrip("/") + "/"',
        'os.environ["MPLBACKEND"] = "Agg"',
        'os.environ.setdefault("ASTROMETRY_STEP_CONTROL", "OFF")',
        "",
        *copies_lines(call.inputs),
        "os.chdir(work)",
        "",
    ]


def _bad_pixels(call: ProductCall) -> list[str]:
    """Do in the copies what preparing did in its own, by the same code."""
    if call.bad_pixel_flag is None:
        return []
    return [
        "import numpy as np",
        "from astropy.io import fits",
        "",
        "",
        *function_lines(gives_no_weight, make_bad),
        *each_copy(f"make_bad(Path(name), {call.bad_pixel_flag})"),
    ]


def _ivm(call: ProductCall) -> list[str]:
    if not call.ivm:
        return []
    return [
        "# AstroDrizzle takes exposures with their inverse-variance maps as a list of two columns",
        f"IVM_MAPS = {literal([str(path) for path in call.ivm])}",
        'with open("exposures.lst", "w") as pairs:',
        "    for name, ivm in zip(names, IVM_MAPS, strict=True):",
        "        shutil.copyfile(ivm, Path(ivm).name)",
        '        pairs.write(f"{name} {Path(ivm).name}\\n")',
        "",
    ]


def _given(call: ProductCall) -> str:
    return '"@exposures.lst"' if call.ivm else "names"


def _astrodrizzle(call: ProductCall) -> list[str]:
    return [
        "from drizzlepac.astrodrizzle import AstroDrizzle",
        "",
        *call_lines("AstroDrizzle", _given(call), call.astrodrizzle, output="OUTPUT"),
        'made = sorted(path.name for path in work.glob(f"{OUTPUT}_dr*.fits"))',
    ]


def _cards(call: ProductCall) -> list[str]:
    """Say in the header of the product what made it."""
    if not call.cards:
        return []
    return [
        "",
        "from astropy.io import fits",
        "",
        f"CARDS = {literal(list(call.cards))}",
        "for name in made:",
        '    with fits.open(name, mode="update") as hdus:',
        "        for keyword, value, comment in CARDS:",
        "            hdus[0].header[keyword] = (value, comment)",
    ]
