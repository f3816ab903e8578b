"""What every check is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.dataset import SyntheticSource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hstdriz_study.contracts import DrizzleSettings
    from hstdriz_study.field import FieldOptions, PointOptions
    from hstdriz_study.simulate.bands import Band
    from hstdriz_study.validate.options import ValidationOptions


@dataclass(frozen=True)
class SimulatedSet:
    """A set of simulated exposures of one filter.

    Attributes
    ----------
    filter : str
    seed : int
    cache_dir : `~pathlib.Path`
    pointing_error_px : float
        Put into the headers, native pixels; such a set is aligned with TweakReg. 0: none, and
        not aligned.
    """

    filter: str
    seed: int
    cache_dir: Path
    pointing_error_px: float = 0.0


@dataclass(frozen=True)
class SetOptions:
    """How a study goes about a simulated set.

    Attributes
    ----------
    field : `~hstdriz_study.field.FieldOptions`
    drizzle : `~hstdriz_study.contracts.DrizzleSettings`
        Of a point at the defaults.
    point : `~hstdriz_study.field.PointOptions`
    """

    field: FieldOptions
    drizzle: DrizzleSettings
    point: PointOptions

    @property
    def name(self) -> str:
        """Name of the filter."""
        return self.field.name

    @property
    def native_arcsec(self) -> float:
        """Side of a native pixel."""
        return self.field.geometry.native_scale_arcsec

    @property
    def source(self) -> SyntheticSource:
        """What is simulated."""
        source = self.field.dataset.source
        if not isinstance(source, SyntheticSource):
            raise TypeError(f"{source}: not a simulated set")
        return source

    @property
    def band(self) -> Band:
        """The filter that is simulated."""
        return self.source.band


@dataclass(frozen=True)
class CheckContext:
    """What a check needs to know.

    Attributes
    ----------
    options : `~hstdriz_study.validate.options.ValidationOptions`
    options_of : callable
        Says how a study, at its defaults, goes about a `SimulatedSet`.
    n_processes : int
        How many processes a check may keep busy.
    """

    options: ValidationOptions
    options_of: Callable[[SimulatedSet], SetOptions]
    n_processes: int

    def of_filter(self, name: str, pointing_error_px: float = 0.0) -> SetOptions:
        """Return how a study goes about one filter's simulated set."""
        seed, cache_dir = self.options.seed, self.options.cache_dir
        return self.options_of(SimulatedSet(name, seed, cache_dir, pointing_error_px))
