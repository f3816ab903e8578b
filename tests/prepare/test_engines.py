"""The fast steps of preparing leave exposures as AstroDrizzle itself leaves them."""

from __future__ import annotations

import logging
import re
import shutil
from dataclasses import asdict, dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest
from astropy.io import fits

from hstdriz_study.drizzlepac_options import (
    ASTRODRIZZLE,
    COMBINE_TYPES,
    FAST,
    PREPARING_ENGINES,
    SKY_METHODS,
    PreparingOptions,
)
from hstdriz_study.errors import DrizzleError
from hstdriz_study.field import Field
from hstdriz_study.foreign import confined
from hstdriz_study.good_bits import COSMIC_RAY_BIT
from hstdriz_study.prepare.chips import describe_chips, made_static_mask, place_chips
from hstdriz_study.prepare.engines import engine_of, flag
from hstdriz_study.prepare.fast.engine import FastEngine
from hstdriz_study.prepare.fast.median import Noise, combine
from hstdriz_study.prepare.fast.rays import Thresholds, _steepest, hit_pixels
from hstdriz_study.prepare.references import reference_environment
from hstdriz_study.prepare.wcs import set_wcs
from hstdriz_study.study.config import field_options

# Of all flags that AstroDrizzle sets; none has been seen to differ. Of the sky's RMS.
FLAGS_DIFFER, SKY_DIFFERS = 1e-4, 1e-4
LIMITS = Thresholds(snr=(4.0, 3.0), scale=(1.5, 0.7))


def copies_in(directory):
    return sorted(directory.glob("*_fl?.fits"))


@pytest.fixture(scope="module")
def aligned(compose_config, cache_dir, tmp_path_factory):
    """Give simulated exposures with their WCS, made once a set, and their settings."""
    made = {}

    def give(name: str, *overrides: str) -> SimpleNamespace:
        if (name, overrides) not in made:
            config = compose_config(f"filter={name}", f"prepare.cache_dir={cache_dir}", *overrides)
            field = Field(field_options(config))
            settings, found = field.options.prepare, field.exposures
            directory = tmp_path_factory.mktemp("aligned")
            inputs = [one.path for one in found.exposures]
            names = [path.name for path in inputs]
            for path in inputs:
                shutil.copy(path, directory)
            environment = reference_environment(found.reference_dirs)
            with confined(directory, environment, directory / "log"):
                set_wcs(names, inputs, settings)
            made[name, overrides] = SimpleNamespace(
                directory=directory, names=names, settings=settings
            )
        return made[name, overrides]

    return give


@pytest.fixture(scope="module")
def flagged(tmp_path_factory):
    """Flag cosmic rays in copies of aligned exposures by one engine; return their directory."""

    def by(engine: str, of: SimpleNamespace, **steps: object):
        directory = tmp_path_factory.mktemp(engine)
        copies = [shutil.copy(of.directory / name, directory / name) for name in of.names]
        settings = replace(of.settings, steps=replace(of.settings.steps, **steps))
        with confined(directory, {}, directory / "log"):
            placed = place_chips(copies, directory)
            flag(engine, placed, settings, directory)
        describe_chips(placed, directory, made_static_mask)
        return directory

    return by


def require_equal(theirs, ours):
    """Require the same flags, headers and masks of both engines' exposures; return the flags."""
    n_flags = 0
    for path in sorted(theirs.glob("*_fl?.fits")):
        with fits.open(path) as expected, fits.open(ours / path.name) as found:
            for one, other in zip(expected, found, strict=True):
                sky = one.header.pop("MDRIZSKY", None), other.header.pop("MDRIZSKY", None)
                assert repr(one.header) == repr(other.header)
                if one.name == "SCI":
                    rms = 1.4826 * np.median(np.abs(one.data - np.median(one.data)))
                    assert sky[1] == pytest.approx(sky[0], abs=float(SKY_DIFFERS * rms))
                if one.name == "DQ":
                    flags = one.data & COSMIC_RAY_BIT > 0
                    differing = np.count_nonzero(one.data != other.data)
                    assert differing <= FLAGS_DIFFER * np.count_nonzero(flags)
                    n_flags += np.count_nonzero(flags)
    masks = [sorted(directory.glob("static_*.npy")) for directory in (theirs, ours)]
    for expected, found in zip(*masks, strict=True):
        assert np.array_equal(np.load(expected), np.load(found))
    return n_flags


@pytest.mark.parametrize(
    ("name", "overrides"),
    [
        ("f160w", ["dataset.n_exposures=2"]),
        ("f160w", ["dataset.n_exposures=16", "dataset.pointing_error_px=0"]),
        ("f814w", ["dataset.n_exposures=3"]),
        ("f814w", ["dataset.n_exposures=5", "dataset.pointing_error_px=0"]),
        ("uvis_f606w", []),
    ],
)
def test_the_engines_set_the_same_flags_and_measure_the_same_sky(name, overrides, aligned, flagged):
    of = aligned(name, *overrides)
    settings = of.settings
    steps = {"combine_type": settings.steps_of(len(of.names)).combine_type}
    theirs, ours = (flagged(engine, of, **steps) for engine in PREPARING_ENGINES[::-1])
    assert require_equal(theirs, ours) > 100
    assert not (ours / "between").exists()


@pytest.fixture(scope="module")
def with_hole(aligned, tmp_path_factory):
    """Unequal exposures that bring flags and a sky, and bad pixels where all lie on each other."""
    of, directory = aligned("f160w"), tmp_path_factory.mktemp("hole")
    for number, name in enumerate(of.names):
        with fits.open(shutil.copy(of.directory / name, directory), mode="update") as hdus:
            hdus[0].header["EXPTIME"] *= 1 + number / 3
            hdus["DQ"].data[140:170, 120:150] |= 4
            hdus["DQ"].data[50:60, 70:80] |= COSMIC_RAY_BIT
            hdus[0].header["MDRIZSKY"] = 1.0
    return SimpleNamespace(**vars(of) | {"directory": directory})


@pytest.mark.parametrize("combine_type", COMBINE_TYPES)
def test_every_way_to_combine_is_astrodrizzles(combine_type, with_hole, flagged):
    theirs, ours = (
        flagged(engine, with_hole, combine_type=combine_type) for engine in (ASTRODRIZZLE, FAST)
    )
    assert require_equal(theirs, ours) > 100


# stsci.skypac leaves files open when it fails
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("method", SKY_METHODS[1:])
def test_every_method_of_the_sky_is_astrodrizzles_or_refused_by_both(method, aligned, flagged):
    of = aligned("f160w")
    try:
        theirs = flagged(ASTRODRIZZLE, of, skymethod=method)
    except DrizzleError:
        words = rf"filter=f160w: prepare.skymethod={re.escape(method)} fails in the installed"
        with pytest.raises(DrizzleError, match=words):
            flagged(FAST, of, skymethod=method)
        return
    assert require_equal(theirs, flagged(FAST, of, skymethod=method))


def test_where_no_cosmic_rays_are_looked_for_flags_stay_and_the_sky_is_measured(with_hole, flagged):
    theirs, ours = (flagged(engine, with_hole, driz_cr=False) for engine in (ASTRODRIZZLE, FAST))
    assert require_equal(theirs, ours) == 100 * len(with_hole.names)
    assert fits.getheader(ours / with_hole.names[0], "SCI")["MDRIZSKY"] > 0


def test_the_numbers_do_not_depend_on_how_many_processes_make_them(aligned, tmp_path):
    of = aligned("f814w", "dataset.n_exposures=3")
    contents = []
    for n_processes in (1, 2, 3):
        directory = tmp_path / str(n_processes)
        directory.mkdir()
        copies = [shutil.copy(of.directory / name, directory / name) for name in of.names]
        with confined(directory, {}, directory / "log"):
            placed = place_chips(copies, directory)
            FastEngine(placed, directory, of.settings.steps, n_processes, "it").flag()
        contents.append([copy.read_bytes() for copy in copies])
    assert contents[0] == contents[1] == contents[2]


def test_flags_do_not_depend_on_how_many_rows_are_worked_on_together(aligned, flagged):
    of = aligned("f814w", "dataset.n_exposures=3")
    directory = flagged(FAST, of)
    with confined(directory, {}, directory / "log"):
        placed = place_chips(copies_in(directory), directory)
    engine = FastEngine(placed, directory, of.settings.steps, 1, "it")
    chip = engine.exposures()[0][0]
    combined = np.random.default_rng(0).normal(1, 1, placed.mosaic.shape).astype(np.float32)
    whole, in_strips, in_rows = (
        hit_pixels(combined, placed.mosaic, chip, 40.0, LIMITS, strip_px=n_pixels)
        for n_pixels in (10**9, 50_000, 1)
    )
    assert 0 < whole.mean() < 1
    assert np.array_equal(whole, in_strips)
    assert np.array_equal(whole, in_rows)


@pytest.mark.parametrize(
    ("planted", "reason"),
    [
        (("DETECTOR", "HRC"), "is of WFC3 HRC"),
        (("READNSEB", None), "has no READNSEB"),
        (("EXPTIME", 0.0), "has no exposure time"),
        (("MTFLAG", "T"), "is of a moving target"),
        (("BUNIT", "ELECTRONS"), "is in ELECTRONS"),
        (("NGOODPIX", 0), "has no good pixel"),
    ],
)
def test_what_the_fast_steps_do_not_know_goes_to_astrodrizzle_with_one_line(
    planted, reason, aligned, tmp_path, caplog
):
    keyword, value = planted
    of = aligned("f160w")
    copies = [tmp_path / name for name in of.names]
    for copy in copies:
        shutil.copy(of.directory / copy.name, copy)
    assert engine_of(copies, of.settings) == FAST
    with fits.open(copies[1], mode="update") as hdus:
        header = hdus["SCI" if keyword in hdus["SCI"].header else 0].header
        header[keyword] = value
        if value is None:
            del header[keyword]
    with caplog.at_level(logging.INFO):
        assert engine_of(copies, of.settings) == ASTRODRIZZLE
    assert caplog.messages == [
        f"preparing f160w with AstroDrizzle itself: {copies[1].name} {reason}"
    ]


def test_thresholds_that_are_no_numbers_are_astrodrizzles_to_refuse(aligned):
    of = aligned("f160w")
    copies = [of.directory / name for name in of.names]
    odd = replace(of.settings, steps=replace(of.settings.steps, driz_cr_snr="high low"))
    assert engine_of(copies, odd) == ASTRODRIZZLE
    assert engine_of(copies, replace(of.settings, engine=ASTRODRIZZLE)) == ASTRODRIZZLE


@dataclass(frozen=True)
class OneMore(PreparingOptions):
    driz_cr_grow: int


def test_an_option_that_is_added_is_astrodrizzles(aligned, caplog):
    of = aligned("f160w")
    more = OneMore(**asdict(of.settings.steps), driz_cr_grow=5)
    copies = [of.directory / name for name in of.names]
    with caplog.at_level(logging.INFO):
        assert engine_of(copies, replace(of.settings, steps=more)) == ASTRODRIZZLE
    assert "driz_cr_grow can be set of AstroDrizzle alone" in caplog.text


def test_a_failure_is_one_sentence_that_names_the_other_engine(aligned, tmp_path):
    of = aligned("f160w")
    copies = [shutil.copy(of.directory / name, tmp_path / name) for name in of.names]
    with confined(tmp_path, {}, tmp_path / "log"):
        placed = place_chips(copies, tmp_path)
        next(tmp_path.glob("*_nodes.npy")).unlink()
        with pytest.raises(DrizzleError) as raised:
            flag(FAST, placed, of.settings, tmp_path)
    assert re.fullmatch(
        r"filter=f160w: flagging cosmic rays failed \(FileNotFoundError: .*_nodes.npy.*\); "
        r"AstroDrizzle does it with prepare\.engine=astrodrizzle",
        str(raised.value),
    )


@pytest.mark.parametrize("n_images", [2, 3, 4, 7])
@pytest.mark.parametrize("combine_type", ["minmed", "iminmed"])
def test_minmed_is_drizzlepacs_to_the_last_bit(n_images, combine_type):
    from drizzlepac.minmed import min_med

    rng = np.random.default_rng(n_images)
    shape = (n_images, 60, 70)
    images = rng.normal(5, 1, shape).astype(np.float32)
    images[rng.random(shape) < 0.1] += 200
    weights = (300 * (rng.random(shape) > 0.3)).astype(np.float32)
    weights[:, 20:25] = 0
    noise = Noise([5.0] * n_images, [40.0] * n_images, [300.0] * n_images)
    least = [90.0] * n_images
    expected = min_med(
        images, weights, noise.read_noise_e, noise.exptime_s, noise.sky_e,
        weight_masks=(weights < 90).astype(np.uint8), fillval=combine_type.startswith("i"),
    )  # fmt: skip
    assert np.array_equal(combine(images, weights, least, noise, combine_type), expected)


def test_the_steepest_slope_is_drizzlepacs_to_the_last_bit():
    from drizzlepac.quickDeriv import qderiv

    image = np.random.default_rng(1).normal(0, 1, (31, 40)).astype(np.float32)
    assert np.array_equal(_steepest(image), qderiv(image))
