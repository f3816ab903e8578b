"""From a scene to its field, as a study sees it, and the truth of its sources."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from astropy.table import QTable

from hstdriz_study.contracts import FindingKind
from hstdriz_study.dataset import SyntheticSource, synthetic_directory
from hstdriz_study.field import Field
from hstdriz_study.validate.context import SimulatedSet
from hstdriz_study.validate.scenes.exposures import TRUTH_NAME, write_scene

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hstdriz_study.simulate import Band
    from hstdriz_study.validate.context import SetOptions
    from hstdriz_study.validate.scenes.spec import SceneSpec

_DISC_ARCMIN2 = np.pi * (32 / 60) ** 2  # that the other simulator fills


@dataclass(frozen=True)
class SceneField:
    """The field of a scene.

    Attributes
    ----------
    spec : `~hstdriz_study.validate.scenes.spec.SceneSpec`
    band : `~hstdriz_study.simulate.Band`
    of_set : `~hstdriz_study.validate.context.SetOptions`
        How a study goes about it.
    field : `~hstdriz_study.field.Field`
    truth : `~astropy.table.QTable`
        Columns ``kind`` (star or galaxy), ``ra``, ``dec``, ``flux``, ``half_light_radius``,
        ``axis_ratio``, ``saturated``, ``n_exposures``.
    """

    spec: SceneSpec
    band: Band
    of_set: SetOptions
    field: Field
    truth: QTable


def scene_field(
    spec: SceneSpec, options_of: Callable[[SimulatedSet], SetOptions], directory: Path
) -> SceneField:
    """Simulate a scene, or take it from a directory in which it was simulated before.

    Parameters
    ----------
    spec : `~hstdriz_study.validate.scenes.spec.SceneSpec`
    options_of : callable
        Says how a study goes about a simulated set.
    directory : `~pathlib.Path`
        Receives exposures and all that is made of them.

    Raises
    ------
    StudyError
        If GalSim is needed and missing.
    """
    of_set = _accepting(options_of(SimulatedSet(spec.filter, spec.seed, directory)), spec)
    band = of_set.band
    if spec.simulator == "own":
        of_set = _of_own(of_set, spec)
        truth = synthetic_directory(of_set.source) / "truth" / f"truth_{spec.filter}.ecsv"
    else:
        exposures = directory / spec.name
        truth = exposures / TRUTH_NAME
        if not truth.is_file():
            write_scene(exposures, band, spec)
        of_set = _of_files(of_set, exposures)
    return SceneField(spec, band, of_set, Field(of_set.field), QTable.read(truth))


def _accepting(of_set: SetOptions, spec: SceneSpec) -> SetOptions:
    """Let a scene be measured with the exposure that is out of focus on purpose."""
    if not spec.defocused:
        return of_set
    checks = replace(of_set.field.checks, accept=(FindingKind.WIDTH,))
    return replace(of_set, field=replace(of_set.field, checks=checks))


def _of_own(of_set: SetOptions, spec: SceneSpec) -> SetOptions:
    source = of_set.source
    densities = replace(
        source.spec,
        n_exposures=spec.n_exposures,
        stars_per_arcmin2=spec.n_stars / _DISC_ARCMIN2,
        galaxies_per_arcmin2=spec.n_galaxies / _DISC_ARCMIN2,
    )
    return _with_source(of_set, replace(source, spec=densities))


def _of_files(of_set: SetOptions, directory: Path) -> SetOptions:
    references = dict.fromkeys(("iref", "jref"), directory / "ref")
    wanted = _with_source(of_set, directory)
    dataset = replace(wanted.field.dataset, reference_dirs=references)
    return replace(wanted, field=replace(wanted.field, dataset=dataset))


def _with_source(of_set: SetOptions, source: Path | SyntheticSource) -> SetOptions:
    dataset = replace(of_set.field.dataset, source=source)
    return replace(of_set, field=replace(of_set.field, dataset=dataset))
