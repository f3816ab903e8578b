"""From prepared exposures and a change to the combinations of exposures that it may lead to."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.predict.imagined import (
    Pointing,
    dithered,
    free_pixel,
    offsets_px,
    pointing,
    repeated,
)
from hstdriz_study.what_if.change import subsets_left

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from hstdriz_study.contracts import PreparedFilter
    from hstdriz_study.measure import WeightSpread
    from hstdriz_study.what_if.change import Change

    # The weight maps of the chosen point for combinations of exposures.
    Foresee = Callable[[Sequence[PreparedFilter], Sequence[tuple[int, ...]]], list[WeightSpread]]

PHASES = 8
"""Sub-pixel phases that are tried along each axis."""

NOW = "as it is"


@dataclass(frozen=True)
class Scenario:
    """One outcome of a change.

    Attributes
    ----------
    name : str
    combination : tuple of int
        Which of `Scenarios.singles` are combined.
    exptimes_s : tuple of float
        Of these.
    """

    name: str
    combination: tuple[int, ...]
    exptimes_s: tuple[float, ...]


@dataclass(frozen=True)
class Dither:
    """Where an added exposure serves best.

    Attributes
    ----------
    offset_px : tuple of float
        The target falls so many detector pixels further along x and y than on
        the first exposure.
    offset_arcsec : tuple of float
        The same along the detector's axes, as a POS TARG is given.
    """

    offset_px: tuple[float, float]
    offset_arcsec: tuple[float, float]


@dataclass(frozen=True)
class Scenarios:
    """All outcomes of a change.

    Attributes
    ----------
    singles : tuple of `~hstdriz_study.contracts.PreparedFilter`
        One exposure each: those there are, then those that are imagined.
    now : Scenario
    after : tuple of Scenario
    dithers : tuple of Dither
        Of the exposures added where they serve best.
    """

    singles: tuple[PreparedFilter, ...]
    now: Scenario
    after: tuple[Scenario, ...]
    dithers: tuple[Dither, ...] = ()


def dropping(singles: Sequence[PreparedFilter], change: Change) -> Scenarios:
    """Return one scenario for every choice of the exposures that are dropped."""
    names = [single.exposures[0].name for single in singles]
    every = tuple(range(len(singles)))
    return Scenarios(
        tuple(singles),
        _scenario(NOW, every, singles),
        tuple(
            _scenario(
                "without " + ", ".join(names[index] for index in every if index not in left),
                left,
                singles,
            )
            for left in subsets_left(change, names)
        ),
    )


def adding(
    singles: Sequence[PreparedFilter], change: Change, foresee: Foresee, directory: Path
) -> Scenarios:
    """Return one scenario at the best dithers and one at the place of each exposure.

    Parameters
    ----------
    singles : sequence of `~hstdriz_study.contracts.PreparedFilter`
        The exposures there are.
    change : Change
        Of kind ``add``. Each added exposure is as long as the median of them.
    foresee : callable
        Predicts the weights at the point that decides which dither is best.
    directory : `~pathlib.Path`
        For the nodes of exposures that are imagined.
    """
    exptime_s = statistics.median(_exptime_s(single) for single in singles)
    every = tuple(range(len(singles)))
    places = [repeated(singles, index, exptime_s) for index in every]
    imagined, dithers = [*singles, *places], []
    best = every
    at = pointing(singles[0])
    for _ in range(change.count):
        offset, single = _best_dither(
            [imagined[i] for i in best], at, exptime_s, foresee, directory
        )
        best = (*best, len(imagined))
        imagined.append(single)
        dithers.append(_dither(offset, at))
    more = "one more" if change.count == 1 else f"{change.count} more"
    names = [single.exposures[0].name for single in singles]
    return Scenarios(
        tuple(imagined),
        _scenario(NOW, every, imagined),
        (
            _scenario(f"{more}, dithered best", best, imagined),
            *(
                _scenario(
                    f"{more} where {names[index]} was",
                    every + (len(every) + index,) * change.count,
                    imagined,
                )
                for index in every
            ),
        ),
        tuple(dithers),
    )


def _best_dither(
    singles: Sequence[PreparedFilter],
    at: Pointing,
    exptime_s: float,
    foresee: Foresee,
    directory: Path,
) -> tuple[np.ndarray, PreparedFilter]:
    """Try sub-pixel phases around a pixel of its own; take the evenest weights."""
    whole = free_pixel(offsets_px(singles, at))
    phases = np.indices((PHASES, PHASES)).reshape(2, -1).T / PHASES
    tried = [dithered(singles[0], at, whole + one, exptime_s, directory) for one in phases]
    n = len(singles)
    combinations = [(*range(n), n + index) for index in range(len(tried))]
    spreads = foresee([*singles, *tried], combinations)
    best = int(np.argmin([spread.rms_over_median for spread in spreads]))
    return whole + phases[best], tried[best]


def _dither(offset_px: np.ndarray, at: Pointing) -> Dither:
    x, y = (-offset_px).tolist()  # the target moves against the detector
    scale_x, scale_y = at.scale_arcsec.tolist()
    return Dither((x, y), (x * scale_x, y * scale_y))


def _scenario(
    name: str, combination: tuple[int, ...], singles: Sequence[PreparedFilter]
) -> Scenario:
    return Scenario(name, combination, tuple(_exptime_s(singles[index]) for index in combination))


def _exptime_s(single: PreparedFilter) -> float:
    return single.chips[0].exptime_s
