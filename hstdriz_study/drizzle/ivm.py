"""What IVM weighting needs, checked before any work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

from hstdriz_study.dataset.copies import copy_name
from hstdriz_study.errors import DatasetError
from hstdriz_study.prepare.references import reference_files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hstdriz_study.contracts import DrizzleSettings


def ivm_files(settings: DrizzleSettings, exposures: Sequence[Path]) -> tuple[Path, ...]:
    """Return the user's inverse-variance maps, one an exposure; empty without ``ivm_path``.

    Raises
    ------
    DatasetError
        If a map is missing.
    """
    if settings.final_wht_type != "IVM" or not settings.ivm_path:
        return ()
    directory = settings.ivm_path.resolve()
    paths = tuple(
        directory / f"{copy_name(path).removesuffix('.fits')[:-4]}_ivm.fits" for path in exposures
    )
    spaced = [path for path in exposures if len(path.name.split()) > 1]
    if spaced:
        raise DatasetError(
            f"drizzle.final_wht_type=IVM: {spaced[0].name}: AstroDrizzle's list of maps separates "
            "names by spaces; rename the file"
        )
    missing = [path.name for path in paths if not path.is_file()]
    if missing:
        raise DatasetError(
            f"drizzle.final_wht_type=IVM: {', '.join(missing)} not found in drizzle.ivm_path="
            f"{settings.ivm_path}"
        )
    return paths


def check_weighting(
    settings: DrizzleSettings, exposures: Sequence[Path], reference_dirs: Mapping[str, Path]
) -> None:
    """Check that the weights asked for can be made.

    Without maps of the user AstroDrizzle makes them from the flat field
    (PFLTFILE), and takes a missing flat for 1 with no more than a line in its
    log.

    Raises
    ------
    DatasetError, ReferenceFileError
        Naming the file that is missing, or the map that holds no weights.
    """
    if settings.final_wht_type != "IVM":
        return
    maps = ivm_files(settings, exposures)
    for path in maps:
        _check_map(path)
    if not maps:
        found = reference_files(exposures, reference_dirs, ("PFLTFILE",))
        if not found:
            raise DatasetError(
                "drizzle.final_wht_type=IVM needs the flat field, and PFLTFILE is N/A in "
                f"{exposures[0].name}; give your own maps with drizzle.ivm_path=DIR"
            )


def _check_map(path: Path) -> None:
    """Refuse what AstroDrizzle would spread: a weight that is no number, flagged or not."""
    try:
        with fits.open(path) as hdus:
            n = sum(np.count_nonzero(~np.isfinite(h.data)) for h in hdus if h.name == "IVM")
    except OSError as error:
        raise DatasetError(f"drizzle.ivm_path: {path}: not a FITS file ({error})") from None
    if n:
        raise DatasetError(
            f"drizzle.final_wht_type=IVM: {n} pixels of {path.name} are NaN or infinite, and a "
            "weight is a number; put 0 where a pixel is bad"
        )
