"""Weight maps foreseen against those of AstroDrizzle's products in the same boxes."""

import hashlib
import shutil
from dataclasses import replace

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS

from hstdriz_study.errors import ConfigError, DatasetError, DrizzleError, ReferenceFileError
from hstdriz_study.field.foreseen import boxes_of
from hstdriz_study.measure import cut_weight_tiles, lay_weight_boxes, weight_spread
from hstdriz_study.measure.patches import cut
from hstdriz_study.predict import predict_weights, unflagged_weighting

pytestmark = pytest.mark.endtoend

# pixels per second that the simulator's cosmic rays hit, and what preparing newly flags of them
SIMULATED_RATE = {"f160w": 0.001, "f814w": 0.05}


def from_prepared(item, settings):
    return item.field.predict_weights(settings, n_processes=1)


def from_raw(item, sketch, settings):
    boxes = boxes_of(sketch, item.field.options)
    return predict_weights(sketch, boxes, settings, unflagged_weighting)


def ratios(predicted) -> np.ndarray:
    return np.array([one.spread.rms_over_median for one in predicted])


def holes(predicted) -> np.ndarray:
    return np.array([one.spread.hole_fraction for one in predicted])


@pytest.mark.parametrize("name", ["f160w", "f814w"])
def test_prediction_after_preparing_equals_astrodrizzles_weight_map(
    prepared_of, points_of, tmp_path, name
):
    item = prepared_of(name)
    settings = points_of(item.config, scales_px=(0.5, 0.65), pixfracs=(0.1, 0.8))
    boxes = item.field.weight_boxes
    for one, predicted in zip(settings, from_prepared(item, settings), strict=True):
        product = item.field.image(one, "astrodrizzle", tmp_path)
        stack, sizes = lay_weight_boxes(
            boxes.centers, boxes.side_arcsec, product.wcs, product.final_scale_arcsec,
            product.wht.shape,
        )  # fmt: skip
        measured = weight_spread(cut_weight_tiles(cut(product.wht, stack), sizes))
        assert predicted.spread.rms == pytest.approx(measured.rms, rel=1e-6)
        assert predicted.spread.median == pytest.approx(measured.median, rel=1e-6)
        assert predicted.spread.hole_fraction == measured.hole_fraction
    assert measured.median > 0


def test_small_drops_on_small_pixels_leave_the_holes_that_are_measured(prepared_of, points_of):
    item = prepared_of("f160w", "dataset.n_exposures=2")
    tiny, large = holes(
        from_prepared(item, points_of(item.config, scales_px=(0.5,), pixfracs=(0.1, 1.0)))
    )
    # two exposures, drops of 0.1 pixel: each touches at most 4 of the 4 pixels beneath it
    assert 0.2 < tiny < 0.9
    assert large < 1e-3


@pytest.mark.parametrize("overrides", [(), ("dataset.pointing_error_px=0.3",)])
@pytest.mark.parametrize("name", ["f160w", "f814w"])
def test_prediction_before_preparing_is_that_after_it_when_the_cosmic_ray_rate_is_right(
    prepared_of, points_of, sketched, name, overrides
):
    item = prepared_of(name, *overrides)
    settings = points_of(item.config)
    before = from_raw(item, sketched(item, SIMULATED_RATE[name]), settings)
    after = from_prepared(item, settings)
    np.testing.assert_allclose(ratios(before), ratios(after), atol=0.002)
    np.testing.assert_allclose(holes(before), holes(after), atol=5e-4)


@pytest.mark.parametrize("name", ["f160w", "f814w"])
def test_shipped_allowance_predicts_rms_over_median_within_three_hundredths(
    prepared_of, points_of, sketched, name
):
    item = prepared_of(name)
    settings = points_of(item.config)
    before = from_raw(item, sketched(item), settings)
    np.testing.assert_allclose(ratios(before), ratios(from_prepared(item, settings)), atol=0.03)


def test_more_cosmic_rays_make_the_weights_less_even(exposures_of, points_of, sketched):
    item = exposures_of("f814w")
    settings = points_of(item.config, scales_px=(0.65,), pixfracs=(0.4, 0.8))
    none, some, many = (
        ratios(from_raw(item, sketched(item, rate), settings)) for rate in (0.0, 0.03, 0.1)
    )
    assert (none < some).all()
    assert (some < many).all()


def test_same_seed_gives_the_same_prediction_and_another_seed_another(
    exposures_of, points_of, sketched
):
    item, other = exposures_of("f814w"), exposures_of("f814w", "predict.seed=2")
    settings = points_of(item.config, scales_px=(0.65,), pixfracs=(0.4,))
    first = ratios(from_raw(item, sketched(item), settings))
    assert ratios(from_raw(item, sketched(item), settings)) == first
    another = ratios(from_raw(other, sketched(other), settings))
    assert another != first
    assert another == pytest.approx(first, rel=0.05)


def test_processes_do_not_change_the_prediction(exposures_of, points_of, sketched):
    item = exposures_of("f160w")
    settings = points_of(item.config)
    sketch = sketched(item)
    boxes = boxes_of(sketch, item.field.options)
    one = predict_weights(sketch, boxes, settings, unflagged_weighting)
    two = predict_weights(sketch, boxes, settings, unflagged_weighting, n_processes=2)
    assert one == two


def test_cosmic_ray_flags_in_the_files_are_not_counted_beside_the_allowance(
    exposures_of, points_of, sketched, tmp_path
):
    synthetic = exposures_of("f160w")
    for exposure in synthetic.found.exposures:
        copy = shutil.copy(exposure.path, tmp_path)
        with fits.open(copy, mode="update") as hdus:
            hdus["DQ", 1].data[::3] |= 4096
    directory = synthetic.found.exposures[0].path.parent
    item = exposures_of(
        "f160w", "dataset=local", f"dataset.path={tmp_path}", f"filter.iref={directory}/ref"
    )
    settings = points_of(item.config, scales_px=(0.65,), pixfracs=(0.4,))
    flagged = from_raw(item, sketched(item), settings)
    assert flagged == from_raw(synthetic, sketched(synthetic), settings)


def test_pixels_that_hold_no_number_count_as_bad_ones(
    exposures_of, points_of, sketched, numberless
):
    synthetic = exposures_of("f160w")
    paths = [exposure.path for exposure in synthetic.found.exposures]

    def foreseen(*, by_hand: bool):
        item = exposures_of(
            "f160w", "dataset=local", f"dataset.path={numberless(paths, by_hand=by_hand)}",
            f"filter.iref={paths[0].parent}/ref",
        )  # fmt: skip
        sketch = sketched(item)
        settings = points_of(item.config, scales_px=(0.65,), pixfracs=(0.4,))
        return sketch.warnings, from_raw(item, sketch, settings)

    (warning,), weights = foreseen(by_hand=False)
    assert paths[0].name in warning
    assert foreseen(by_hand=True) == ((), weights)
    settings = points_of(synthetic.config, scales_px=(0.65,), pixfracs=(0.4,))
    sound = from_raw(synthetic, sketched(synthetic), settings)
    assert (ratios(weights) > ratios(sound)).all()


def test_no_file_of_the_user_is_touched(exposures_of, sketched):
    item = exposures_of("f814w")
    paths = [exposure.path for exposure in item.found.exposures]
    before = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    beside = sorted(paths[0].parent.rglob("*"))
    sketched(item)
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths] == before
    assert sorted(paths[0].parent.rglob("*")) == beside


def test_product_beside_the_exposures_has_no_prediction(
    exposures_of, points_of, sketched, tmp_path
):
    item = exposures_of("f160w")
    wcs = WCS(naxis=2)
    wcs.wcs.ctype, wcs.wcs.crval, wcs.wcs.crpix = ["RA---TAN", "DEC--TAN"], [10.0, -60.0], [5, 5]
    wcs.wcs.cd = np.diag([-2e-5, 2e-5])
    header = wcs.to_header()
    header.update({"CD1_1": -2e-5, "CD1_2": 0.0, "CD2_1": 0.0, "CD2_2": 2e-5})
    reference = tmp_path / "elsewhere.fits"
    fits.PrimaryHDU(np.zeros((9, 9), np.float32), header).writeto(reference)
    (here,) = points_of(item.config, scales_px=(1.0,), pixfracs=(1.0,))
    there = replace(here, final_refimage=reference)
    found = from_raw(item, sketched(item), [there, here])
    assert np.isnan(found[0].spread.rms_over_median)
    assert found[1].spread.hole_fraction < 1e-3


def test_wcs_of_the_headers_is_taken_without_updatewcs(exposures_of, sketched):
    item = exposures_of("f160w", "prepare.wcs=active")
    as_it_is, corrected = sketched(item), sketched(exposures_of("f160w"))
    offset = np.load(as_it_is.chips[0].sky_nodes) - np.load(corrected.chips[0].sky_nodes)
    assert np.abs(offset).max() * 3600 > 0.1


@pytest.mark.parametrize("wht_type", ["ERR", "IVM"])
def test_weights_made_from_pixels_are_refused_before_preparing(exposures_of, points_of, wht_type):
    (one,) = points_of(exposures_of("f160w").config, scales_px=(1.0,), pixfracs=(1.0,))
    with pytest.raises(ConfigError, match=r"predict\.exposures=prepared"):
        unflagged_weighting(replace(one, final_wht_type=wht_type))


def test_kernel_that_differs_between_the_codes_is_refused(exposures_of, points_of, sketched):
    item = exposures_of("f160w")
    (one,) = points_of(item.config, scales_px=(1.0,), pixfracs=(1.0,))
    with pytest.raises(DrizzleError, match="final_kernel=lanczos3"):
        from_raw(item, sketched(item), [replace(one, final_kernel="lanczos3")])


def test_exposure_without_flags_is_named(exposures_of, sketched, tmp_path):
    synthetic = exposures_of("f160w")
    for exposure in synthetic.found.exposures:
        copy = shutil.copy(exposure.path, tmp_path)
    with fits.open(copy, mode="update") as hdus:
        del hdus["DQ", 1]
    directory = synthetic.found.exposures[0].path.parent
    overrides = ["dataset=local", f"dataset.path={tmp_path}", f"filter.iref={directory}/ref"]
    with pytest.raises(DatasetError, match=r"DQ,1 is not there, .*dataset\.exclude"):
        sketched(exposures_of("f160w", *overrides))
    shutil.copy(exposure.path, tmp_path)
    with pytest.raises(ReferenceFileError, match=r"filter\.iref=DIR"):
        sketched(exposures_of("f160w", *overrides[:2], f"filter.iref={tmp_path}"))
