"""From a drizzled product to whether it is what the study has measured."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from astropy.io import fits

from hstdriz_study.contracts.metric_table import (
    APERTURE_SIGMA,
    FWHM,
    HOLE_FRACTION,
    RMS_OVER_MEDIAN,
    SKY_RMS,
    WEIGHT_MEDIAN,
)
from hstdriz_study.drizzle.astrodrizzle import read_product
from hstdriz_study.measure import extract, measure, resolve_metrics

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.contracts import Drizzled, Metric, PointRecord
    from hstdriz_study.field import Field

COMPARED = (FWHM, WEIGHT_MEDIAN, RMS_OVER_MEDIAN, HOLE_FRACTION, SKY_RMS, APERTURE_SIGMA)
_LEAST = {HOLE_FRACTION.name: 1e-4}
"""Smallest difference that is told, absolute; of the others a thousandth of the value."""
_LEAST_RELATIVE = 1e-3
_EXPTIME_KNOWN_TO = 1e-4


class _Made(NamedTuple):
    """What AstroDrizzle says of a product, and what it must say."""

    keyword: str
    seen: float
    expected: float
    allowed: float


def differences(
    product: Path, record: PointRecord, field: Field, metrics: Sequence[str]
) -> tuple[str, ...]:
    """Return in what a product is not the point that was measured; nothing when it is.

    Exposures and exposure time of its header are compared, and the pixels measured where the study
    has measured: at the same stars, boxes and phase of the grid.

    Parameters
    ----------
    product : `~pathlib.Path`
        AstroDrizzle's, with SCI and WHT.
    record : `~hstdriz_study.contracts.PointRecord`
        Of the chosen point.
    field : `~hstdriz_study.field.Field`
        Of its filter.
    metrics : sequence of str
        ``measure.metrics`` of the study.
    """
    image = read_product(product, record.settings)
    return (*_unlike_made(product, field), *_unlike_measured(image, record, field, metrics))


def _unlike_made(product: Path, field: Field) -> list[str]:
    chips = field.prepared.chips
    times = {chip.exposure: chip.exptime_s for chip in chips}
    header = fits.getheader(product)
    total = sum(times.values())
    asked = (
        _Made("NDRIZIM", float(header.get("NDRIZIM", math.nan)), len(chips), 0),
        _Made("EXPTIME", float(header["EXPTIME"]), total, _EXPTIME_KNOWN_TO * total),
    )
    return [
        f"{one.keyword} is {one.seen:g} where the exposures give {one.expected:g}"
        for one in asked
        if not abs(one.seen - one.expected) <= one.allowed
    ]


def _unlike_measured(
    image: Drizzled, record: PointRecord, field: Field, metrics: Sequence[str]
) -> list[str]:
    context = field.context(n_bootstrap=0)
    found = measure(extract(image, field.regions), context, resolve_metrics(metrics)).metrics
    told = []
    for entry in COMPARED:
        if entry is FWHM and field.regions.injected_for_psf:
            continue  # of artificial stars, which no product holds
        known = record.metrics.get(entry.name)
        seen = found.get(entry.name)
        if known is not None and not _agrees(entry.name, seen, known):
            value = "not measurable" if seen is None else f"{seen.value:.5g}"
            told.append(
                f"{entry.phrase} is {value} where the study has measured {known.value:.5g} ± "
                f"{known.err:.2g}"
            )
    return told


def _agrees(name: str, seen: Metric | None, known: Metric) -> bool:
    least = _LEAST.get(name, _LEAST_RELATIVE * abs(known.value))
    error = known.err if math.isfinite(known.err) else 0.0
    return seen is not None and abs(seen.value - known.value) <= max(error, least)
