"""What determines the numbers of a point: what it is made from, how, and by which code."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hstdriz_study.cache import file_checksum
from hstdriz_study.contracts import MetricEntry
from hstdriz_study.drizzle.input_weights import weights_stage
from hstdriz_study.drizzlepac_options import final_options
from hstdriz_study.field.measuring import measure_context, measured_point
from hstdriz_study.field.pixels import drizzling_with, point_pixels
from hstdriz_study.field.wanted import WHERE
from hstdriz_study.keys import Code, StageKey, imports_of, stage_key
from hstdriz_study.measure import foreign_modules
from hstdriz_study.measure.metrics import OF_INJECTED_STARS
from hstdriz_study.study.config import drizzle_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import DrizzleSettings
    from hstdriz_study.field import FieldSetup
    from hstdriz_study.study.config import MeasureConfig, StudyConfig

# Of measuring, what only points know.
OF_POINTS = ("metrics", "own_metrics", "n_bootstrap", "grid_phases")


def point_key(config: StudyConfig, settings: DrizzleSettings, setup: FieldSetup) -> str:
    """Identify what determines a point's numbers."""
    return point_stage(config, settings, setup).key


def sweep_key(config: StudyConfig, setup: FieldSetup) -> str:
    """Identify the points that differ from one another in scale and pixfrac alone."""
    settings = replace(drizzle_settings(config), final_scale_arcsec=None, final_pixfrac=None)
    return point_key(config, settings, setup)


def point_stages(
    config: StudyConfig, settings: DrizzleSettings, setup: FieldSetup
) -> dict[str, dict[str, Any]]:
    """Return the parts of a point's key, and of the keys of all that it is made from."""
    weights = _weights(settings, setup)
    made_from = setup.stages if weights is None else setup.stages | {"weights": weights.parts}
    return made_from | {"point": point_stage(config, settings, setup).parts}


def point_stage(config: StudyConfig, settings: DrizzleSettings, setup: FieldSetup) -> StageKey:
    """Return what determines a point's numbers."""
    weights = _weights(settings, setup)
    metrics = [*config.measure.metrics, *config.measure.own_metrics]
    injected = setup.injected is not None
    foreign = foreign_modules(metrics)
    return stage_key(
        [drizzling_with(config.drizzle.engine), measuring_with(metrics, injected=injected)],
        setup.prepared.directory.parent.parent,
        inputs={
            "prepared": setup.prepared.key,
            "regions": setup.regions_key,
            "injected": setup.injected.key if setup.injected else None,
            "weights": weights.key if weights else None,
            "reference image": _reference_image(settings),
            "metrics": [[name, file_checksum(path)] for name, path in foreign.items()],
        },
        options=_options(config, settings, setup),
    )


def _weights(settings: DrizzleSettings, setup: FieldSetup) -> StageKey | None:
    if settings.final_wht_type == "EXP":
        return None
    return weights_stage(setup.prepared, settings, setup.reference_dirs)


def _reference_image(settings: DrizzleSettings) -> list[list[str]]:
    path = settings.final_refimage
    return [[path.name, file_checksum(path)]] if path else []


def _options(config: StudyConfig, settings: DrizzleSettings, setup: FieldSetup) -> dict[str, Any]:
    # the content of files counts, wherever they lie
    settings = replace(settings, ivm_path=None)
    if settings.final_refimage:
        settings = replace(settings, final_refimage=Path(settings.final_refimage.name))
    engine = config.drizzle.engine
    measuring = asdict(config.measure) if setup.injected else without_injection(config.measure)
    measuring |= dict.fromkeys(WHERE)  # what they name is of the regions
    return {
        "drizzle": {"engine": engine} | asdict(settings),
        "astrodrizzle": final_options(settings) if engine == "astrodrizzle" else None,
        "measure": measuring,
        "geometry": asdict(setup.regions.geometry),
    }


def without_injection(measure: MeasureConfig) -> dict[str, Any]:
    """Return the settings of measuring that hold when no star is injected."""
    settings = asdict(measure)
    return {name: settings[name] for name in settings if not name.startswith("inject_")}


def measuring_with(metrics: Sequence[str], *, injected: bool) -> Code:
    """Return the code that measures the metrics that are asked for, and all that leads to them."""
    foreign = foreign_modules(metrics).values()
    return Code(
        "measuring",
        roots=(
            measured_point,
            measure_context,
            # what is read back of a field; not where a study keeps it
            "hstdriz_study.prepare.prepare:load_prepared",
            "hstdriz_study.field.inspection:load_inspection",
            "hstdriz_study.field.injection:with_injected",
            *(OF_INJECTED_STARS if injected else ()),
        ),
        asked=(*metrics, *(name for path in foreign for name in imports_of(path))),
        without=(
            point_pixels,
            "hstdriz_study.measure.metrics:OF_INJECTED_STARS",
            MetricEntry,  # words for readers
        ),
        libraries=("astropy", "numpy", "photutils", "scipy"),
    )
