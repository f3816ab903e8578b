"""One scene: what stands in the field, with which detector it is seen, from which seed."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import Literal

from astropy.table import Table

Arrangement = Literal["field", "corner", "globular", "galaxy_cluster", "nebula"]
Simulator = Literal["galsim", "own"]


@dataclass(frozen=True)
class SceneSpec:
    """A scene; equal specifications give equal pixels.

    Attributes
    ----------
    name : str
    simulator : str
        ``galsim``, or ``own`` for the one behind ``dataset=synthetic``, which knows no
        arrangement but ``field`` and none of what follows it.
    filter : str
        As in the configuration.
    n_stars, n_galaxies : int
        Over the whole window, faint ones included. Of ``own`` they are those of the disc that it
        fills, which reaches a little beyond the window.
    seed : int
    held_out : bool
        Whether the scene was set aside before the selection of stars was written.
    size_factor : float
        By which galaxies are larger than those of deep fields at 0.8 micrometres.
    side_px : int
        Side of the window that is read out; two chips share it.
    arrangement : str
        ``field``: scattered evenly. ``corner``: stars in one ninth of the window.
        ``globular``: stars as in a globular cluster. ``galaxy_cluster``: a giant galaxy and a
        quarter of the galaxies around it. ``nebula``: clouds of light all over the window.
    giant : bool
        A bright giant galaxy in the middle of the window.
    defocused : float
        Widening of the PSF in the last exposure, as a fraction.
    gradient : float
        Widening of the PSF from one edge of the window to the other, as a fraction.
    hot_fraction : float
        Additional pixels that are hot, flagged in no exposure.
    n_exposures : int
    """

    name: str
    simulator: Simulator
    filter: str
    n_stars: int
    n_galaxies: int
    seed: int
    held_out: bool = False
    size_factor: float = 1.0
    side_px: int = 400
    arrangement: Arrangement = "field"
    giant: bool = False
    defocused: float = 0.0
    gradient: float = 0.0
    hot_fraction: float = 0.0
    n_exposures: int = 4


def known_scenes() -> tuple[SceneSpec, ...]:
    """Read the scenes that are listed, those that were set aside last."""
    with as_file(files(__package__) / "scenes.ecsv") as path:
        table = Table.read(path)
    columns = {name: table[name].tolist() for name in table.colnames}
    return tuple(
        SceneSpec(**dict(zip(columns, values, strict=True)))
        for values in zip(*columns.values(), strict=True)
    )
