"""The selection of stars against scenes of two simulators whose every source is known."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING

from hstdriz_study.cache import scratch_directory
from hstdriz_study.contracts.metric_table import FWHM
from hstdriz_study.errors import ConfigError, MetricUnavailableError, StudyError
from hstdriz_study.measure.psf import measure_psf
from hstdriz_study.measure.regions.star_warnings import NO_STARS, OFF_WIDTH, TOO_FEW
from hstdriz_study.text_table import NONE, aligned
from hstdriz_study.validate.many import each
from hstdriz_study.validate.rows import Claims
from hstdriz_study.validate.scenes.fields import scene_field
from hstdriz_study.validate.scenes.judge import Judgement, judged, selected_stars
from hstdriz_study.validate.scenes.library import galsim
from hstdriz_study.validate.scenes.spec import known_scenes
from hstdriz_study.validate.scenes.truth import star_of_scene

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import Metric
    from hstdriz_study.validate.context import CheckContext
    from hstdriz_study.validate.rows import Row
    from hstdriz_study.validate.scenes.fields import SceneField
    from hstdriz_study.validate.scenes.spec import SceneSpec

CLAIMS = Claims("selection of stars", "truth tables of the scenes (GalSim, and our own simulator)")
HEADS = ("scene", "stars", "no stars", "bright found", "FWHM against truth", "said")
_N_SIGMA = 2.0
_SCALE_RATIO, _PIXFRAC = 0.6, 0.8
_MOST_NOT_STARS, _LEAST_FOUND, _FWHM = 0.02, 0.9, 0.015
_ENOUGH_BRIGHT, _ENOUGH_STARS = 10, 20


@dataclass(frozen=True)
class SceneNumbers:
    """What came of one scene.

    Attributes
    ----------
    spec : `~hstdriz_study.validate.scenes.spec.SceneSpec`
    judgement : `~hstdriz_study.validate.scenes.judge.Judgement`
    fwhm_bias, fwhm_bias_err : float
        Measured over true FWHM minus 1; NaN where there are too few stars.
    said : str
        What the field says of its stars.
    failure : str
        Why there are no numbers; empty where there are.
    """

    spec: SceneSpec
    judgement: Judgement
    fwhm_bias: float = math.nan
    fwhm_bias_err: float = math.nan
    said: str = ""
    failure: str = ""


def check(context: CheckContext) -> list[Row]:
    """Select stars in every scene that is asked for; also prints a table of the scenes.

    Raises
    ------
    ConfigError
        If no scene has such a name.
    StudyError
        If GalSim is needed and missing.
    """
    wanted = [spec for spec in known_scenes() if _asked_for(spec, context.options.scenes)]
    if not wanted:
        raise ConfigError(
            f"stars.scenes={list(context.options.scenes)}: no scene has such a name; "
            f"there are {', '.join(spec.name for spec in known_scenes())}"
        )
    if any(spec.simulator == "galsim" for spec in wanted):
        galsim()  # told once, and not of every scene
    work = partial(scene_numbers, context)
    numbers = each(work, wanted, context.n_processes)
    sys.stdout.write(f"{scene_table(numbers)}\n\n")
    return [row for one in numbers for row in scene_rows(one)]


def _asked_for(spec: SceneSpec, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(spec.name, pattern) for pattern in patterns)


def scene_numbers(context: CheckContext, spec: SceneSpec) -> SceneNumbers:
    """Simulate a scene, select its stars and measure them; nothing of it is kept."""
    parent = context.options.cache_dir.expanduser() / "scenes"
    parent.mkdir(parents=True, exist_ok=True)
    with scratch_directory(parent) as scratch:
        try:
            return field_numbers(scene_field(spec, context.options_of, scratch))
        except StudyError as error:
            return SceneNumbers(spec, Judgement(0, 0, 0, 0, 0, 0), failure=str(error))


def field_numbers(scene: SceneField) -> SceneNumbers:
    """Select and measure the stars of a scene.

    Raises
    ------
    StudyError
        If it cannot be prepared or drizzled.
    """
    regions = scene.field.regions
    fwhm = star_of_scene(scene, final_scale_arcsec=0.0, final_pixfrac=0.0).fwhm_arcsec()
    judgement = judged(regions, scene.truth, fwhm, scene.of_set.field.regions.min_star_snr)
    measured = _fwhm(scene)
    numbers = SceneNumbers(scene.spec, judgement, said=_said(regions.warnings))
    if measured is None:
        return numbers
    metric, expected = measured
    return replace(
        numbers,
        fwhm_bias=metric.value / expected - 1,
        fwhm_bias_err=metric.err / expected,
    )


def _fwhm(scene: SceneField) -> tuple[Metric, float] | None:
    """Measure the width of the sample at one point; beside it what its true stars have."""
    scale = round(_SCALE_RATIO * scene.of_set.native_arcsec, 4)
    settings = replace(scene.of_set.drizzle, final_scale_arcsec=scale, final_pixfrac=_PIXFRAC)
    field, point = scene.field, scene.of_set.point
    try:
        metric = measure_psf(
            field.pixels(settings, point.engine), field.context(point.n_bootstrap)
        )[FWHM.name]
    except MetricUnavailableError:
        return None
    stars = selected_stars(field.regions, scene.truth)
    star = star_of_scene(scene, final_scale_arcsec=scale, final_pixfrac=_PIXFRAC, stars=stars)
    return metric, star.fwhm_arcsec()


def _said(warnings: tuple[str, ...]) -> str:
    told = []
    if any(NO_STARS in warning for warning in warnings):
        told.append(NO_STARS)
    elif any(TOO_FEW in warning for warning in warnings):
        told.append("too few stars")
    if any(OFF_WIDTH in warning for warning in warnings):
        told.append("width off")
    return ", ".join(told)


def scene_table(numbers: Sequence[SceneNumbers]) -> str:
    """Return a table of the scenes for the terminal."""
    return aligned(HEADS, [scene_cells(one) for one in numbers])


def scene_cells(one: SceneNumbers) -> tuple[str, ...]:
    """Return the cells of one scene, in the order of `HEADS`."""
    judgement = one.judgement
    if one.failure:
        return (one.spec.name, *[NONE] * 4, one.failure)
    bias = f"{100 * one.fwhm_bias:+.1f} ± {100 * one.fwhm_bias_err:.1f} %"
    return (
        one.spec.name,
        str(judgement.n_stars),
        str(judgement.n_not_stars),
        f"{judgement.n_bright_found} of {judgement.n_bright}",
        NONE if math.isnan(one.fwhm_bias) else bias,
        one.said or NONE,
    )


def scene_rows(one: SceneNumbers) -> list[Row]:
    """Judge one scene."""
    name, judgement = one.spec.name, one.judgement
    if one.failure:
        claim = f"{name}: could not be measured"
        return [CLAIMS.at_least(claim, math.nan, 0.0, reason=one.failure)]
    rows = [
        CLAIMS.at_most(
            f"{name}: selected sources that are no stars",
            judgement.n_not_stars,
            max(1.0, _MOST_NOT_STARS * judgement.n_selected),
            reason=f"one, or 2 % of the {judgement.n_selected} selected",
        )
    ]
    if judgement.n_bright >= _ENOUGH_BRIGHT:
        rows.append(
            CLAIMS.at_least(
                f"{name}: bright, isolated, unsaturated stars that are selected",
                judgement.completeness,
                _LEAST_FOUND,
                reason=f"of {judgement.n_bright} with S/N above 100",
            )
        )
    if not math.isnan(one.fwhm_bias):
        rows.append(
            CLAIMS.near(
                f"{name}: FWHM of the sample over that of the PSF",
                1 + one.fwhm_bias,
                1.0,
                _FWHM + _N_SIGMA * one.fwhm_bias_err,
                reason=f"1.5 %, and {_N_SIGMA:g} stated errors of {one.fwhm_bias_err:.4f}",
            )
        )
    return rows + _presence_rows(one)


def _presence_rows(one: SceneNumbers) -> list[Row]:
    """Judge whether a scene says rightly that it has stars, or none."""
    selected = one.judgement.n_selected
    claim = f"{one.spec.name}: stars where there are "
    if one.spec.n_stars == 0:
        return [CLAIMS.at_most(f"{claim}none", selected, 0.0, reason="no star was painted")]
    if one.judgement.n_usable < _ENOUGH_STARS:
        return []
    reason = f"{one.judgement.n_usable} are fit for use"
    return [CLAIMS.at_least(f"{claim}twenty or more", selected, 1.0, reason=reason)]
