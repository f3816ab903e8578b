"""Noise of empty apertures against what photons, dark, read noise, weights and correlation give.

The ERR of a simulated exposure is what its photons, its dark current and its read noise give.
Pixels are drawn with that noise and nothing else, and drizzled through the flags, weights and grid
of the scene into the very boxes: what the same apertures scatter by there is expected. Scenes are
GalSim's: blank, with a giant galaxy over the field or with a nebula. Some have galaxies too faint,
or stars of a globular cluster too near others, to be detected: their light is no noise of the
exposures, and they are told and not judged.
"""

from __future__ import annotations

import math
import shutil
import sys
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits

from hstdriz_study.cache import scratch_directory
from hstdriz_study.errors import StudyError
from hstdriz_study.field.pixels import point_pixels
from hstdriz_study.measure.resample import bootstrap_metric
from hstdriz_study.measure.sky_sample import blank_sky, lit_sky
from hstdriz_study.prepare.prepare import load_prepared
from hstdriz_study.text_table import aligned
from hstdriz_study.validate.many import each
from hstdriz_study.validate.rows import Claims
from hstdriz_study.validate.scenes.fields import scene_field
from hstdriz_study.validate.scenes.library import galsim
from hstdriz_study.validate.scenes.spec import SceneSpec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hstdriz_study.contracts import PreparedFilter
    from hstdriz_study.field.setup import FieldSetup
    from hstdriz_study.measure.sky_sample import SkySample
    from hstdriz_study.validate.context import CheckContext
    from hstdriz_study.validate.rows import Row
    from hstdriz_study.validate.scenes.fields import SceneField

CLAIMS = Claims(
    "noise of empty apertures", "pure noise of the exposures' own errors through the same geometry"
)
HEADS = ("scene", "diffuse light", "boxes", "noise over expected", "on the light")
N_DRAWN = 16
_STREAM = 31
_SCALE_RATIO, _PIXFRAC = 0.6, 0.8
_MEAN_WITHIN, _N_ERRORS = 0.03, 3.0
_WINDOWS_PX = {"f160w": 600, "f814w": 800}
_N_STARS, _N_CLUSTER_STARS, _N_FAINT_GALAXIES, _FIRST_SEED = 40, 1000, 150, 700
_N_SEEDS = 5


def scenes() -> list[SceneSpec]:
    """Return the scenes: blank, with a giant galaxy, nebula or cluster; the last with galaxies."""
    seeds = range(_FIRST_SEED, _FIRST_SEED + _N_SEEDS)
    kinds = [(kind, seed) for kind in ("blank", "giant") for seed in seeds]
    kinds += [(kind, _FIRST_SEED) for kind in ("nebula", "globular")]
    made = [_scene(name, kind, seed) for name in _WINDOWS_PX for kind, seed in kinds]
    return made + [_scene(name, "galaxies", _FIRST_SEED) for name in _WINDOWS_PX]


def _scene(name: str, kind: str, seed: int) -> SceneSpec:
    plain = SceneSpec(
        f"{name}_{kind}_{seed}", "galsim", name, _N_STARS, 0, seed,
        side_px=_WINDOWS_PX[name], size_factor=0.6 if name == "f160w" else 1.0,
    )  # fmt: skip
    return replace(plain, **_KINDS[kind])


_KINDS: dict[str, dict[str, Any]] = {
    "blank": {},
    "giant": {"giant": True},
    "nebula": {"arrangement": "nebula"},
    "globular": {"arrangement": "globular", "n_stars": _N_CLUSTER_STARS},
    "galaxies": {"n_galaxies": _N_FAINT_GALAXIES},
}


@dataclass(frozen=True)
class Ratio:
    """Measured over expected noise, with the errors of both; nan where there is none."""

    value: float = math.nan
    err: float = math.nan


@dataclass(frozen=True)
class NoiseNumbers:
    """What came of one scene.

    Attributes
    ----------
    spec : `~hstdriz_study.validate.scenes.spec.SceneSpec`
    dark, lit : Ratio
        In the darkest parts, and on diffuse light.
    lit_fraction : float
        Of the boxes; nan where no diffuse light was found.
    n_boxes : int
    failure : str
        Why there are no numbers; empty where there are.
    """

    spec: SceneSpec
    dark: Ratio = Ratio()
    lit: Ratio = Ratio()
    lit_fraction: float = math.nan
    n_boxes: int = 0
    failure: str = ""


def check(context: CheckContext) -> list[Row]:
    """Measure every scene; also prints a table of them.

    Raises
    ------
    StudyError
        If GalSim is missing.
    """
    galsim()
    numbers = each(partial(scene_noise, context), scenes(), context.n_processes)
    sys.stdout.write(f"{aligned(HEADS, [_cells(one) for one in numbers])}\n\n")
    return list(noise_rows(numbers))


def scene_noise(context: CheckContext, spec: SceneSpec) -> NoiseNumbers:
    """Simulate a scene and compare its noise; nothing of it is kept."""
    parent = context.options.cache_dir.expanduser() / "scenes"
    parent.mkdir(parents=True, exist_ok=True)
    with scratch_directory(parent) as scratch:
        try:
            return compared(scene_field(spec, context.options_of, scratch), scratch)
        except StudyError as error:
            return NoiseNumbers(spec, failure=str(error))


def compared(scene: SceneField, scratch: Path, n_drawn: int = N_DRAWN) -> NoiseNumbers:
    """Hold the noise of a scene against that of pure noise in its boxes."""
    field, light = scene.field, scene.field.regions.sky_light
    context = field.context(scene.of_set.point.n_bootstrap)
    scale = round(_SCALE_RATIO * scene.of_set.native_arcsec, 4)
    settings = replace(scene.of_set.drizzle, final_scale_arcsec=scale, final_pixfrac=_PIXFRAC)
    pixels = point_pixels(field.setup, settings, "fast", scratch)
    dark, lit = blank_sky(pixels, context), lit_sky(pixels, context)
    expected: list[tuple[float, float]] = []
    for noisy in noise_alone(field.setup, scratch / "noise", scene.spec.seed, n_drawn):
        drawn = point_pixels(noisy, settings, "fast", scratch)
        of_lit = lit_sky(drawn, context)
        sigma = blank_sky(drawn, context).empty.sigma[0]
        expected.append((sigma, math.nan if of_lit is None else of_lit.empty.sigma[0]))
    of_dark, of_light = np.array(expected).T
    return NoiseNumbers(
        scene.spec, _ratio(dark, of_dark), _ratio(lit, of_light),
        lit_fraction=math.nan if light is None else float(np.mean(light > 0)),
        n_boxes=len(field.regions.sky_boxes),
    )  # fmt: skip


def noise_alone(
    setup: FieldSetup, directory: Path, seed: int, n_drawn: int
) -> Iterator[FieldSetup]:
    """Yield setups whose prepared exposures hold noise, as their errors say, and nothing else."""
    prepared = setup.prepared
    shutil.copytree(prepared.directory, directory)
    for number in range(n_drawn):
        key = f"{prepared.key}-noise-{number}"
        copied = load_prepared(directory, prepared.name, key, prepared.inputs)
        _draw(copied, np.random.default_rng([seed, _STREAM, number]))
        yield replace(setup, prepared=copied)


def _draw(prepared: PreparedFilter, rng: np.random.Generator) -> None:
    for exposure in prepared.exposures:
        with fits.open(exposure, mode="update") as hdus:
            for chip in [chip for chip in prepared.chips if chip.exposure == exposure]:
                error = hdus["ERR", chip.extver].data
                noise = np.where(np.isfinite(error), error, 0.0) * rng.standard_normal(error.shape)
                hdus["SCI", chip.extver].data[...] = (noise + chip.mdrizsky).astype(np.float32)


def _ratio(sample: SkySample | None, expected: np.ndarray) -> Ratio:
    if sample is None:
        return Ratio()
    sigma = sample.empty.sigma
    measured = bootstrap_metric(sigma[0], sigma[1:], len(sample.boxes))
    mean = float(np.sqrt(np.mean(expected**2)))
    expected_err = float(np.std(expected, ddof=1)) / math.sqrt(len(expected))
    value = measured.value / mean
    return Ratio(value, value * math.hypot(measured.err / measured.value, expected_err / mean))


def _has_undetected(spec: SceneSpec) -> bool:
    """Tell whether there are galaxies too faint, or stars too near others, to be detected."""
    return spec.n_galaxies > 0 or spec.arrangement == "globular"


def noise_rows(numbers: list[NoiseNumbers]) -> Iterator[Row]:
    """Judge the scenes without undetected sources, each and on average."""
    judged = [one for one in numbers if not _has_undetected(one.spec)]
    for one in judged:
        for words, ratio in (("", one.dark), (", on diffuse light", one.lit)):
            if words and math.isnan(ratio.value):
                continue
            reason = one.failure or f"{_N_ERRORS:g} errors of {ratio.err:.3f}"
            yield CLAIMS.near(
                f"{one.spec.name}: measured over expected noise{words}", ratio.value, 1.0,
                _N_ERRORS * ratio.err, reason=reason,
            )  # fmt: skip
    mean = float(np.mean([one.dark.value for one in judged]))
    yield CLAIMS.near(
        f"mean of {len(judged)} scenes: measured over expected noise", mean, 1.0, _MEAN_WITHIN,
        reason="no source is left undetected in them",
    )  # fmt: skip


def _cells(one: NoiseNumbers) -> tuple[str, ...]:
    if one.failure:
        return (one.spec.name, one.failure, "", "", "")
    lit = "none" if math.isnan(one.lit_fraction) else f"{one.lit_fraction:.0%} of the boxes"
    return (one.spec.name, lit, str(one.n_boxes), _words(one.dark), _words(one.lit))


def _words(ratio: Ratio) -> str:
    return "-" if math.isnan(ratio.value) else f"{ratio.value:.3f} ± {ratio.err:.3f}"
