import numpy as np
import pytest
from astropy.io import fits

from hstdriz_study.drizzle.ivm import check_weighting
from hstdriz_study.errors import DatasetError
from hstdriz_study.study.config import drizzle_settings


@pytest.fixture
def asked(compose_config, tmp_path):
    """Ask for inverse-variance weights with one map of a user's own."""
    config = compose_config(
        "filter=f160w", "drizzle.final_wht_type=IVM", f"drizzle.ivm_path={tmp_path}"
    )

    def check(weights: np.ndarray) -> None:
        hdus = [fits.PrimaryHDU(), fits.ImageHDU(weights, name="IVM")]
        fits.HDUList(hdus).writeto(tmp_path / "ib6o23rtq_ivm.fits", overwrite=True)
        check_weighting(drizzle_settings(config), [tmp_path / "ib6o23rtq_flt.fits"], {})

    return check


def test_weights_that_are_no_numbers_are_refused_with_their_count(asked):
    weights = np.ones((20, 30), np.float32)
    weights[:2] = 0
    asked(weights)
    weights[3, 3], weights[4, 4] = np.nan, np.inf
    with pytest.raises(DatasetError, match=r"2 pixels of ib6o23rtq_ivm.fits are NaN or infinite"):
        asked(weights)


def test_map_that_is_not_fits_is_named(compose_config, tmp_path):
    config = compose_config(
        "filter=f160w", "drizzle.final_wht_type=IVM", f"drizzle.ivm_path={tmp_path}"
    )
    (tmp_path / "ib6o23rtq_ivm.fits").write_text("weights")
    with pytest.raises(DatasetError, match=r"ib6o23rtq_ivm.fits: not a FITS file"):
        check_weighting(drizzle_settings(config), [tmp_path / "ib6o23rtq_flt.fits"], {})
