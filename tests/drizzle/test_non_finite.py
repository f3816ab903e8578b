"""Pixels that are NaN or infinite, flagged or not, against the same pixels made bad by hand."""

import numpy as np
import pytest

from hstdriz_study.drizzle import drizzle, drizzle_frame, weighting
from hstdriz_study.study.config import drizzle_settings

pytestmark = pytest.mark.endtoend


@pytest.fixture(scope="module")
def planted(prepared_set, numberless):
    """Prepare exposures with pixels that hold no number, or with these made bad by hand."""

    def prepare(name: str, *overrides: str, by_hand: bool = False):
        synthetic = prepared_set(name).found
        paths = [exposure.path for exposure in synthetic.exposures]
        directory = numberless(paths, by_hand=by_hand)
        reference = paths[0].parent / "ref"
        return prepared_set(
            name, "dataset=local", f"dataset.path={directory}", f"filter.iref={reference}",
            f"filter.jref={reference}", *overrides,
        )  # fmt: skip

    return prepare


def products(item, tmp_path):
    settings = drizzle_settings(item.config)
    references = item.found.reference_dirs
    log_file = tmp_path / "drizzle.log"
    slow = drizzle(item.prepared, settings, reference_dirs=references, log_file=log_file)
    weights = weighting(item.prepared, settings, reference_dirs=references)
    return slow, drizzle_frame(item.prepared, settings, weights)


def holes(product) -> int:
    return int(np.count_nonzero(~np.isfinite(product.sci) & (product.wht != 0)))


@pytest.mark.parametrize("wht_type", ["EXP", "ERR"])
@pytest.mark.parametrize("name", ["f160w", "f814w"])
def test_both_engines_give_the_product_of_pixels_made_bad_by_hand(
    planted, tmp_path, name, wht_type
):
    override = f"drizzle.final_wht_type={wht_type}"
    slow, fast = products(planted(name, override), tmp_path)
    assert holes(slow) == holes(fast) == 0
    assert np.isfinite(slow.wht).all()
    by_hand, _ = products(planted(name, override, by_hand=True), tmp_path)
    assert np.array_equal(slow.wht, by_hand.wht)
    assert np.array_equal(slow.sci, by_hand.sci, equal_nan=True)
    scale = np.nanstd(slow.sci)
    np.testing.assert_allclose(fast.wht, slow.wht, rtol=1e-5, atol=1e-5 * np.median(slow.wht))
    np.testing.assert_allclose(fast.sci, slow.sci, rtol=1e-4, atol=1e-5 * scale, equal_nan=True)
