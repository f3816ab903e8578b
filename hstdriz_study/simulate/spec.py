"""What a user can ask of the simulated data set."""

from __future__ import annotations

from dataclasses import dataclass

from hstdriz_study.errors import DatasetError

_MAX_EXPOSURES = 99
_STARS_PER_ARCMIN2 = {False: 85.0, True: 28.0}
_GALAXIES_PER_ARCMIN2 = {False: 32.0, True: 20.0}


@dataclass(frozen=True)
class SyntheticSpec:
    """A simulated data set; equal specifications give equal pixels.

    Attributes
    ----------
    seed : int
        Of the sky, which all filters see, and of all noise.
    full_frame : bool
        Whole chips instead of the quick subarrays.
    n_exposures : int
        Exposures a filter.
    pointing_error_px : float
        RMS on each axis of the pointing errors in the headers, native pixels.
        The first exposure has none.
    stars_per_arcmin2, galaxies_per_arcmin2 : float or None
        Surface densities. None takes 85 and 32 for subarrays (25 to 45 stars
        in the field), 28 and 20 for full frames (about 300 on ACS, 130 on IR).

    Raises
    ------
    DatasetError
        If a number is out of range.
    """

    seed: int
    full_frame: bool
    n_exposures: int
    pointing_error_px: float
    stars_per_arcmin2: float | None = None
    galaxies_per_arcmin2: float | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.n_exposures <= _MAX_EXPOSURES:
            raise DatasetError(
                f"dataset.n_exposures={self.n_exposures}: take 1 to {_MAX_EXPOSURES} exposures"
            )
        if self.seed < 0 or self.pointing_error_px < 0:
            raise DatasetError(
                f"dataset.seed={self.seed}, dataset.pointing_error_px={self.pointing_error_px}: "
                "neither may be negative"
            )

    @property
    def star_density(self) -> float:
        """Stars per square arcmin."""
        if self.stars_per_arcmin2 is None:
            return _STARS_PER_ARCMIN2[self.full_frame]
        return self.stars_per_arcmin2

    @property
    def galaxy_density(self) -> float:
        """Galaxies per square arcmin."""
        if self.galaxies_per_arcmin2 is None:
            return _GALAXIES_PER_ARCMIN2[self.full_frame]
        return self.galaxies_per_arcmin2
