"""From a choice to the script that makes the chosen product, and to the product when asked."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import TYPE_CHECKING

from hstdriz_study.drizzle import drizzle_settings, one_call_options
from hstdriz_study.errors import DrizzleError
from hstdriz_study.prepare import tweakreg_options, updatewcs_options
from hstdriz_study.report import ProductCall, product_script
from hstdriz_study.study.filter_setup import load_setup

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.choose import Choice
    from hstdriz_study.config import StudyConfig

log = logging.getLogger(__name__)


def write_product_script(choice: Choice, config: StudyConfig, study_dir: Path) -> Path:
    """Write the runnable script with the exact calls that make the chosen product.

    ``config`` is that of the chosen point.
    """
    setup = load_setup(study_dir, choice.filter)
    call = ProductCall(
        inputs=setup.prepared.inputs,
        reference_dirs=setup.reference_dirs,
        updatewcs=updatewcs_options() if config.prepare.updatewcs else None,
        tweakreg=tweakreg_options(config) if config.prepare.tweakreg else None,
        astrodrizzle=one_call_options(config, drizzle_settings(config)),
        output=f"{config.name}_{choice.filter}",
    )
    path = study_dir / f"make_product_{choice.filter}.py"
    path.write_text(product_script(choice, call))
    return path


def make_product(script: Path, study_dir: Path) -> None:
    """Run the script: the product in ``products/`` is made by what the user is given.

    Raises
    ------
    DrizzleError
        If the script fails; its log is kept.
    """
    directory = study_dir / "products"
    directory.mkdir(exist_ok=True)
    log_file = directory / f"{script.stem}.log"
    log.info("making the chosen product: %s", script.name)
    with log_file.open("w") as stream:
        done = subprocess.run(
            [sys.executable, str(script), str(directory)],
            cwd=directory,
            stdout=stream,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise DrizzleError(f"{script.name} failed; {log_file} says why")
