"""The reference engine: AstroDrizzle's final step on prepared exposures."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS

from hstdriz_study import cache
from hstdriz_study.contracts import Drizzled
from hstdriz_study.drizzle.grid import output_grid
from hstdriz_study.drizzle.ivm import ivm_files
from hstdriz_study.drizzlepac_options import final_options
from hstdriz_study.errors import DrizzleError
from hstdriz_study.foreign import confined
from hstdriz_study.prepare.references import reference_environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from hstdriz_study.contracts import DrizzleSettings, OutputGrid, PreparedFilter


def drizzle(
    prepared: PreparedFilter,
    settings: DrizzleSettings,
    *,
    reference_dirs: Mapping[str, Path],
    log_file: Path,
) -> Drizzled:
    """Drizzle prepared exposures onto one output grid.

    AstroDrizzle runs in a scratch directory on links to the exposures and
    leaves nothing behind.

    Parameters
    ----------
    prepared : `~hstdriz_study.contracts.PreparedFilter`
    settings : `~hstdriz_study.contracts.DrizzleSettings`
    reference_dirs : mapping of str to `~pathlib.Path`
        ``jref`` and ``iref``, for the flat field of IVM weights.
    log_file : `~pathlib.Path`
        Receives AstroDrizzle's output.

    Returns
    -------
    Drizzled

    Raises
    ------
    DrizzleError
        If AstroDrizzle fails or makes nothing.
    DatasetError
        If an inverse-variance map of the user's is missing.
    """
    grid = output_grid(prepared.mosaic, settings)
    with scratch_directory(prepared) as scratch:
        run_final_step(
            prepared,
            final_options(settings, grid.crpix if any(settings.grid_phase) else None),
            scratch,
            reference_dirs=reference_dirs,
            log_file=log_file,
            ivm_maps=ivm_files(settings, prepared.exposures),
        )
        return _read(scratch, settings, grid, log_file)


@contextmanager
def scratch_directory(prepared: PreparedFilter) -> Iterator[Path]:
    """Give a directory beside the cache entry: the same file system, and room for full frames."""
    with cache.scratch_directory(prepared.directory.parent) as scratch:
        yield scratch


def run_final_step(
    prepared: PreparedFilter,
    options: Mapping[str, Any],
    scratch: Path,
    *,
    reference_dirs: Mapping[str, Path],
    log_file: Path,
    ivm_maps: tuple[Path, ...] = (),
) -> None:
    """Run AstroDrizzle in ``scratch`` on links to the prepared exposures.

    Raises
    ------
    DrizzleError
        If it fails.
    """
    names = _link(prepared.exposures, scratch)
    given: list[str] | str = names
    if ivm_maps:
        given = _paired_list(names, _link(ivm_maps, scratch), scratch)
    with confined(scratch, reference_environment(reference_dirs), log_file):
        from drizzlepac.astrodrizzle import AstroDrizzle

        try:
            AstroDrizzle(given, output="point", **options)
        except Exception as error:
            raise DrizzleError(f"AstroDrizzle failed ({type(error).__name__}: {error})") from error


def _link(paths: tuple[Path, ...], directory: Path) -> list[str]:
    for path in paths:
        (directory / path.name).symlink_to(path)
    return [path.name for path in paths]


def _paired_list(names: list[str], ivm_names: list[str], scratch: Path) -> str:
    """Write AstroDrizzle's two-column list of exposures and inverse-variance maps."""
    lines = [f"{name} {ivm}\n" for name, ivm in zip(names, ivm_names, strict=True)]
    (scratch / "exposures.lst").write_text("".join(lines))
    return "@exposures.lst"


def _read(scratch: Path, settings: DrizzleSettings, grid: OutputGrid, log_file: Path) -> Drizzled:
    products = sorted(scratch.glob("point_dr?.fits"))
    if not products:
        raise DrizzleError(f"AstroDrizzle made no product; {log_file} says why")
    return read_product(products[0], settings.on(grid))


def read_product(path: Path, settings: DrizzleSettings) -> Drizzled:
    """Read an image that AstroDrizzle has made.

    Parameters
    ----------
    path : `~pathlib.Path`
        With SCI and WHT.
    settings : `~hstdriz_study.contracts.DrizzleSettings`
        As they were carried out.

    Raises
    ------
    DrizzleError
        If it cannot be read.
    """
    try:
        with fits.open(path, memmap=False) as hdus:
            sci, wht = hdus["SCI"].data, hdus["WHT"].data
            wcs = WCS(hdus["SCI"].header)
            exptime_s = float(hdus[0].header["EXPTIME"])
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise DrizzleError(
            f"{path}: no whole image ({type(error).__name__}: {error}); remove it and make it again"
        ) from error
    # AstroDrizzle leaves finite numbers where nothing fell
    sci[wht == 0] = np.nan
    return Drizzled(
        sci=sci,
        wht=wht,
        wcs=wcs,
        settings=settings,
        exptime_s=exptime_s,
    )
