"""Which stages an edit of the package runs anew, told by the keys of all stages."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hstdriz_study.dataset.synthetic import SIMULATING
from hstdriz_study.digest.finding import Source
from hstdriz_study.digest.nodes import Nodes
from hstdriz_study.drizzle.input_weights import WEIGHING
from hstdriz_study.field.drizzling_native import DRIZZLING_NATIVE
from hstdriz_study.field.injection import INJECTING
from hstdriz_study.field.inspection import CHOOSING_REGIONS
from hstdriz_study.field.pixels import ENGINES, drizzling_with
from hstdriz_study.keys.code import PACKAGE, reach_of
from hstdriz_study.prepare.prepare import PREPARING
from hstdriz_study.study.run.point_key import measuring_with
from hstdriz_study.validate.covered import COVERAGE

if TYPE_CHECKING:
    from pathlib import Path

METRICS = [
    f"hstdriz_study.measure.{name}.measure_{name}"
    for name in ("weight", "psf", "noise", "fidelity")
]
CODE = {
    "simulate": SIMULATING,
    "prepare": PREPARING,
    "native": DRIZZLING_NATIVE,
    "regions": CHOOSING_REGIONS,
    "inject": INJECTING,
    "weights": WEIGHING,
    **{engine: drizzling_with(engine) for engine in ENGINES},
    "measure": measuring_with(METRICS, injected=False),
    "measure injected": measuring_with(METRICS, injected=True),
}
# The keys of a study's stages as the study finds them. Only exposures are made.
KEYS = """
import json, sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from hstdriz_study.cli.shipped import shipped_config
from hstdriz_study.study.config import drizzle_settings, field_options
from hstdriz_study.contracts import PreparedFilter
from hstdriz_study.dataset.synthetic import simulated_stage
from hstdriz_study.field import Field, FieldSetup
from hstdriz_study.field.injection import injected_stage
from hstdriz_study.field.inspection import inspection_stage
from hstdriz_study.prepare.prepare import prepared_stage
from hstdriz_study.study.run.point_key import point_stage
import hstdriz_study
assert str(Path(hstdriz_study.__file__).parents[1]) == sys.argv[1]
config = shipped_config(*sys.argv[2:])
field = Field(field_options(config))
stages = {
    "simulated": simulated_stage(field.options.dataset.source),
    "prepared": prepared_stage(field.options.prepare, field.exposures),
}
prepared = PreparedFilter(
    name="f160w", directory=Path(config.prepare.cache_dir, "prepared", "entry"), exposures=(),
    chips=(), mosaic=None, key=stages["prepared"].key, footprints=(), zero_point_abmag=None,
    alignment_rms_arcsec=None,
)
stages["regions"] = inspection_stage(prepared, field.options)
stages["injected"] = injected_stage(prepared, field.options)
setup = FieldSetup(
    prepared=prepared, regions=SimpleNamespace(geometry=field.options.geometry),
    reference_dirs=field.reference_dirs, stages={"regions": stages["regions"].parts},
    injected=replace(prepared, key=stages["injected"].key),
)
stages["point"] = point_stage(config, drizzle_settings(config), setup)
print(json.dumps({name: stage.key for name, stage in stages.items()}))
"""
STAGES = ["simulated", "prepared", "regions", "injected", "point"]
# A constant of each stage.
EDITS = {
    "simulated": ("simulate/exposing.py", "_FLAT_NODES = ", "_FLAT_NODES = 1 + "),
    "prepared": ("drizzlepac_options.py", "= 1.5, 2.5, 10", "= 1.5, 2.5, 9"),
    "regions": ("measure/regions/sky.py", "_N_PIXELS = 5", "_N_PIXELS = 6"),
    "injected": ("inject/brightness.py", "OF_WELL = 0.5", "OF_WELL = 0.4"),
    "point": ("measure/growth.py", "_N_FINE = 501", "_N_FINE = 601"),
}


@pytest.fixture
def stage_keys(edited_copy, cache_dir):
    """Start a program of its own on an edited copy; return a function that reads its keys."""

    def started(*edits: tuple[str, str, str]):
        home = edited_copy(*edits)
        overrides = [
            "filter=f160w", "measure.inject_stars=5", f"prepare.cache_dir={cache_dir}",
            "prepare=tweakreg", "drizzle.final_scale=psf/2", "drizzle.final_pixfrac=0.8",
        ]  # fmt: skip
        program = subprocess.Popen(
            [sys.executable, "-c", KEYS, str(home), *overrides],
            cwd=home, env={**os.environ, "PYTHONPATH": str(home)}, stdout=subprocess.PIPE,
        )  # fmt: skip

        def keys() -> dict[str, str]:
            said, _ = program.communicate()
            assert program.returncode == 0
            found: dict[str, str] = json.loads(said)
            return found

        return keys

    return started


def test_a_constant_of_a_stage_runs_that_stage_and_those_after_it_anew(stage_keys) -> None:
    plain, started = stage_keys(), {stage: stage_keys(edit) for stage, edit in EDITS.items()}
    unchanged = plain()
    for stage, keys in started.items():
        edited = keys()
        differ = [name for name in STAGES if edited[name] != unchanged[name]]
        assert differ == STAGES[STAGES.index(stage) :], stage


def digests(package: Path) -> dict[str, str]:
    """Return the digest of every code in a copy of the package."""
    nodes = Nodes(Source(package))
    return {name: reach_of(code, nodes).digest for name, code in CODE.items()}


@pytest.fixture(scope="module")
def own() -> dict[str, str]:
    return digests(PACKAGE)


@pytest.mark.parametrize(
    ("edit", "changed"),
    [
        (("drizzle/boxes.py", "_RIM_PX = 3.0", "_RIM_PX = 4.0"), {"fast", "regions"}),
        (("drizzle/frame.py", "_PAD_PX = 2", "_PAD_PX = 3"), {"native", "frame"}),
        (("drizzle/astrodrizzle.py", 'output="point"', 'output="pt"'), {"astrodrizzle", "weights"}),
        (
            ("drizzle/kernel.py", "iscale=", "iscale=1.0 * "),
            {"native", "fast", "frame", "regions"},
        ),
        (("measure/injected.py", "_LAPSE = 0.02", "_LAPSE = 0.01"), {"measure injected"}),
        (("study/report/style.py", "PNG_DPI = 130", "PNG_DPI = 150"), set()),
        (
            ("contracts/metric_table.py", 'unit="electron / (pix s)"', 'unit="electron / (pix h)"'),
            {"measure", "measure injected"},
        ),
    ],
)
def test_an_edit_counts_where_it_is_reached_and_nowhere_else(
    own, edited_copy, edit, changed
) -> None:
    found = digests(edited_copy(edit) / "hstdriz_study")
    assert {name for name in CODE if found[name] != own[name]} == changed


def test_texts_for_people_and_unrelated_functions_count_nowhere(own, edited_copy) -> None:
    edits = [
        ("prepare/shifts.py", '"""Read a shift file.', '"""Read the file.'),
        ("prepare/wcs.py", "updatewcs failed on ", "stwcs has failed on "),
        ("drizzlepac_options.py", "# The first guess is the peak of", "# The guess is the peak of"),
        ("prepare/shifts.py", "def read_shifts(path: Path)", "def read_shifts(path: object)"),
        ("field/inspection.py", '"choosing stars and boxes of %s"', '"stars of %s"'),
        ("cache/scratch.py", "_LEFT_OVER_S = 24", "_LEFT_OVER_S = 48"),
        ("contracts/metric_table.py", 'label="ellipticity"', 'label="how oblong"'),
        ("contracts/metric_table.py", "Place.CURVES, Place.TRADE_OFF", "Place.TRADE_OFF"),
        ("contracts/metric_entry.py", 'return "mag" if', 'return "mags" if'),
        ("contracts/artificial_metrics.py", '_WORDS = "artificial', '_WORDS = "injected'),
    ]
    assert digests(edited_copy(*edits) / "hstdriz_study") == own


@pytest.mark.parametrize("name", CODE)
def test_every_library_that_is_reached_has_its_version_in_the_key(name: str) -> None:
    reached = reach_of(CODE[name], Nodes(Source(PACKAGE)))
    # stsci is many distributions
    libraries = {re.match(r"(stsci\.)?\w+", dotted)[0] for dotted in reached.outside}
    assert not libraries - set(sys.stdlib_module_names) - set(CODE[name].libraries)


@pytest.mark.parametrize("name", CODE)
def test_no_code_of_numbers_reaches_keys_tracking_or_reports(name: str) -> None:
    reached = reach_of(CODE[name], Nodes(Source(PACKAGE)))
    rooms = {place.module.split(".")[1] for place in reached.places}
    assert not rooms & {"app", "choose", "compare", "digest", "keys", "report", "track", "validate"}


def test_the_seeds_of_a_validation_know_every_stage_before_them() -> None:
    reached = reach_of(replace(COVERAGE.code, asked=tuple(METRICS)), Nodes(Source(PACKAGE)))
    modules = {place.module.removeprefix("hstdriz_study.") for place in reached.places}
    assert {"simulate.generate", "prepare.alignment", "drizzle.boxes", "measure.noise"} <= modules
