"""What is known of a filter between its points: weights foreseen, width and depth of surfaces."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from hstdriz_study.choose import find_rule
from hstdriz_study.choose.surface import alike
from hstdriz_study.contracts import FAST_KERNELS
from hstdriz_study.errors import StudyError
from hstdriz_study.refine import places_between, sweep_of
from hstdriz_study.study.choosing import chosen_records
from hstdriz_study.study.config import asked_arcsec, choice_settings, refine_settings
from hstdriz_study.study.directory.between_record import read_between, write_between
from hstdriz_study.study.directory.stored import stored_config
from hstdriz_study.study.run.filter_setup import load_field
from hstdriz_study.workers import cores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose import Choice
    from hstdriz_study.contracts import DrizzleSettings, PointRecord
    from hstdriz_study.refine import Between, Foresee, Spot
    from hstdriz_study.study.config import StudyConfig
    from hstdriz_study.study.directory.ended import EndedStudy
    from hstdriz_study.study.directory.layout import StudyDirectory

log = logging.getLogger(__name__)


def write_places_between(study: EndedStudy, choices: Sequence[Choice]) -> None:
    """Foretell the places between the points of every filter, for the report.

    What is there already of the same points and choice stays. Of a filter whose prepared
    exposures are gone, or whose kernel cannot be foreseen, nothing is foretold: preparing
    exposures anew is no matter of a report.
    """
    for choice, chosen in chosen_records(study, choices):
        records = [record for record in study.records if record.filter == choice.filter]
        filter_dir = study.directory.of_filter(choice.filter)
        if _stays_at_a_scale(choice) or read_between(choice, records, filter_dir) is not None:
            continue
        try:
            places = _foretold(study, choice, chosen, records)
        except StudyError as error:
            log.info("%s: nothing is foretold between the points: %s", choice.filter, error)
            continue
        write_between(places, choice, records, filter_dir)


def _stays_at_a_scale(choice: Choice) -> bool:
    """Tell whether the scale is no matter of the points alone."""
    return choice.common is not None or find_rule(choice.rule).scale_first


def _foretold(
    study: EndedStudy, choice: Choice, chosen: PointRecord, records: Sequence[PointRecord]
) -> Sequence[Between]:
    config = stored_config(chosen.provenance["config"])
    settings = choice_settings(study.config.choose)
    like = [record for record in records if alike(record, chosen)]
    sweep = sweep_of(like, choice, refine_settings(config.refine), settings, scale_range(config))
    foresee = foresight(config, chosen.settings, study.directory)
    return places_between(sweep, chosen, choice, settings, foresee) if foresee else ()


def foresight(
    config: StudyConfig, like: DrizzleSettings, study_dir: StudyDirectory
) -> Foresee | None:
    """Return what foresees the weights of points; None for a kernel whose weights nothing does."""
    if like.final_kernel not in FAST_KERNELS:
        return None
    return partial(_weights_foreseen, config, like, study_dir)


def _weights_foreseen(
    config: StudyConfig,
    like: DrizzleSettings,
    study_dir: StudyDirectory,
    spots: Sequence[Spot],
) -> list[tuple[float, float]]:
    """Return RMS/median and hole fraction at places that were not run; raises as `load_field`."""
    log.info("%s: foreseeing the weight map between the points", config.filter.name)
    settings = [
        replace(like, final_scale_arcsec=spot.final_scale_arcsec, final_pixfrac=spot.final_pixfrac)
        for spot in spots
    ]
    field = load_field(study_dir, config)
    foreseen = field.predict_weights(settings, config.workers or cores())
    return [(one.spread.rms_over_median, one.spread.hole_fraction) for one in foreseen]


def scale_range(config: StudyConfig) -> tuple[float, float]:
    """Return the finest and the coarsest scale that may be added, arcsec."""
    refine = config.refine
    return (
        asked_arcsec(refine.finest_scale, config.filter, "refine.finest_scale"),
        asked_arcsec(refine.coarsest_scale, config.filter, "refine.coarsest_scale"),
    )
