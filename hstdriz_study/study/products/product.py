"""From a choice to the script that makes the chosen product, and to the product when asked."""

from __future__ import annotations

import logging
import shutil
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hstdriz_study.disk import require_free
from hstdriz_study.drizzle.ivm import ivm_files
from hstdriz_study.drizzlepac_options import (
    one_call_options,
    shift_options,
    tweakreg_options,
    updatewcs_options,
)
from hstdriz_study.errors import DrizzleError
from hstdriz_study.guard import left_by_death
from hstdriz_study.prepare import bad_flag
from hstdriz_study.prepare.align_to import read_reference
from hstdriz_study.prepare.mending import needs_mending
from hstdriz_study.prepare.shifts import given_shifts
from hstdriz_study.prepare.wcs import solutions_taken
from hstdriz_study.study.config import drizzle_settings, points_told, prepare_settings
from hstdriz_study.study.directory.layout import ProductsDirectory
from hstdriz_study.study.directory.stored import stored_config
from hstdriz_study.study.products.cards import point_cards
from hstdriz_study.study.products.script_run import run_script
from hstdriz_study.study.products.superseded import set_aside
from hstdriz_study.study.report import ProductCall, product_script
from hstdriz_study.whole_files import write_text
from hstdriz_study.workers import Death

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hstdriz_study.choose import Choice
    from hstdriz_study.contracts import PointRecord, PreparedFilter
    from hstdriz_study.drizzlepac_options import TweakRegReference
    from hstdriz_study.field import Field
    from hstdriz_study.prepare import PrepareSettings
    from hstdriz_study.study.config import StudyConfig
    from hstdriz_study.study.directory.layout import FilterDirectory, StudyDirectory

log = logging.getLogger(__name__)


def product_name(config: StudyConfig) -> str:
    """Return AstroDrizzle's ``output`` of the product of one filter."""
    return f"{config.name}_{config.filter.name}"


def write_product_script(
    choice: Choice, record: PointRecord, field: Field, study_dir: StudyDirectory
) -> Path:
    """Write the runnable script with the exact calls that make the chosen product.

    ``record`` is that of the chosen point, ``field`` that of its filter.
    """
    config = stored_config(record.provenance["config"])
    prepared, preparing = field.prepared, prepare_settings(config)
    of_filter = study_dir.of_filter(choice.filter)
    reference = _reference(preparing, of_filter)
    settings = drizzle_settings(config)
    call = ProductCall(
        inputs=prepared.inputs,
        reference_dirs=field.reference_dirs,
        updatewcs=updatewcs_options() if preparing.updatewcs else None,
        tweakreg=tweakreg_options(preparing.tweakreg, reference) if preparing.tweakreg else None,
        solutions=solutions_taken(prepared.inputs, preparing),
        mended=any(map(needs_mending, prepared.exposures)),
        reference=of_filter.path / reference.file if reference else None,
        shifts=_shifts(prepared, of_filter) if preparing.shifts else (),
        shift_wcs=of_filter.shift_wcs if preparing.shifts else None,
        astrodrizzle=one_call_options(preparing.steps_of(len(prepared.inputs)), settings),
        output=product_name(config),
        ivm=ivm_files(settings, prepared.inputs),
        bad_pixel_flag=_bad_pixel_flag(prepared, config),
        cards=tuple(point_cards(record, config, choice.rule)),
        data=points_told([config]),
    )
    path = study_dir.script(choice.filter)
    write_text(path, product_script(choice, call))
    return path


def _reference(preparing: PrepareSettings, of_filter: FilterDirectory) -> TweakRegReference | None:
    """Return what was aligned to, as the study keeps it."""
    kept = of_filter.aligned_to
    if preparing.align_to is None or kept is None:
        return None
    return read_reference(replace(preparing.align_to, path=kept))


def _shifts(prepared: PreparedFilter, of_filter: FilterDirectory) -> tuple[dict[str, Any], ...]:
    """Return the shifts that were given, in the order of the exposures."""
    names = [path.name for path in prepared.exposures]
    return tuple(map(shift_options, given_shifts(of_filter.shifts, names)))


def _bad_pixel_flag(prepared: PreparedFilter, config: StudyConfig) -> int | None:
    """Return the flag of pixels without a number; None when the product does not see one."""
    by_error = config.drizzle.final_wht_type == "ERR"
    seen = any(one.science or (by_error and one.error) for one in prepared.non_finite)
    return (bad_flag(prepare_settings(config)) or 0) if seen else None


def make_product(
    script: Path, output: str, study_dir: StudyDirectory, n_bytes: float = 0.0
) -> Path:
    """Run the script: the product in ``products/`` is made by what the user is given.

    The script that made a product is kept beside it; a product that the same script has made is not
    made again, one that another has made is set aside. The script works on copies of the exposures
    in a directory that is gone afterwards; of one that fails its log alone is left.

    Parameters
    ----------
    script : `~pathlib.Path`
    output : str
        AstroDrizzle's ``output`` in it (`product_name`).
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`
    n_bytes : float
        What the script will write.

    Returns
    -------
    `~pathlib.Path`
        The drizzled image.

    Raises
    ------
    DrizzleError
        If the script fails or leaves no image; its log is kept.
    StudyError
        If the disk has no room for it; nothing is begun.
    """
    products = study_dir.products
    products.path.mkdir(exist_ok=True)
    made_by = products.made_by(script)
    if made_by.is_file() and made_by.read_bytes() == script.read_bytes():
        kept = products.image(output)
        if kept is not None:
            return kept
    purpose = f"{script.name}, which works on copies of the exposures,"
    require_free(products.path, n_bytes, purpose, "hydra.sweep.dir")
    made_by.unlink(missing_ok=True)
    earlier = products.image(output)
    set_aside(products, [earlier] if earlier else [])
    log.info("making the chosen product: %s", script.name)
    work = ProductsDirectory(products.work(script))
    with _fresh(work.path):
        code = run_script(script, work.path, products.log(script))
        product = work.image(output)
        if code or product is None:
            how = f": {Death(code)}" if code < 0 else ""
            raise DrizzleError(f"{script.name} failed{how}; {products.log(script)} says why")
        product = product.rename(products.path / product.name)
    shutil.copyfile(script, made_by)
    return product


@contextmanager
def _fresh(directory: Path) -> Iterator[None]:
    """Make a directory, empty where one was left, that is gone afterwards."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    with left_by_death(directory):
        try:
            yield
        finally:
            shutil.rmtree(directory, ignore_errors=True)
