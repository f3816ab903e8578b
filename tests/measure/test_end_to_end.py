"""The FWHM of simulated HST exposures through AstroDrizzle, against noiseless dense stars.

``pytest tests/measure/test_end_to_end.py -s`` prints the errors.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table
from astropy.wcs import WCS

from hstdriz_study.contracts import Drizzled, MeasureContext
from hstdriz_study.drizzlepac_options import final_options
from hstdriz_study.field import Field
from hstdriz_study.foreign import confined
from hstdriz_study.measure import extract, measure, resolve_metrics
from hstdriz_study.prepare.wcs import run_updatewcs
from hstdriz_study.simulate import BANDS, render_noiseless
from hstdriz_study.study.config import drizzle_settings, field_options

pytestmark = pytest.mark.endtoend

# filter, final_scale in native pixels, final_pixfrac: two points of each, both well sampled
POINTS = {"f160w": ((0.6, 0.8), (0.5, 0.6)), "f814w": ((1.0, 1.0), (0.6, 0.6))}
NO_EARLIER_STEPS = dict.fromkeys(
    ("static", "skysub", "driz_separate", "median", "blot", "driz_cr", "context"), False
) | {"skyuser": ""}


def noisy(config: Any, settings: list[Any], directory: Path) -> tuple[Any, list[Drizzled]]:
    """Regions of the default simulated set, and its products."""
    field = Field(field_options(config))
    return field.regions, [field.image(point, "astrodrizzle", directory) for point in settings]


def noiseless(name: str, settings: list[Any], directory: Path) -> tuple[Table, list[Drizzled]]:
    """Stars of a noiseless set with nine sub-pixel dithers, and its products."""
    from drizzlepac.astrodrizzle import AstroDrizzle

    exposures = render_noiseless(directory, BANDS[name], n_side=3)
    names = [path.name for path in exposures]
    reference = f"{directory / 'ref'}/"
    products = []
    with confined(directory, {"iref": reference, "jref": reference}, directory / "log"):
        run_updatewcs(names)
        for point in settings:
            options = final_options(point) | NO_EARLIER_STEPS
            AstroDrizzle(names, output="dense", **options)
            (path,) = directory.glob("dense_dr?.fits")
            with fits.open(path, memmap=False) as hdus:
                sci, wht, wcs = hdus["SCI"].data, hdus["WHT"].data, WCS(hdus["SCI"].header)
            path.unlink()
            products.append(
                Drizzled(
                    np.where(wht > 0, sci, np.nan),
                    wht,
                    wcs,
                    point,
                    1.0,
                )
            )
    truth = Table.read(directory / "truth" / f"truth_{name}.ecsv")
    stars = truth[truth["n_exposures"] == len(names)]["id", "ra", "dec", "flux"]
    stars.rename_column("flux", "flux_native")
    return stars, products


@pytest.mark.parametrize("name", list(POINTS))
@pytest.mark.filterwarnings("ignore")  # of AstroDrizzle's WCS headers
def test_fwhm_through_astrodrizzle_is_that_of_noiseless_dense_stars_within_one_percent(
    name: str,
    compose_config: Any,
    cache_dir: Path,
    tmp_path: Path,
) -> None:
    config = compose_config(
        f"filter={name}", f"prepare.cache_dir={cache_dir}", "drizzle.final_scale=native"
    )
    native = config.filter.native_scale_arcsec
    settings = [
        replace(drizzle_settings(config), final_scale_arcsec=native * ratio, final_pixfrac=pixfrac)
        for ratio, pixfrac in POINTS[name]
    ]
    regions, products = noisy(config, settings, tmp_path)
    stars, dense = noiseless(name, settings, tmp_path / "noiseless")
    truth_regions = replace(regions, stars=stars, sky_boxes=np.empty((0, 2)))
    functions = resolve_metrics(["hstdriz_study.measure.psf.measure_psf"])
    for product, truth_product in zip(products, dense, strict=True):
        measured, truth = (
            measure(
                extract(image, where), MeasureContext(where, None, 4, 5, 200, 1), functions
            ).metrics["psf/fwhm_arcsec"]
            for image, where in ((product, regions), (truth_product, truth_regions))
        )
        error, sigma = measured.value / truth.value - 1, measured.err / truth.value
        print(  # noqa: T201
            f"\n{name} {product.final_scale_arcsec:.4f} arcsec, pixfrac "
            f"{product.final_pixfrac}: {len(regions.stars)} stars {measured.value:.4f} arcsec, "
            f"noiseless {truth.value:.4f}: {error:+.2%} +- {sigma:.2%}"
        )
        assert sigma < 0.015
        assert abs(error) < 0.01 + 2 * sigma
