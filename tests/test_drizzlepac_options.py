"""The keywords that go to stwcs and DrizzlePac: one home, and what one call says another must."""

from __future__ import annotations

import ast
from dataclasses import asdict, replace
from pathlib import Path

import pytest

import hstdriz_study
from hstdriz_study.contracts import Shift
from hstdriz_study.drizzlepac_options import (
    COSMIC_RAY_BIT,
    TweakRegOptions,
    TweakRegReference,
    final_masks_options,
    final_options,
    one_call_options,
    preparing_options,
    shift_options,
    tweakreg_options,
    updatewcs_options,
)
from hstdriz_study.good_bits import without_cosmic_rays
from hstdriz_study.study.config import drizzle_settings, prepare_settings

PACKAGE = Path(hstdriz_study.__file__).parent
FOREIGN = {"AstroDrizzle", "TweakReg", "updatewcs"}
FILTERS = ("f160w", "f814w", "uvis_f814w")


def foreign_calls():
    """Give every call of a foreign step in the package, with where it stands."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", None))
                if name in FOREIGN:
                    yield path.relative_to(PACKAGE), node


def test_no_call_has_a_keyword_of_its_own():
    calls = list(foreign_calls())
    assert len(calls) >= len(FOREIGN)
    own = {(str(path), word.arg) for path, call in calls for word in call.keywords if word.arg}
    assert {word for _, word in own} == {"output"}, own


@pytest.mark.parametrize(
    "keyword", ["driz_separate", "driz_cr_snr", "skyuser", "resetbits", "imagefindcfg", "use_db"]
)
def test_a_keyword_is_written_in_one_module(keyword):
    homes = [path.name for path in PACKAGE.rglob("*.py") if f'"{keyword}"' in path.read_text()]
    assert homes == ["drizzlepac_options.py"]


@pytest.mark.parametrize("name", FILTERS)
def test_one_call_is_the_preparing_call_and_the_final_one_together(compose_config, name):
    config = compose_config(f"filter={name}", "drizzle.final_scale=psf/2")
    steps, settings = prepare_settings(config).steps, drizzle_settings(config)
    together = one_call_options(steps, settings)
    preparing, final = preparing_options(steps), final_options(settings)
    of_the_grid = {key for key in together if key.startswith("final_")}
    assert {key: final[key] for key in of_the_grid} == {key: together[key] for key in of_the_grid}
    for key in together.keys() - of_the_grid - {"clean"}:
        assert preparing[key] == together[key]


@pytest.mark.parametrize("name", FILTERS)
def test_the_final_step_keeps_the_flags_and_the_sky_of_preparing(compose_config, name):
    config = compose_config(f"filter={name}")
    final = final_options(drizzle_settings(config))
    assert preparing_options(prepare_settings(config).steps)["resetbits"] == COSMIC_RAY_BIT
    assert (final["resetbits"], final["skysub"], final["skyuser"]) == (0, False, "MDRIZSKY")


def test_what_is_not_asked_for_is_not_given(compose_config):
    config = compose_config()
    bare = replace(
        drizzle_settings(config), final_scale_arcsec=None, final_pixfrac=None, final_rot=None
    )
    given = final_options(bare)
    assert {"final_scale", "final_pixfrac", "final_rot", "final_refimage"}.isdisjoint(given)
    assert {"final_crpix1", "final_crpix2"}.isdisjoint(given)
    moved = final_options(bare, (10.5, 20.25))
    assert (moved["final_crpix1"], moved["final_crpix2"]) == (10.5, 20.25)


def test_masks_do_not_depend_on_the_grid(compose_config):
    settings = drizzle_settings(compose_config("drizzle.final_wht_type=ERR"))
    finer = replace(settings, final_scale_arcsec=0.03, final_pixfrac=0.5, grid_phase=(0.5, 0.0))
    assert final_masks_options(settings) == final_masks_options(finer)
    assert final_masks_options(settings)["clean"] is False
    assert final_masks_options(settings)["final_wht_type"] == "ERR"


def test_cosmic_rays_are_found_by_all_steps_up_to_the_sixth_with_the_options_given(
    compose_config,
):
    chosen = replace(
        prepare_settings(compose_config()).steps,
        skymethod="globalmin", driz_sep_bits=336, combine_type="median",
        driz_cr_snr="5.0 4.0", driz_cr_scale="3.0 2.4",
    )  # fmt: skip
    every_step = {
        "static": True, "skysub": True, "driz_separate": True, "median": True, "blot": True,
        "driz_cr": True, "resetbits": 4096,
    }  # fmt: skip
    alone = {
        "build": True, "preserve": False, "num_cores": 1, "proc_unit": "electrons",
        "context": False,
    }  # fmt: skip
    cheap = {"final_wcs": True, "final_kernel": "point", "final_scale": 1.0, "clean": False}
    assert preparing_options(chosen) == asdict(chosen) | every_step | alone | cheap


def test_where_no_cosmic_rays_are_looked_for_the_flags_of_the_files_stay(compose_config):
    given = preparing_options(prepare_settings(compose_config("filter=sbc_f150lp")).steps)
    for step in ("driz_separate", "median", "blot", "driz_cr"):
        assert given[step] is False
    assert given["resetbits"] == 0
    assert (given["static"], given["skysub"]) == (True, True)


@pytest.mark.parametrize(("n_exposures", "combined"), [(2, "minmed"), (3, "median"), (4, "median")])
def test_two_exposures_of_the_ir_channel_are_combined_by_minmed(
    compose_config, n_exposures, combined
):
    preparing = prepare_settings(compose_config("filter=f160w"))
    assert preparing.steps_of(n_exposures).combine_type == combined
    assert replace(preparing.steps_of(n_exposures), combine_type="median") == preparing.steps


def test_a_product_by_one_call_is_made_by_the_same_steps_and_leaves_nothing_beside_it(
    compose_config,
):
    config = compose_config("drizzle.final_scale=0.08", "drizzle.final_pixfrac=0.6")
    steps, settings = prepare_settings(config).steps, drizzle_settings(config)
    given = one_call_options(steps, settings)
    of_the_grid = {
        "final_wcs": True, "final_scale": 0.08, "final_pixfrac": 0.6, "final_kernel": "square",
        "final_wht_type": "EXP", "final_rot": 0.0, "final_bits": settings.final_bits,
    }  # fmt: skip
    preparing = preparing_options(steps)
    # a context image is AstroDrizzle's default, and part of a product
    of_steps = {
        key: preparing[key] for key in preparing.keys() - {"context", "clean"}
        if not key.startswith("final_")
    }  # fmt: skip
    assert given == of_steps | of_the_grid | {"clean": True}


FOUND = TweakRegOptions(
    minobj=7, fitgeometry="rscale", searchrad_arcsec=1.0, native_scale_arcsec=0.05, dqbits=96,
    computesig=True, skysigma=0.02, threshold=40.0, conv_width=2.5,
    use_sharp_round=False, sharplo=0.3, sharphi=0.9,
)  # fmt: skip


def test_tweakreg_shifts_by_its_own_sources_asks_nothing_and_leaves_no_catalogue():
    asked = tweakreg_options(FOUND)
    finder = asked.pop("imagefindcfg")
    assert asked == {
        "updatehdr": True, "wcsname": "TWEAK", "reusename": True,
        "shiftfile": True, "outshifts": "shift.txt", "outwcs": "shift_wcs.fits",
        "fitgeometry": "rscale",
        "searchunits": "pixels", "searchrad": 20, "tolerance": 1.5, "sigma": 2.5, "nclip": 10,
        "minobj": 7,
        "interactive": False, "see2dplot": False, "residplot": "No plot", "writecat": False,
        "clean": True,
    }  # fmt: skip
    assert finder == {
        "computesig": True, "threshold": 40.0, "conv_width": 2.5, "dqbits": 96,
        "use_sharp_round": False,
    }  # fmt: skip


def test_tweakregs_finder_is_given_what_it_does_not_measure_and_limits_that_it_uses():
    found = replace(FOUND, computesig=False, use_sharp_round=True)
    finder = tweakreg_options(found)["imagefindcfg"]
    assert (finder["computesig"], finder["skysigma"]) == (False, 0.02)
    assert (finder["use_sharp_round"], finder["sharplo"], finder["sharphi"]) == (True, 0.3, 0.9)


def test_tweakreg_aligns_to_positions_of_a_catalogue_in_pixels_of_the_exposures():
    reference = TweakRegReference("a.cat", expand_refcat=True, pixel_arcsec=None, imagefind={})
    given, own = tweakreg_options(FOUND, reference), tweakreg_options(FOUND)
    assert {key: value for key, value in given.items() if own.get(key) != value} == {
        "refcat": "a.cat", "refxcol": 1, "refycol": 2, "refxyunits": "degrees",
        "expand_refcat": True, "enforce_user_order": True,
    }  # fmt: skip


def test_tweakreg_aligns_to_sources_of_an_image_in_its_pixels():
    reference = TweakRegReference(
        "a.fits", expand_refcat=False, pixel_arcsec=0.1, imagefind={"threshold": 9.0}
    )
    given, own = tweakreg_options(FOUND, reference), tweakreg_options(FOUND)
    differ = {key: value for key, value in given.items() if own.get(key) != value}
    assert differ == {
        "refimage": "a.fits", "refimagefindcfg": {"threshold": 9.0}, "expand_refcat": False,
        "enforce_user_order": True, "searchrad": 10,
    }  # fmt: skip


def test_a_given_shift_is_applied_whole():
    assert shift_options(Shift("a.fits", 1.5, -2.0, 0.1, 0.2, 0.01, 1.0002)) == {
        "wcsname": "TWEAK", "reusename": True, "xsh": 1.5, "ysh": -2.0, "rot": 0.01,
        "scale": 1.0002,
    }  # fmt: skip


def test_updatewcs_asks_no_service():
    assert updatewcs_options() == {"use_db": False, "checkfiles": False}


def test_the_final_step_alone_repeats_no_other_and_masks_are_those_of_the_cheapest_grid(
    compose_config,
):
    settings = drizzle_settings(compose_config("drizzle.final_scale=0.08"))
    settings = replace(settings, final_pixfrac=0.6, final_refimage=Path("/data/ref.fits[1]"))
    step = {
        "build": True, "preserve": False, "num_cores": 1, "clean": True, "context": False,
        "proc_unit": "electrons", "static": True, "skysub": False, "skyuser": "MDRIZSKY",
        "driz_separate": False, "median": False, "blot": False, "driz_cr": False, "resetbits": 0,
        "final_wcs": True,
        "final_wht_type": "EXP", "final_bits": without_cosmic_rays(settings.final_bits),
    }  # fmt: skip
    assert final_options(settings) == step | {
        "final_scale": 0.08, "final_pixfrac": 0.6, "final_kernel": "square", "final_rot": 0.0,
        "final_refimage": "/data/ref.fits[1]",
    }  # fmt: skip
    assert final_masks_options(settings) == step | {
        "final_scale": 1.0, "final_pixfrac": 1.0, "final_kernel": "point", "final_rot": 0.0,
        "clean": False,
    }  # fmt: skip
