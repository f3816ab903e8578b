"""From prepared exposures to what drizzling needs of their chips beside the pixels.

The distorted WCS of a chip is sampled at nodes, the static mask that AstroDrizzle
made is kept, and the mosaic that AstroDrizzle makes by itself is noted, so that
drizzling needs neither stwcs nor DrizzlePac.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from astropy.io import fits

from hstdriz_study.contracts import Chip, OutputGrid
from hstdriz_study.dataset.units import electrons_per_unit, in_units
from hstdriz_study.errors import DatasetError
from hstdriz_study.prepare.geometry import grid_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from stwcs.wcsutil import HSTWCS

    StaticMask = Callable[[Path, fits.ImageHDU], str]

NODE_STEP_PX = 10
"""Distance of the nodes between which AstroDrizzle interpolates its pixel map (``stepsize``)."""


class Placed(NamedTuple):
    """Where the chips of exposures lie: what is known before their cosmic rays are flagged.

    Attributes
    ----------
    chips : tuple of dict
        JSON-able; those of one exposure after the other, nodes in files beside the exposures.
    mosaic : `~hstdriz_study.contracts.OutputGrid`
        The output grid AstroDrizzle makes when nothing is asked for.
    """

    chips: tuple[dict[str, Any], ...]
    mosaic: OutputGrid


def place_chips(exposures: Sequence[Path], directory: Path) -> Placed:
    """Sample the WCS of the chips of exposures; write ``*_nodes.npy`` into their directory.

    Raises
    ------
    DatasetError
        If the pixels are not in electrons or electrons per second.
    """
    from stwcs.distortion.utils import output_wcs
    from stwcs.wcsutil import HSTWCS

    chips, every_wcs = [], []
    for path in exposures:
        with fits.open(path) as hdus:
            for hdu in (hdu for hdu in hdus if hdu.name == "SCI"):
                wcs = HSTWCS(hdus, ("SCI", hdu.ver))
                every_wcs.append(wcs)
                stem = f"{path.stem}_sci{hdu.ver}"
                np.save(directory / f"{stem}_nodes.npy", _sky_nodes(wcs, hdu.shape))
                chips.append(
                    {
                        "exposure": path.name,
                        "extver": hdu.ver,
                        "shape": list(hdu.shape),
                        "exptime_s": float(hdus[0].header["EXPTIME"]),
                        "in_units": _in_units(hdus, hdu.header, path),
                        "electrons_per_unit": electrons_per_unit(hdu.header),
                        "linear_scale_arcsec": float(output_wcs([wcs.deepcopy()]).pscale),
                        "sky_nodes": f"{stem}_nodes.npy",
                    }
                )
    mosaic = output_wcs(every_wcs)
    return Placed(tuple(chips), grid_of(mosaic, mosaic.array_shape))


def describe_chips(placed: Placed, directory: Path, static_mask: StaticMask) -> dict[str, Any]:
    """Describe chips whose exposures have their sky; write their static masks beside them.

    Parameters
    ----------
    placed : `Placed`
    directory : `~pathlib.Path`
        Of the exposures, whose headers are read.
    static_mask : callable
        Given an exposure and the header-data unit of a chip, writes the chip's
        static mask beside the exposure and returns the name of the file.

    Returns
    -------
    dict
        ``chips`` and ``mosaic``, JSON-able, for `load_chips` and `load_mosaic`.
    """
    chips = []
    for chip in placed.chips:
        path = directory / chip["exposure"]
        with fits.open(path) as hdus:
            hdu = hdus["SCI", chip["extver"]]
            of_sky = {"mdrizsky": float(hdu.header.get("MDRIZSKY", 0.0))}
            chips.append(chip | of_sky | {"static_mask": static_mask(path, hdu)})
    return {"chips": chips, "mosaic": asdict(placed.mosaic)}


def load_chips(content: dict[str, Any], entry: Path) -> tuple[Chip, ...]:
    """Read back what `describe_chips` returned; ``entry`` is its directory."""
    files = ("exposure", "sky_nodes", "static_mask")
    return tuple(
        Chip(
            **stored | {name: entry / stored[name] for name in files} | {"shape": (ny, nx)},
        )
        for stored in content["chips"]
        for ny, nx in [stored["shape"]]
    )


def load_mosaic(content: dict[str, Any]) -> OutputGrid:
    """Read back the mosaic that AstroDrizzle makes by itself."""
    stored = content["mosaic"]
    (a, b), (c, d) = stored["cd"]
    return OutputGrid(
        **stored
        | {"cd": ((a, b), (c, d))}
        | {name: tuple(stored[name]) for name in ("crval_deg", "crpix", "shape")}
    )


def _sky_nodes(wcs: HSTWCS, shape: tuple[int, int]) -> np.ndarray:
    """Right ascension and declination at AstroDrizzle's nodes, shape (n_y, n_x, 2).

    The nodes lie at the 1-based pixel positions 0, 10, 20, ... and reach past the chip
    (``default_wcsmap_init`` in DrizzlePac's cdrizzlemap.c).
    """
    n_y, n_x = (size // NODE_STEP_PX + 2 for size in shape)
    x, y = np.meshgrid(np.arange(n_x) * NODE_STEP_PX, np.arange(n_y) * NODE_STEP_PX)
    sky = wcs.all_pix2world(x.ravel().astype(float), y.ravel().astype(float), 1)
    return np.stack(sky, axis=-1).reshape(n_y, n_x, 2)


def _in_units(hdus: fits.HDUList, header: fits.Header, path: Path) -> str:
    units = in_units(header.get("BUNIT"), hdus[0].header.get("DETECTOR"))
    if units is None:
        raise DatasetError(
            f"{path.name}: BUNIT is {header['BUNIT']}; use calibrated flt or flc files, which are "
            "in electrons or electrons per second"
        )
    return units


def static_mask_name(shape: tuple[int, int], extver: int) -> str:
    """Name the file of the static mask that all chips of one kind share."""
    rows, columns = shape
    return f"static_{rows}x{columns}_{extver}.npy"


def made_static_mask(exposure: Path, science: fits.ImageHDU) -> str:
    """Turn the static mask that AstroDrizzle left for one kind of chip into an array on disk."""
    directory, (rows, columns), chip = exposure.parent, science.shape, science.ver
    name = static_mask_name(science.shape, chip)
    if not (directory / name).is_file():
        (made,) = directory.glob(f"*_{rows}x{columns}_{chip}_staticMask.fits")
        np.save(directory / name, fits.getdata(made).astype(bool))
    return name
