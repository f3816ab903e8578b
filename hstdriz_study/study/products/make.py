"""From the choices of a study to what is made of them: images, noise maps and PSFs."""

from __future__ import annotations

import logging
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.apart import done_apart
from hstdriz_study.cache import remove_leftovers
from hstdriz_study.choose import choose_common_scale
from hstdriz_study.drizzle import output_grid
from hstdriz_study.errors import DrizzleError, StudyError
from hstdriz_study.predict.needs import product_disk
from hstdriz_study.prepare.needs import working_disk
from hstdriz_study.study.choosing import choices_of, chosen_records
from hstdriz_study.study.config import ReportConfig, choice_settings, drizzle_settings
from hstdriz_study.study.directory.driver import drive
from hstdriz_study.study.directory.ended import EndedStudy, read_ended
from hstdriz_study.study.directory.read_back import unlike, write_read_back
from hstdriz_study.study.directory.stored import stored_config
from hstdriz_study.study.products.cards import point_cards
from hstdriz_study.study.products.noise_product import write_noise_map
from hstdriz_study.study.products.product import make_product, product_name, write_product_script
from hstdriz_study.study.products.read_back import differences
from hstdriz_study.study.products.superseded import set_aside_others
from hstdriz_study.study.report import write_report
from hstdriz_study.study.run.anew import field_with_exposures
from hstdriz_study.study.run.filter_setup import load_field

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hstdriz_study.choose import Choice, CommonScale
    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.field import Field
    from hstdriz_study.study.directory.layout import StudyDirectory

log = logging.getLogger(__name__)

EVERYTHING = ReportConfig(make_product=True, make_noise_map=True, make_psf=True, what_if=[])


def make_products(study_dir: StudyDirectory) -> int:
    """Make every product of every choice: ``hstdriz-study products STUDY_DIR``.

    Returns
    -------
    int
        0, or 1 when a product could not be made.

    Raises
    ------
    StudyError
        If the directory holds no study, or nothing was chosen.
    """
    study = read_ended(study_dir)
    drive(study_dir)
    remove_leftovers(Path(study.config.prepare.cache_dir))
    choices = choices_of(study)
    if all(choice.chosen is None for choice in choices):
        raise StudyError(f"{study_dir}: nothing was chosen, so there is no product to make")
    made, failed = products_of(study, choices, EVERYTHING)
    write_report(  # which shows them
        study_dir,
        choice_settings(study.config.choose),
        study.handbooks,
        records=study.records,
        choices=choices,
    )
    for path in made:
        sys.stdout.write(f"{path}\n")
    return int(failed)


def products_of(
    study: EndedStudy, choices: Sequence[Choice], wanted: ReportConfig
) -> tuple[list[Path], bool]:
    """Write the script of every choice and make what is wanted of it.

    Returns
    -------
    made : list of `~pathlib.Path`
        Images, maps and PSFs.
    failed : bool
        Whether one that is wanted could not be made; the log says why.
    """
    made: list[Path] = []
    fields: dict[str, Field] = {}
    failed = False
    if study.directory.products.path.is_dir():
        set_aside_others(study.directory.products, _chosen_keys(study, choices))
    for choice, record in chosen_records(study, choices):
        try:
            field = fields[choice.filter] = _field(record, study.directory, wanted)
            make = partial(_made, choice, record, field, study.directory)
            made += done_apart(make, wanted, "its products were not made")
        except StudyError as error:
            log.error("%s: %s", choice.filter, error)  # noqa: TRY400 - a sentence, not a defect
            failed |= _any(wanted)
    if wanted.make_psf:
        try:
            # all of it is shared with the process, not sent
            made += done_apart(
                lambda _: _psfs_made(study, choices, fields), None, "PSFs were not made"
            )
        except StudyError as error:
            log.error("%s", error)  # noqa: TRY400 - a sentence, not a defect
            failed = True
    return made, failed


def _chosen_keys(study: EndedStudy, choices: Sequence[Choice]) -> list[str]:
    """Return the keys of the points that products are made of."""
    common = _common(study, choices)
    prices = common.prices if common else ()
    chosen = [choice.chosen for choice in choices] + [price.point for price in prices]
    return [point.key for point in chosen if point is not None]


def _common(study: EndedStudy, choices: Sequence[Choice]) -> CommonScale | None:
    """Return one scale for all filters; None for a study of one."""
    if len(choices) == 1:
        return None
    return choose_common_scale(study.records, choice_settings(study.config.choose), study.handbooks)


def _any(wanted: ReportConfig) -> bool:
    return wanted.make_product or wanted.make_noise_map or wanted.make_psf


def _field(record: PointRecord, study_dir: StudyDirectory, wanted: ReportConfig) -> Field:
    """Return the field of a chosen point; for a script alone nothing is prepared anew."""
    if _any(wanted):
        return field_with_exposures(record, study_dir)
    return load_field(study_dir, stored_config(record.provenance["config"]))


def _psfs_made(
    study: EndedStudy, choices: Sequence[Choice], fields: Mapping[str, Field]
) -> list[Path]:
    # here, because most studies make no PSF
    from hstdriz_study.study.products.psf_matching import make_psfs

    common = _common(study, choices)
    return make_psfs(study.directory, choices, study.records, common, fields)


def _made(
    choice: Choice,
    record: PointRecord,
    field: Field,
    study_dir: StudyDirectory,
    wanted: ReportConfig,
) -> list[Path]:
    config = stored_config(record.provenance["config"])
    script = write_product_script(choice, record, field, study_dir)
    if not (wanted.make_product or wanted.make_noise_map):
        return []
    image = output_grid(field.prepared.mosaic, drizzle_settings(config)).shape
    n_bytes = working_disk(field.prepared.inputs)
    n_bytes += product_disk(image, noise_map=wanted.make_noise_map)
    product = make_product(script, product_name(config), study_dir, n_bytes)
    told = differences(product, record, field, config.measure.metrics)
    write_read_back(study_dir.products.read_back(choice.filter), record.key, told)
    if told:
        raise DrizzleError(f"{product}: {unlike(told)}")
    if not wanted.make_noise_map:
        return [product]
    cards = point_cards(record, config, choice.rule)
    noise = write_noise_map(product, record, field.regions, study_dir.products, cards)
    return [product, noise]
