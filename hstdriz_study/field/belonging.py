"""From prepared exposures to whether each of them belongs to the others, kept on disk."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from hstdriz_study.contracts import refuse_stopping
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.keys import Code, cached_stage, stage_key
from hstdriz_study.prepare.prepare import load_prepared

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.contracts import Finding, PreparedFilter
    from hstdriz_study.field.settings import FieldOptions

SEEN_NAME = "side_by_side.json"


def belonging(prepared: PreparedFilter, options: FieldOptions) -> tuple[Finding, ...]:
    """Compare the exposures with each other.

    Returns
    -------
    tuple of `~hstdriz_study.contracts.Finding`
        What is accepted or only told.

    Raises
    ------
    DatasetError
        If an exposure is not like the others, so that numbers would be wrong.
    """
    # here, because most commands compare nothing
    from hstdriz_study.checks import SideBySide, wrong_side_by_side

    stage = stage_key(
        [COMPARING],
        options.prepare.cache_dir,
        inputs={"prepared": prepared.key},
        options={"good_bits": options.native.final_bits, "geometry": asdict(options.geometry)},
    )
    entry = cached_stage(
        options.prepare.cache_dir / "compared",
        prepared.name,
        stage,
        lambda directory: _compare(prepared, options, directory),
    )
    seen = SideBySide.from_json(read_json(entry / SEEN_NAME))
    found = wrong_side_by_side(seen, options.checks, options.geometry.native_scale_arcsec)
    refuse_stopping(f"filter={prepared.name}", found, options.checks.accept)
    return found


def _compare(prepared: PreparedFilter, options: FieldOptions, directory: Path) -> None:
    from hstdriz_study.checks import side_by_side

    seen = side_by_side(
        prepared.exposures,
        prepared.chips,
        fwhm_arcsec=options.geometry.psf_fwhm_arcsec,
        native_scale_arcsec=options.geometry.native_scale_arcsec,
        good_bits=options.native.final_bits,
    )
    write_json(directory / SEEN_NAME, seen.as_json())


COMPARING = Code(
    "comparing exposures",
    roots=(load_prepared, _compare),
    libraries=("astropy", "numpy", "photutils", "scipy", "stwcs"),
)
