"""AstroDrizzle flags what one exposure has and the others lack, as the options say."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from hstdriz_study.errors import DrizzleError
from hstdriz_study.field import Field
from hstdriz_study.foreign import confined
from hstdriz_study.good_bits import COSMIC_RAY_BIT
from hstdriz_study.prepare.cosmic_rays import flag_cosmic_rays
from hstdriz_study.prepare.references import reference_environment
from hstdriz_study.prepare.wcs import run_updatewcs
from hstdriz_study.progress import Part
from hstdriz_study.study.config import field_options, prepare_settings

HITS = [(60, 70), (150, 200), (201, 90), (250, 251)]
HIT_RATE = 60.0  # electron / s, far above sky and stars of these places


@pytest.fixture(scope="module")
def config(compose_config, cache_dir):
    return compose_config(
        "filter=f160w", "dataset=synthetic", "dataset.n_exposures=3",
        f"prepare.cache_dir={cache_dir}",
    )  # fmt: skip


@pytest.fixture(scope="module")
def hit(config, tmp_path_factory):
    """Simulated exposures with their WCS; the second has hits of a known place."""
    found = Field(field_options(config)).exposures
    directory = tmp_path_factory.mktemp("hit")
    copies = [Path(shutil.copy(one.path, directory)) for one in found.exposures]
    environment = reference_environment(found.reference_dirs)
    with confined(directory, environment, directory / "log"):
        run_updatewcs([path.name for path in copies])
    with fits.open(copies[1], mode="update") as hdus:
        for y, x in HITS:
            hdus["SCI"].data[y, x] += HIT_RATE
            hdus["DQ"].data[y, x] = 0
    return directory, environment


@pytest.fixture(scope="module")
def flag(hit, config, tmp_path_factory):
    """Flag cosmic rays in copies of them with other options; return their directory."""

    def flagged(skymethod="localmin", **steps):
        original, environment = hit
        directory = tmp_path_factory.mktemp("work")
        names = [Path(shutil.copy(path, directory)).name for path in original.glob("*_flt.fits")]
        settings = prepare_settings(config)
        settings = replace(settings, steps=replace(settings.steps, skymethod=skymethod, **steps))
        with confined(directory, environment, directory / "log"):
            flag_cosmic_rays(sorted(names), settings, directory)
        return directory

    return flagged


@pytest.fixture(scope="module")
def flagged(flag):
    """The same with the options as shipped."""
    return flag()


def flags(directory):
    """Return where each exposure is flagged as hit, in order of the names."""
    return [
        fits.getdata(path, "DQ") & COSMIC_RAY_BIT > 0
        for path in sorted(directory.glob("*_flt.fits"))
    ]


def skies(directory):
    return [
        fits.getheader(path, "SCI")["MDRIZSKY"] for path in sorted(directory.glob("*_flt.fits"))
    ]


def test_hits_of_one_exposure_are_flagged_in_it_alone_and_the_sky_is_measured(flagged, hit):
    first, second, third = flags(flagged)
    places = tuple(np.transpose(HITS))
    assert second[places].all()
    assert not first[places].any()
    assert not third[places].any()
    assert all(sky > 0 for sky in skies(flagged))
    with fits.open(next(hit[0].glob("*_flt.fits"))) as hdus:
        assert "MDRIZSKY" not in hdus["SCI"].header  # it was AstroDrizzle that measured it


def test_no_product_is_left_but_the_static_masks_are(flagged):
    assert list(flagged.glob("prepare_dr*.fits")) == []
    assert list(flagged.glob("*staticMask*"))


def test_a_threshold_that_nothing_exceeds_flags_nothing(flag):
    assert not np.any(flags(flag(driz_cr_snr="1e6 1e6")))


def test_one_sky_for_all_is_measured_when_it_is_asked_for(flag):
    together = skies(flag(skymethod="globalmin"))
    assert len(set(together)) == 1


def test_a_failure_of_astrodrizzle_is_one_sentence_with_its_words(flag):
    with pytest.raises(DrizzleError) as raised:
        flag(driz_cr_snr="high low")
    sentence = str(raised.value)
    assert sentence.startswith("filter=f160w: AstroDrizzle failed while flagging cosmic rays (")
    assert "Error: " in sentence
    assert raised.value.__cause__ is not None


def test_a_sky_by_another_method_than_was_asked_for_is_refused(flag):
    """The pinned versions cannot match skies: findings/skymatch_and_spherical_geometry.sh."""
    try:
        directory = flag(skymethod="match")
    except DrizzleError as error:
        refused = str(error)
    else:
        assert min(skies(directory)) == 0  # matched skies are differences
        return
    assert refused == (
        "filter=f160w: prepare.skymethod=match fails in the installed DrizzlePac "
        "(stsci.skypac), which then takes another method; set prepare.skymethod=localmin or "
        "globalmin"
    )


def test_only_exposures_that_are_named_are_looked_at_and_a_run_without_a_product_is_told(
    hit, config, tmp_path
):
    original, environment = hit
    for path in original.glob("*_flt.fits"):
        shutil.copy(path, tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    *names, unnamed = sorted(path.name for path in tmp_path.glob("*_flt.fits"))
    settings = prepare_settings(config)
    message = (
        "filter=f160w: AstroDrizzle made no product while flagging cosmic rays; its log says why"
    )
    with (
        confined(tmp_path, environment, tmp_path / "log"),
        pytest.raises(DrizzleError, match=f"^{message}$"),
    ):
        flag_cosmic_rays(names, settings, elsewhere)
    assert "MDRIZSKY" in fits.getheader(tmp_path / names[0], "SCI")
    assert "MDRIZSKY" not in fits.getheader(tmp_path / unnamed, "SCI")


def test_astrodrizzle_tells_its_steps(flag, caplog):
    with caplog.at_level("INFO", "hstdriz_study"):
        flag()
    said = [record.msg for record in caplog.records if isinstance(record.msg, Part)]
    assert [(one.done, one.of) for one in said] == [(done, 8) for done in range(9)]
