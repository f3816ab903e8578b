"""How often sound exposures are stopped or warned of, and faults of single ones are found."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.checks import levels_of, side_by_side, wrong_levels, wrong_side_by_side
from hstdriz_study.contracts import FindingKind
from hstdriz_study.guard import temporary_directory
from hstdriz_study.prepare.chips import describe_chips, load_chips, place_chips
from hstdriz_study.validate.drawn_set import draw_set, write_drawn
from hstdriz_study.validate.many import each
from hstdriz_study.validate.planted import FAULTS, Planted
from hstdriz_study.validate.rows import Claims

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.contracts import Finding
    from hstdriz_study.validate.context import CheckContext, SetOptions
    from hstdriz_study.validate.planted import Fault
    from hstdriz_study.validate.rows import Row

log = logging.getLogger(__name__)

CLAIMS = Claims("exposures compared", "sets drawn from seeds, sound or with a fault that is known")
_MAX_WARNED = 0.05
_FOUND = 0.95
_FAULTS_A_SET = 3
_AS_REQUIRED = 0.5  # of the faults, and their share of the others, have the size required
_STREAM = 33


@dataclass(frozen=True)
class Trial:
    """What was said of a set.

    Attributes
    ----------
    filter : str
    seed, n_exposures, n_stars : int
    scattered : bool
        Whether one exposure has the sky of scattered light, of which it is warned rightly.
    fault : int or None
        Its place in `FAULTS`; None: the set is sound.
    size : float
    odd : str
        The file with the fault.
    found : bool
        Whether the fault was told of that file.
    stopped, warned : tuple of str
        What would stop a study, and what is told beside it.
    compared : bool
        Whether the stars of that file could be compared.
    """

    filter: str
    seed: int
    n_exposures: int
    n_stars: int
    scattered: bool
    fault: int | None = None
    size: float = 0.0
    odd: str = ""
    found: bool = False
    stopped: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()
    compared: bool = True


def check(context: CheckContext) -> list[Row]:
    """Draw sets of every filter in turn, and plant three faults in each."""
    asked = context.options.exposures
    if asked.sets == 0:
        return []
    seeds = range(asked.first_seed, asked.first_seed + asked.sets)
    names = asked.filters
    items = [(context.of_filter(names[seed % len(names)]), seed) for seed in seeds]
    trials = [one for tried in each(_tried, items, context.n_processes) for one in tried]
    for one in trials:
        _log(one)
    return [*sound_rows(trials), *fault_rows(trials)]


def sound_rows(trials: Sequence[Trial]) -> list[Row]:
    """Judge what was said of sound sets."""
    sound = [one for one in trials if one.fault is None]
    even = [one for one in sound if not one.scattered]
    stopped, warned = [one for one in sound if one.stopped], [one for one in even if one.warned]
    seeds = "; ".join(f"{one.filter} seed {one.seed}, {one.stopped[0]}" for one in stopped)
    return [
        CLAIMS.at_most(
            f"of {len(sound)} sound sets, stopped",
            len(stopped), 0, reason=f"a study is not stopped without cause{seeds and ': '}{seeds}",
        ),
        CLAIMS.at_most(
            f"of {len(even)} sound sets without scattered light, warned of",
            len(warned) / max(len(even), 1), _MAX_WARNED,
            reason="by kind: " + (_counted(warned) or "none"),
        ),
    ]  # fmt: skip


def _counted(trials: Sequence[Trial]) -> str:
    kinds = Counter(told.partition(" ")[0] for one in trials for told in one.warned)
    return ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))


def fault_rows(trials: Sequence[Trial]) -> list[Row]:
    """Judge how often each size of each fault was found, where it could be looked for."""
    tried: dict[tuple[int, float], list[Trial]] = defaultdict(list)
    for one in trials:
        if one.fault is not None:
            tried[one.fault, one.size].append(one)
    rows = [_fault_row(FAULTS[number], size, of) for (number, size), of in sorted(tried.items())]
    return [row for row in rows if row is not None]


def _fault_row(fault: Fault, size: float, tried: Sequence[Trial]) -> Row | None:
    compared = [one for one in tried if one.compared or not fault.on_stars]
    if not compared:
        return None
    missed = [f"{one.filter} seed {one.seed}" for one in compared if not one.found]
    required = size >= fault.required
    return CLAIMS.at_least(
        f"{fault.words.format(size)}: found, of {len(compared)} sets that could be compared",
        1 - len(missed) / len(compared),
        _FOUND if required else 0.0,
        reason=f"in {len(tried) - len(compared)} more it is said that stars could not be compared, "
        "or only roughly" + (f"; not found: {', '.join(missed)}" if required and missed else ""),
    )


def _tried(item: tuple[SetOptions, int]) -> list[Trial]:
    """Look at a set as it is, and with each of the faults that are its turn."""
    of_set, seed = item
    rng = np.random.default_rng([seed, _STREAM])
    with temporary_directory("validate") as directory:
        drawn = draw_set(of_set.band, seed, directory)
        n_exposures = len(drawn.bands)
        paths = [write_drawn(drawn, n, directory, Planted()) for n in range(n_exposures)]
        sound = Trial(of_set.name, seed, n_exposures, drawn.n_stars, drawn.scattered)
        trials = [_judged(sound, _told(of_set, paths))]
        for number in rng.choice(len(FAULTS), _FAULTS_A_SET, replace=False).tolist():
            fault, odd = FAULTS[number], int(rng.integers(n_exposures))
            wanted = fault.required if rng.random() < _AS_REQUIRED else rng.choice(fault.sizes)
            size = float(wanted)
            write_drawn(drawn, odd, directory, fault.plant(size, _fwhm_px(of_set)))
            tried = replace(sound, fault=number, size=size, odd=paths[odd].name)
            trials.append(_judged(tried, _told(of_set, paths)))
            write_drawn(drawn, odd, directory, Planted())
    return trials


def _fwhm_px(of_set: SetOptions) -> float:
    return of_set.field.geometry.psf_fwhm_arcsec / of_set.native_arcsec


def _told(of_set: SetOptions, paths: Sequence[Path]) -> tuple[Finding, ...]:
    """Return what a study would say of the exposures."""
    geometry, limits = of_set.field.geometry, of_set.field.checks
    good_bits = of_set.field.native.final_bits
    directory = paths[0].parent
    chips = describe_chips(place_chips(paths, directory), directory, _no_mask)
    seen = side_by_side(
        paths, load_chips(chips, directory),
        fwhm_arcsec=geometry.psf_fwhm_arcsec, native_scale_arcsec=of_set.native_arcsec,
        good_bits=good_bits,
    )  # fmt: skip
    levels = [levels_of(path, good_bits) for path in paths]
    return (
        *wrong_levels([path.name for path in paths], levels, limits),
        *wrong_side_by_side(seen, limits, of_set.native_arcsec),
    )


def _judged(tried: Trial, told: Sequence[Finding]) -> Trial:
    faults = [one for one in told if not _not_made(one)]
    return replace(
        tried,
        found=tried.fault is not None
        and any(_names(one, tried.odd, FAULTS[tried.fault]) for one in faults),
        stopped=tuple(_words(one) for one in faults if one.stops),
        warned=tuple(_words(one) for one in faults if not one.stops),
        compared=not any(_not_made(one) and _bears_on(one, tried) for one in told),
    )


def _no_mask(*_: object) -> str:
    return ""


def _not_made(finding: Finding) -> bool:
    """Tell the sentence that stars could not be compared."""
    return finding.kind == FindingKind.STARS and not finding.stops


def _bears_on(not_made: Finding, tried: Trial) -> bool:
    """Tell whether it is the comparison that would show the fault."""
    kinds = () if tried.fault is None else FAULTS[tried.fault].kinds
    starts = ("Flux, width and place", *(f"The {kind} " for kind in kinds))
    return tried.odd in not_made.told and not_made.told.startswith(starts)


def _names(finding: Finding, odd: str, fault: Fault) -> bool:
    return finding.kind in fault.kinds and finding.told.startswith(f"{odd}:")


def _words(finding: Finding) -> str:
    return f"{finding.kind} {finding.told}"


def _log(one: Trial) -> None:
    planted = "sound" if one.fault is None else FAULTS[one.fault].words.format(one.size)
    log.debug(
        "%s seed %d, %d exposures, %d stars, %s: %s; %s",
        one.filter, one.seed, one.n_exposures, one.n_stars, planted,
        "found" if one.found else "-", "; ".join((*one.stopped, *one.warned)) or "nothing told",
    )  # fmt: skip
