"""What is drawn and planted, and how rows come of what is said of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from astropy.io import fits

from hstdriz_study.simulate import BANDS
from hstdriz_study.validate.drawn_set import draw_set, write_drawn
from hstdriz_study.validate.exposures import Trial, fault_rows, sound_rows
from hstdriz_study.validate.planted import FAULTS, Planted

SOUND = Trial("f160w", 1, 4, 30, scattered=False)
FWHM_PX = 2.0
BY_WORDS = {fault.words.partition("{")[0].strip(): fault for fault in FAULTS}


def star(sigma_px: float) -> np.ndarray:
    axis = np.arange(41) - 20.0
    profile = np.exp(-0.5 * (axis / sigma_px) ** 2)
    return np.multiply.outer(profile, profile)


def variances(image: np.ndarray) -> tuple[float, float]:
    """Return the second moments along rows and columns."""
    axis = np.arange(image.shape[0]) - image.shape[0] // 2
    along, down = image.sum(axis=0), image.sum(axis=1)
    return tuple(float((axis**2 * one).sum() / one.sum()) for one in (along, down))


@pytest.mark.parametrize("widening", [0.05, 0.15, 0.25])
def test_stars_are_wider_by_the_fraction_and_keep_their_light(widening) -> None:
    image = star(FWHM_PX / 2.3548)
    wider = BY_WORDS["stars"].plant(widening, FWHM_PX).on_light(image)
    assert wider.sum() == pytest.approx(image.sum())
    for one, other in zip(variances(wider), variances(image), strict=True):
        assert np.sqrt(one / other) == pytest.approx(1 + widening, rel=0.01)


@pytest.mark.parametrize("pixels", [0.75, 1.5, 2.5])
def test_a_trail_adds_the_variance_of_its_length_along_rows_alone(pixels) -> None:
    image = star(1.5)
    trailed = BY_WORDS["a trail of"].plant(pixels, FWHM_PX).on_light(image)
    (along, down), (before, _) = variances(trailed), variances(image)
    # linear interpolation between pixels adds up to a quarter of a pixel's square
    assert pixels**2 / 12 - 0.01 < along - before < pixels**2 / 12 + 0.25
    assert down == pytest.approx(before)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    return draw_set(BANDS["f160w"], 3, tmp_path_factory.mktemp("drawn"))


def science(path) -> np.ndarray:
    return fits.getdata(path, "SCI", 1)


def test_equal_seeds_give_equal_pixels_and_others_do_not(drawn, tmp_path) -> None:
    again = draw_set(BANDS["f160w"], 3, tmp_path)
    assert (again.bands, again.n_stars) == (drawn.bands, drawn.n_stars)
    first, second = (science(write_drawn(one, 0, tmp_path, Planted())) for one in (drawn, again))
    np.testing.assert_array_equal(first, second)
    other = science(write_drawn(replace(drawn, seed=4), 0, tmp_path, Planted()))
    assert not np.array_equal(first, other)


def test_a_fault_is_in_what_it_says_and_nothing_else_changes(drawn, tmp_path) -> None:
    sound = fits.open(write_drawn(drawn, 0, tmp_path, Planted()), memmap=False)
    planted = BY_WORDS["ERR to the power"].plant(2.0, FWHM_PX)
    (tmp_path / "spoilt").mkdir()
    spoilt = fits.open(write_drawn(drawn, 0, tmp_path / "spoilt", planted), memmap=False)
    with sound, spoilt:
        np.testing.assert_array_equal(spoilt["SCI", 1].data, sound["SCI", 1].data)
        np.testing.assert_allclose(spoilt["ERR", 1].data, sound["ERR", 1].data ** 2)


def test_a_set_that_is_stopped_fails_and_says_which_and_why() -> None:
    stopped = replace(SOUND, seed=7, stopped=("sky one_flt.fits: the sky is",))
    assert [row.passed for row in sound_rows([SOUND])] == [True, True]
    row, _ = sound_rows([SOUND, stopped])
    assert not row.passed
    assert "f160w seed 7, sky one_flt.fits" in row.reason


def test_a_warning_of_scattered_light_that_is_there_is_no_false_alarm() -> None:
    told = replace(SOUND, warned=("sky one_flt.fits: the sky is",))
    assert not sound_rows([SOUND, told])[1].passed
    assert sound_rows([SOUND, replace(told, scattered=True)])[1].passed


def test_faults_are_found_of_those_that_could_be_compared_and_small_ones_need_not_be() -> None:
    number = next(n for n, fault in enumerate(FAULTS) if fault.on_stars)
    fault = FAULTS[number]
    missed = replace(SOUND, fault=number, size=fault.required)
    found, few = replace(missed, found=True), replace(missed, compared=False)
    (row,) = fault_rows([found, few])
    assert (row.measured, row.passed) == (1.0, True)
    assert "in 1 more it is said" in row.reason
    (row,) = fault_rows([found, missed])
    assert (row.measured, row.passed) == (0.5, False)
    assert "not found: f160w seed 1" in row.reason
    (row,) = fault_rows([replace(missed, size=fault.sizes[0])])
    assert row.passed


def test_where_nothing_could_be_compared_no_row_fails() -> None:
    fault = next(n for n, one in enumerate(FAULTS) if one.on_stars)
    assert fault_rows([replace(SOUND, fault=fault, size=1.0, compared=False)]) == []
