"""Weights of exposures fewer and more, against those of the exposures themselves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hstdriz_study.drizzle import Weighting
from hstdriz_study.field.foreseen import boxes_of
from hstdriz_study.predict import (
    predict_combinations,
    predict_weights,
    single_exposures,
)
from hstdriz_study.predict.imagined import (
    APART_PX,
    dithered,
    free_pixel,
    offsets_px,
    pointing,
    repeated,
)
from hstdriz_study.what_if.change import Change
from hstdriz_study.what_if.scenarios import PHASES, adding

# WFC3-IR-DITHERBOX-MIN, pixels, which the simulated exposures were taken with
DITHERS_PX = np.array([(0, 0), (4, 1.5), (2.5, 4), (-1.5, 2.5)])


def exp(settings) -> Weighting:
    return Weighting("EXP", settings.final_bits)


def without(prepared, index: int):
    kept = [path for number, path in enumerate(prepared.exposures) if number != index]
    return replace(
        prepared,
        exposures=tuple(kept),
        chips=tuple(chip for chip in prepared.chips if chip.exposure in kept),
        footprints=tuple(f for number, f in enumerate(prepared.footprints) if number != index),
    )


@pytest.fixture(scope="module")
def infrared(prepared_of):
    return prepared_of("f160w")


def test_sum_of_single_exposures_is_the_weight_map_of_all_and_of_all_but_one(
    prepared_of, points_of
):
    item = prepared_of("f814w")
    settings = points_of(item.config, scales_px=(0.65,), pixfracs=(0.3, 0.8))
    boxes = item.field.weight_boxes
    found = predict_combinations(
        single_exposures(item.prepared), [(0, 1, 2, 3), (0, 1, 3)], boxes, settings, exp
    )
    for column, prepared in enumerate((item.prepared, without(item.prepared, 2))):
        for one, whole in zip(found, predict_weights(prepared, boxes, settings, exp), strict=True):
            assert one[column].rms == pytest.approx(whole.spread.rms, rel=1e-5)
            assert one[column].median == pytest.approx(whole.spread.median, rel=1e-5)
            assert one[column].hole_fraction == whole.spread.hole_fraction


def test_subset_that_is_prepared_on_its_own_has_the_weights_that_were_foreseen(
    infrared, prepared_of, points_of
):
    name = infrared.prepared.exposures[1].name
    truth = prepared_of("f160w", f"dataset.exclude=[{name}]")
    settings = points_of(infrared.config, scales_px=(0.5, 0.65), pixfracs=(0.4, 0.8))
    foreseen = predict_combinations(
        single_exposures(infrared.prepared), [(0, 2, 3)],
        infrared.field.weight_boxes, settings, exp,
    )  # fmt: skip
    own_boxes = truth.field.weight_boxes
    measured = predict_weights(truth.prepared, own_boxes, settings, exp)
    for (one,), its in zip(foreseen, measured, strict=True):
        assert one.rms_over_median == pytest.approx(its.spread.rms_over_median, abs=0.004)
        assert one.hole_fraction == pytest.approx(its.spread.hole_fraction, abs=2e-4)


def test_offsets_are_those_of_the_dither_pattern(infrared):
    singles = single_exposures(infrared.prepared)
    at = pointing(singles[0])
    # the target moves along the pattern, the detector looks the other way
    np.testing.assert_allclose(-offsets_px(singles, at), DITHERS_PX, atol=0.02)
    np.testing.assert_allclose(at.scale_arcsec, [0.1355, 0.1211], atol=5e-4)


def test_exposure_moved_to_the_place_of_another_lies_on_it(infrared, tmp_path):
    singles = single_exposures(infrared.prepared)
    at = pointing(singles[0])
    moved = dithered(singles[0], at, offsets_px(singles, at)[2], 100.0, tmp_path)
    difference = np.load(moved.chips[0].sky_nodes) - np.load(singles[2].chips[0].sky_nodes)
    assert np.abs(difference).max() * 3600 < 0.02 * 0.128
    assert moved.chips[0].exptime_s == 100.0


def test_repeated_exposure_has_other_flags_at_the_same_place(infrared):
    singles = single_exposures(infrared.prepared)
    again = repeated(singles, 3, 250.0)
    assert again.chips[0].sky_nodes == singles[3].chips[0].sky_nodes
    assert again.chips[0].exposure == singles[0].chips[0].exposure
    assert again.chips[0].exptime_s == 250.0


def test_pixel_of_an_added_exposure_is_apart_from_all_others_at_any_phase():
    for offsets in (DITHERS_PX, np.array([(0, 0), (0.5, 0.5)]), 30 * DITHERS_PX):
        free = free_pixel(offsets)
        phases = np.indices((PHASES, PHASES)).reshape(2, -1).T / PHASES
        distance = np.abs((free + phases)[:, None] - offsets).max(axis=2)
        assert distance.min() >= APART_PX
        assert np.abs(free - offsets.mean(axis=0)).max() <= max(4, np.ptp(offsets, axis=0).max())


def test_search_finds_the_phase_that_is_missing_in_a_pattern(infrared, points_of, tmp_path):
    left = without(infrared.prepared, 1)
    boxes = boxes_of(left, infrared.field.options)
    settings = points_of(infrared.config, scales_px=(0.5,), pixfracs=(0.5,))

    def foresee(singles, combinations):
        return predict_combinations(singles, combinations, boxes, settings, exp)[0]

    found = adding(single_exposures(left), Change("add"), foresee, tmp_path)
    (dither,) = found.dithers
    phase = np.mod(np.array(dither.offset_px) - DITHERS_PX[1] + 0.5, 1) - 0.5
    assert np.abs(phase).max() <= 0.5 / PHASES + 0.02
    spreads = foresee(found.singles, [one.combination for one in found.after])
    best, *places = (spread.rms_over_median for spread in spreads)
    assert best < 0.1
    assert min(places) > 0.25
    assert len(places) == 3
