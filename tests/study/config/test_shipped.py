"""A default stands in conf/ alone; who lacks a key gets it from there."""

from __future__ import annotations

import copy
import shutil
import subprocess
import sys
from dataclasses import MISSING as NO_DEFAULT
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import omegaconf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from omegaconf import OmegaConf

from hstdriz_study.cli.sentences import one_sentence
from hstdriz_study.cli.shipped import shipped_config
from hstdriz_study.conf_files import conf_directory
from hstdriz_study.study.config import (
    StudyConfig,
    schema_with_defaults,
    shipped_defaults,
)
from hstdriz_study.study.directory.stored import stored_config

if TYPE_CHECKING:
    from collections.abc import Iterator

OF_ONE_FILTER = {
    "name", "instrument", "detector", "filter", "wavelength_nm", "native_scale_arcsec",
    "psf_fwhm_arcsec", "good_bits", "cosmic_rays.combine_type", "cosmic_rays.driz_cr_snr",
    "cosmic_rays.driz_cr_scale", "imagefind.computesig", "imagefind.skysigma",
    "imagefind.threshold", "imagefind.conv_width", "imagefind.use_sharp_round",
    "geometry.aperture_radius_arcsec", "geometry.ee_radius_arcsec", "geometry.fit_box_arcsec",
    "geometry.sky_box_arcsec", "geometry.preview_box_arcsec", "recipe.final_scale_arcsec",
    "recipe.good_bits",
}  # fmt: skip
# where MLflow's store lies is said by track=sqlite, or by the user of track=server
REQUIRED = {f"filter.{key}" for key in OF_ONE_FILTER} | {"track.tracking_uri"}
ONLY_READ = {"prepare.max_star_core_flagged", "prepare.updatewcs"}  # of earlier versions
PRINTS_MIN_STARS = """
from hstdriz_study.study.config import shipped_defaults
print(shipped_defaults()["measure"]["min_stars"])
"""
SHIPPED = asdict(shipped_config("filter=f160w"))


def declared(schema: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the keys of the schema and what they are by themselves."""
    for item in fields(schema):
        if item.default_factory is not NO_DEFAULT and is_dataclass(item.default_factory):
            yield from declared(item.default_factory, f"{above}{item.name}.")
        else:
            has_factory = item.default_factory is not NO_DEFAULT
            yield above + item.name, item.default_factory if has_factory else item.default


def missing(config: Any, above: str = "") -> Iterator[str]:
    for name in config:
        if OmegaConf.is_missing(config, name):
            yield above + name
        elif OmegaConf.is_dict(node := config._get_node(name)) and not OmegaConf.is_interpolation(
            config, name
        ):
            yield from missing(node, f"{above}{name}.")


def without(config: dict[str, Any], key: str) -> dict[str, Any]:
    left = copy.deepcopy(config)
    room, _, last = key.rpartition(".")
    del (valued(left, room) if room else left)[last]
    return left


def valued(config: Any, key: str) -> Any:
    for part in key.split("."):
        config = config[part]
    return config


def test_no_key_has_a_default_beside_that_of_conf() -> None:
    own = {key for key, default in declared(StudyConfig) if default != omegaconf.MISSING}
    assert own == ONLY_READ


def test_conf_gives_every_key_but_what_a_filter_is_and_where_runs_are_kept() -> None:
    assert set(missing(schema_with_defaults())) == REQUIRED


@given(key=st.sampled_from(sorted({key for key, _ in declared(StudyConfig)} - REQUIRED)))
def test_a_stored_study_without_a_key_has_the_value_that_conf_ships(key: str) -> None:
    read = stored_config(without(SHIPPED, key))
    shipped = None if key in ONLY_READ else valued(shipped_defaults(), key)
    # what conf/ says by the name of another key is what that one is
    follows = isinstance(shipped, str) and shipped.startswith("${")
    assert valued(asdict(read), key) == (valued(SHIPPED, key) if follows else shipped)


@pytest.mark.parametrize("key", sorted(REQUIRED))
def test_a_required_key_that_is_nowhere_is_named_in_one_sentence(key: str) -> None:
    with pytest.raises(omegaconf.errors.OmegaConfBaseException) as refused:
        stored_config(without(SHIPPED, key))
    sentence = one_sentence(refused.value)
    assert sentence.startswith(f"{key}: must have a value") or f"${{{key}}} names no" in sentence
    assert "\n" not in sentence


def test_an_installed_package_reads_the_conf_inside_it(tmp_path: Path) -> None:
    package = Path(__file__).parents[3] / "hstdriz_study"
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(package, tmp_path / "hstdriz_study", ignore=leave)
    inside = tmp_path / "hstdriz_study" / "conf"
    shutil.copytree(conf_directory(), inside)
    edited = inside / "measure" / "default.yaml"
    edited.write_text(edited.read_text().replace("min_stars: 5 ", "min_stars: 7 "))
    told = subprocess.run(
        [sys.executable, "-c", PRINTS_MIN_STARS],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == "7"
