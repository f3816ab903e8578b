"""The weight of every input pixel under each of AstroDrizzle's weighting schemes.

EXP needs the flags alone. The arrays of ERR and IVM are DrizzlePac's own: AstroDrizzle
runs once, keeps its masks, and they are cached beside the prepared exposures.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

from hstdriz_study.cache import file_checksum
from hstdriz_study.drizzle.astrodrizzle import run_final_step, scratch_directory
from hstdriz_study.drizzle.ivm import ivm_files
from hstdriz_study.drizzlepac_options import final_masks_options
from hstdriz_study.errors import DrizzleError
from hstdriz_study.good_bits import good_pixels, without_cosmic_rays
from hstdriz_study.keys import Code, StageKey, cached_stage, stage_key
from hstdriz_study.prepare.references import reference_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hstdriz_study.contracts import Chip, DrizzleSettings, PreparedFilter


@dataclass(frozen=True)
class Weighting:
    """How input pixels are weighted: EXP with its good bits, or with arrays by DrizzlePac."""

    wht_type: str
    good_bits: int | None
    arrays: dict[Chip, Path] | None = None


def weighting(
    prepared: PreparedFilter,
    settings: DrizzleSettings,
    *,
    reference_dirs: Mapping[str, Path],
) -> Weighting:
    """Return the weighting of a point; ERR and IVM run AstroDrizzle at first use.

    Raises
    ------
    DrizzleError
        If AstroDrizzle fails or keeps no masks.
    DatasetError
        If an inverse-variance map of the user's is missing.
    """
    by_time = exposure_weighting(settings)
    if settings.final_wht_type == "EXP":
        return by_time
    arrays = drizzlepac_arrays(prepared, settings, reference_dirs)
    return replace(by_time, wht_type=settings.final_wht_type, arrays=arrays)


def exposure_weighting(settings: DrizzleSettings) -> Weighting:
    """Return the weighting by exposure time of prepared exposures, whatever the point's own."""
    return Weighting("EXP", without_cosmic_rays(settings.final_bits))


def weight_scale(chip: Chip, wht_type: str, scale_ratio: float) -> float:
    """Return the factor between a weight array and the weight that is drizzled.

    Parameters
    ----------
    chip : `~hstdriz_study.contracts.Chip`
    wht_type : str
        EXP, ERR or IVM.
    scale_ratio : float
        Output pixel over undistorted input pixel.

    Notes
    -----
    ``buildEXPmask``, ``buildERRmask`` and ``buildIVMmask`` in DrizzlePac's
    imageObject.py.
    """
    if wht_type == "ERR":
        return scale_ratio**-4
    if wht_type == "IVM":
        return chip.exptime_s**2 * scale_ratio**-4
    return 1.0


def exposure_weights(
    dq: np.ndarray, static_mask: np.ndarray, good_bits: int | None, exptime_s: float
) -> np.ndarray:
    """Return the exposure time where a pixel is good and 0 where it is not (EXP).

    Parameters
    ----------
    dq : `~numpy.ndarray` of uint16
    static_mask : boolean `~numpy.ndarray`
        False is bad.
    good_bits : int or None
        DQ bits that do not make a pixel bad; None when none does.
    exptime_s : float
    """
    return np.multiply(static_mask & good_pixels(dq, good_bits), exptime_s, dtype=np.float32)


def drizzlepac_arrays(
    prepared: PreparedFilter,
    settings: DrizzleSettings,
    reference_dirs: Mapping[str, Path],
) -> dict[Chip, Path]:
    """Return the weight array of every chip, as AstroDrizzle makes it for ERR or IVM.

    Raises
    ------
    DrizzleError
        If AstroDrizzle fails or keeps no masks.
    """
    stage = weights_stage(prepared, settings, reference_dirs)

    def build(directory: Path) -> None:
        _build(directory, prepared, settings, reference_dirs)

    entry = cached_stage(prepared.directory.parent, "weights", stage, build)
    return {chip: entry / _array_name(chip) for chip in prepared.chips}


def weights_stage(
    prepared: PreparedFilter, settings: DrizzleSettings, reference_dirs: Mapping[str, Path]
) -> StageKey:
    """Return what determines the weight arrays of ERR or IVM."""
    files = ivm_files(settings, prepared.exposures)
    if settings.final_wht_type == "IVM" and not files:
        files = _flat_fields(prepared.exposures, tuple(sorted(reference_dirs.items())))
    return stage_key(
        [WEIGHING],
        prepared.directory.parent.parent,
        inputs={
            "prepared": prepared.key,
            "files": [[path.name, file_checksum(path)] for path in files],
        },
        options={"astrodrizzle": final_masks_options(settings)},
    )


@cache
def _flat_fields(
    exposures: tuple[Path, ...], reference_dirs: tuple[tuple[str, Path], ...]
) -> tuple[Path, ...]:
    """Return the flat fields of which AstroDrizzle makes inverse-variance maps."""
    return tuple(reference_files(exposures, dict(reference_dirs), ("PFLTFILE",)))


def _build(
    directory: Path,
    prepared: PreparedFilter,
    settings: DrizzleSettings,
    reference_dirs: Mapping[str, Path],
) -> None:
    with scratch_directory(prepared) as scratch:
        log_file = directory / "weights.log"
        run_final_step(
            prepared,
            final_masks_options(settings),
            scratch,
            reference_dirs=reference_dirs,
            log_file=log_file,
            ivm_maps=ivm_files(settings, prepared.exposures),
        )
        for chip in prepared.chips:
            np.save(directory / _array_name(chip), _final_mask(scratch, chip, log_file))


WEIGHING = Code(
    "weighing",
    roots=(_build,),
    without=(scratch_directory,),  # where it is done makes no number
    libraries=("astropy", "drizzlepac", "numpy", "scipy", "stsci.imagestats", "stwcs"),
)


def _array_name(chip: Chip) -> str:
    return f"{chip.exposure.stem}_sci{chip.extver}.npy"


def _final_mask(scratch: Path, chip: Chip, log_file: Path) -> np.ndarray:
    root = chip.exposure.stem.rpartition("_")[0]
    kept_mask = scratch / f"{root}_sci{chip.extver}_final_mask.fits"
    if not kept_mask.is_file():
        kept = Path(shutil.copy(log_file, scratch.parent / "failed-weights.log"))
        raise DrizzleError(f"AstroDrizzle kept no weights of {chip.exposure.name}; see {kept}")
    return np.asarray(fits.getdata(kept_mask), dtype=np.float32)
