"""From a drizzled product and the record of its point to ``noise_<filter>.fits``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astropy.io import fits
from astropy.wcs import WCS

from hstdriz_study.cache import file_checksum
from hstdriz_study.choose.points import settings_of
from hstdriz_study.contracts.metric_table import CORRELATION, CORRELATION_ANALYTIC, SKY_RMS
from hstdriz_study.errors import DatasetError
from hstdriz_study.measure import plan_point
from hstdriz_study.measure.noise_map import large_area_noise
from hstdriz_study.measure.patches import cut
from hstdriz_study.whole_files import written_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.contracts import PointRecord, StudyRegions
    from hstdriz_study.measure.noise_map import LargeAreaNoise
    from hstdriz_study.study.directory.layout import ProductsDirectory
    from hstdriz_study.study.products.cards import Card

_BUNIT = "ELECTRONS/S"  # as AstroDrizzle writes it
_DEFINITION = (  # a card holds 72 letters
    "Background noise (1 sigma) of each pixel for sums over areas much",
    "larger than a drop: the variance of such a sum is the sum of the squares",
    "of this map.",
    "NOISE = SKYRMS * RCORR * sqrt(WHTREF / WHT), WHT of PRODUCT (SHA256);",
    "NaN where WHT is 0. SKYRMS and RCORR were measured on blank sky at full",
    "depth. RCORR makes up for correlated pixels: Casertano et al. 2000,",
    "AJ 120, 2747; Fruchter & Hook 2002, PASP 114, 144. Divide by RCORR for",
    "the scatter of single pixels.",
    "Poisson noise of sources is not added. With it the variance is",
    "NOISE**2 + SCI / t, where t is near EXPTIME * WHT / WHTREF, in s.",
    "With ERR weights, WHT of bright pixels holds that noise already.",
)


def write_noise_map(
    product: Path,
    record: PointRecord,
    regions: StudyRegions,
    products: ProductsDirectory,
    of_point: Sequence[Card],
) -> Path:
    """Write the noise map of a drizzled product.

    Parameters
    ----------
    product : `~pathlib.Path`
        AstroDrizzle's product with SCI and WHT; it is only read.
    record : `~hstdriz_study.contracts.PointRecord`
        The point that was measured with the same settings.
    regions : `~hstdriz_study.contracts.StudyRegions`
        Of the filter.
    products : `~hstdriz_study.study.directory.layout.ProductsDirectory`
        Receives ``noise_<filter>.fits``: a primary image with the product's
        WCS, in the product's units.
    of_point : sequence of tuple
        Keyword, value and comment of what made the product.

    Raises
    ------
    DatasetError
        If the product has no SCI and WHT.
    MetricUnavailableError
        If the noise was not measured at the point.
    """
    with fits.open(product) as hdus:
        if "SCI" not in hdus or "WHT" not in hdus:
            raise DatasetError(f"{product}: no SCI and WHT; name a product of AstroDrizzle")
        wcs, weight = WCS(hdus["SCI"].header), hdus["WHT"].data
        scale_arcsec = settings_of(record).final_scale_arcsec
        sky = plan_point(regions, wcs, scale_arcsec, weight.shape).sky.stack
        noise = large_area_noise(
            cut(weight, sky),
            record.metrics.get(SKY_RMS.name),
            record.metrics.get(CORRELATION.name),
        )
        header = wcs.to_header()
        header.extend(of_point)
        header["BUNIT"] = (hdus["SCI"].header.get("BUNIT", _BUNIT), "1 sigma of a pixel")
        header.extend(_cards(product, record, noise, len(regions.sky_boxes)))
        for line in _DEFINITION:
            header.add_comment(line)
        path = products.noise_map(record.filter)
        image = fits.PrimaryHDU(noise.at(weight), header)
        with written_whole(path) as stream:
            image.writeto(stream, output_verify="exception")
    return path


def _cards(product: Path, record: PointRecord, noise: LargeAreaNoise, n_boxes: int) -> list[Card]:
    analytic = record.metrics.get(CORRELATION_ANALYTIC.name)
    return [
        ("PRODUCT", product.name, "drizzled image this belongs to"),
        ("SHA256", file_checksum(product), ""),
        ("SKYRMS", noise.sky_rms.value, "scatter of a pixel of weight WHTREF, electron/s"),
        ("SKYRMSER", noise.sky_rms.err, "its 1-sigma error"),
        ("RCORR", noise.correlation.value, "noise correlation R, measured"),
        ("RCORRERR", noise.correlation.err, "its 1-sigma error"),
        ("RCORRAN", analytic.value if analytic else None, "R of Fruchter & Hook, square kernel"),
        ("SIGMA", noise.sigma.value, "SKYRMS * RCORR: noise at WHTREF, electron/s"),
        ("SIGMAERR", noise.sigma.err, "its 1-sigma error"),
        ("WHTREF", noise.reference_weight, "weight of a pixel of scatter SKYRMS"),
        ("NSKYBOX", n_boxes, "boxes of blank sky it was measured in"),
    ]
