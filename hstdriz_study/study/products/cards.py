"""From a measured point to the header cards of all that is made of it, in one convention.

Settings have AstroDrizzle's keywords where it has one (``D001SCAL``, ``D001PIXF``, ``D001KERN``).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from hstdriz_study import __version__
from hstdriz_study.contracts.metric_table import DEPTH, FWHM, HOLE_FRACTION, RMS_OVER_MEDIAN
from hstdriz_study.good_bits import bits_text
from hstdriz_study.study.config import points_told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.study.config import StudyConfig

Card = tuple[str, Any, str]
POINT_KEY = "POINTKEY"
# Of each metric: keyword, that of its error, and what it is.
_METRICS = (
    (FWHM, "FWHM", "FWHMERR", "[arcsec] of the delivered stars, as measured"),
    (RMS_OVER_MEDIAN, "RMSMED", "RMSMEDER", "RMS/median of the weight map"),
    (HOLE_FRACTION, "HOLES", "HOLESERR", "part of the region without weight"),
    (DEPTH, "DEPTH5", "DEPTH5ER", "[mag(AB)] 5 sigma, of a point source"),
)


def point_cards(record: PointRecord, config: StudyConfig, rule: str) -> list[Card]:
    """Return what made a product: study, settings, choice, metrics and software.

    Parameters
    ----------
    record : `~hstdriz_study.contracts.PointRecord`
        Of the point whose settings it has.
    config : `~hstdriz_study.study.config.StudyConfig`
        Of the point.
    rule : str
        What chose the point.
    """
    settings = record.settings
    cards: list[Card] = [
        ("STUDY", config.name, "name of the study"),
        ("DATASET", _ascii(points_told([config]).words), "exposures of the study"),
        (POINT_KEY, record.key, "key of the measured point"),
        ("RULE", rule, "what chose the point"),
        ("INSTRUME", config.filter.instrument, "instrument"),
        ("DETECTOR", config.filter.detector, "detector"),
        ("FILTER", config.filter.filter, "as in the exposures"),
        ("D001SCAL", settings.final_scale_arcsec, "[arcsec] final_scale: side of a pixel"),
        ("D001PIXF", settings.final_pixfrac, "final_pixfrac"),
        ("D001KERN", settings.final_kernel, "final_kernel"),
        ("WHTTYPE", settings.final_wht_type, "final_wht_type"),
        ("GOODBITS", bits_text(settings.final_bits), "final_bits"),
        *_metrics(record),
        ("VERSIONS", _versions(record), "of what measured it"),
        ("CREATOR", f"hstdriz-study {__version__}", "software"),
    ]
    return [card for card in cards if card[1] is not None]


def _metrics(record: PointRecord) -> Iterator[Card]:
    for entry, keyword, of_error, what in _METRICS:
        metric = record.metrics.get(entry.name)
        if metric is None or not math.isfinite(metric.value):
            continue
        yield keyword, metric.value, what
        if math.isfinite(metric.err):
            yield of_error, metric.err, f"1-sigma error of {keyword}"


def _versions(record: PointRecord) -> str | None:
    known = record.provenance.get("versions", {})
    return ", ".join(f"{name} {version}" for name, version in known.items()) or None


def _ascii(text: str) -> str:
    """Return what a card can hold."""
    return (
        "".join(letter if letter.isprintable() else "?" for letter in text)
        .encode("ascii", "replace")
        .decode()
    )
