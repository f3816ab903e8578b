"""From a choice to the script that makes the chosen product, and to the product when asked."""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from hstdriz_study.drizzle.ivm import ivm_files
from hstdriz_study.drizzlepac_options import one_call_options, tweakreg_options, updatewcs_options
from hstdriz_study.errors import DrizzleError
from hstdriz_study.prepare import bad_flag
from hstdriz_study.study.config import drizzle_settings, points_told, prepare_settings
from hstdriz_study.study.report import ProductCall, product_script
from hstdriz_study.workers import Death

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.choose import Choice
    from hstdriz_study.contracts import PreparedFilter
    from hstdriz_study.field import Field
    from hstdriz_study.study.config import StudyConfig
    from hstdriz_study.study.directory.layout import StudyDirectory

log = logging.getLogger(__name__)


def product_name(config: StudyConfig) -> str:
    """Return AstroDrizzle's ``output`` of the product of one filter."""
    return f"{config.name}_{config.filter.name}"


def write_product_script(
    choice: Choice, config: StudyConfig, field: Field, study_dir: StudyDirectory
) -> Path:
    """Write the runnable script with the exact calls that make the chosen product.

    ``config`` is that of the chosen point, ``field`` that of its filter.
    """
    prepared, preparing = field.prepared, prepare_settings(config)
    settings = drizzle_settings(config)
    call = ProductCall(
        inputs=prepared.inputs,
        reference_dirs=field.reference_dirs,
        updatewcs=updatewcs_options() if preparing.updatewcs else None,
        tweakreg=tweakreg_options(preparing.tweakreg) if preparing.tweakreg else None,
        astrodrizzle=one_call_options(preparing.steps, settings),
        output=product_name(config),
        ivm=ivm_files(settings, prepared.inputs),
        bad_pixel_flag=_bad_pixel_flag(prepared, config),
        data=points_told([config]),
    )
    path = study_dir.script(choice.filter)
    path.write_text(product_script(choice, call))
    return path


def _bad_pixel_flag(prepared: PreparedFilter, config: StudyConfig) -> int | None:
    """Return the flag of pixels without a number; None when the product does not see one."""
    by_error = config.drizzle.final_wht_type == "ERR"
    seen = any(one.science or (by_error and one.error) for one in prepared.non_finite)
    return (bad_flag(prepare_settings(config)) or 0) if seen else None


def make_product(script: Path, output: str, study_dir: StudyDirectory) -> Path:
    """Run the script: the product in ``products/`` is made by what the user is given.

    The script that made a product is kept beside it; a product that the same
    script has made is not made again.

    Parameters
    ----------
    script : `~pathlib.Path`
    output : str
        AstroDrizzle's ``output`` in it (`product_name`).
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`

    Returns
    -------
    `~pathlib.Path`
        The drizzled image.

    Raises
    ------
    DrizzleError
        If the script fails or leaves no image; its log is kept.
    """
    products = study_dir.products
    products.path.mkdir(exist_ok=True)
    made_by = products.made_by(script)
    if made_by.is_file() and made_by.read_bytes() == script.read_bytes():
        kept = products.image(output)
        if kept is not None:
            return kept
    made_by.unlink(missing_ok=True)
    log_file = products.log(script)
    log.info("making the chosen product: %s", script.name)
    with log_file.open("w") as stream:
        done = subprocess.run(
            [sys.executable, str(script), str(products)],
            cwd=products.path,
            stdout=stream,
            stderr=subprocess.STDOUT,
            check=False,
        )
    product = products.image(output)
    if done.returncode or product is None:
        how = f": {Death(done.returncode)}" if done.returncode < 0 else ""
        raise DrizzleError(f"{script.name} failed{how}; {log_file} says why")
    shutil.copyfile(script, made_by)
    return product
