"""Both engines give the same metrics of the same point."""

from dataclasses import replace

import numpy as np
import pytest

from hstdriz_study.field import Field
from hstdriz_study.study.config import drizzle_settings, field_options, point_options

pytestmark = pytest.mark.endtoend


@pytest.mark.parametrize("name", ["f160w", "f814w"])
@pytest.mark.parametrize("moved", [(0.0, 0.0), (0.5, 0.25)])
def test_metrics_differ_by_less_than_a_hundredth_of_their_errors(
    compose_config, cache_dir, tmp_path, name, moved
):
    config = compose_config(
        f"filter={name}", f"prepare.cache_dir={cache_dir}", "drizzle.final_scale=psf/2",
        "drizzle.final_pixfrac=0.7",
    )  # fmt: skip
    field, how = Field(field_options(config)), replace(point_options(config), n_bootstrap=100)
    point = replace(drizzle_settings(config), grid_phase=moved)

    def measured(engine):
        return field.measure(point, replace(how, engine=engine), tmp_path).metrics

    fast, frame, reference = (measured(name) for name in ("fast", "frame", "astrodrizzle"))
    assert set(fast) == set(frame) == set(reference)
    assert {"psf/fwhm_arcsec", "weight/rms_over_median", "noise/depth_abmag"} <= set(fast)
    for key, metric in reference.items():
        if np.isfinite(metric.err) and metric.err > 0:
            assert abs(fast[key].value - metric.value) <= 0.01 * metric.err, key
            assert abs(frame[key].value - metric.value) <= 0.01 * metric.err, key
        else:
            np.testing.assert_allclose(fast[key].value, metric.value, rtol=1e-6, err_msg=key)
            np.testing.assert_allclose(frame[key].value, metric.value, rtol=1e-6, err_msg=key)
