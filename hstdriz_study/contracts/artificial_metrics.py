"""The metrics of artificial stars: those of the field's stars once more, and what was put in."""

from __future__ import annotations

from hstdriz_study.contracts.metric_entry import Better, ErrorKind, MetricEntry, Need
from hstdriz_study.contracts.metric_table import OF_FIELD

_WORDS = "artificial stars: "
_NEEDS = (Need.ARTIFICIAL_STARS, Need.SKY_BOXES)

COMPLETENESS_STEPS_MAG = (-0.6, -0.4, -0.2, 0.0, 0.2, 0.4, 0.6)
"""Steps of the faint stars about the expected depth: with Gaussian noise, from all to none."""


def artificial_name(name: str) -> str:
    """Name the metric of artificial stars that is like one of the PSF of the field's own."""
    return f"injected/{name.removeprefix('psf/')}"


def _of_artificial_stars(entry: MetricEntry) -> MetricEntry:
    return MetricEntry(
        artificial_name(entry.name),
        label=_WORDS + entry.label,
        unit=entry.unit,
        better=entry.better,
        error=entry.error if entry.error is ErrorKind.EXACT else ErrorKind.ARTIFICIAL_STARS,
        needs=_NEEDS,
        drawn=(),
    )


def completeness(step_mag: float) -> MetricEntry:
    """Describe the recovered fraction of the stars so many mag fainter than the expected depth."""
    words, name = "at expected depth", "at_expected_depth"
    if step_mag != 0:
        size, side = f"{abs(step_mag):.1f}", "brighter" if step_mag < 0 else "fainter"
        words, name = f"{size} mag {side}", f"{size}mag_{side}"
    return MetricEntry(
        f"injected/completeness_{name}",
        label=f"{_WORDS}recovered, {words}",
        better=Better.HIGHER,
        error=ErrorKind.BINOMIAL,
        needs=_NEEDS,
        drawn=(),
    )


ARTIFICIAL_FLUX_RATIO = MetricEntry(
    "injected/flux_ratio",
    label=f"{_WORDS}flux / flux put in",
    error=ErrorKind.ARTIFICIAL_STARS,
    needs=_NEEDS,
    drawn=(),
)
ARTIFICIAL_DEPTH = MetricEntry(
    "injected/depth_abmag",
    label=f"{_WORDS}magnitude of 50 % recovery",
    unit="mag(AB)",
    better=Better.HIGHER,
    error=ErrorKind.ARTIFICIAL_STARS,
    needs=_NEEDS,
    drawn=(),
)

OF_ARTIFICIAL_STARS = (
    *(_of_artificial_stars(entry) for entry in OF_FIELD if entry.group == "psf"),
    ARTIFICIAL_FLUX_RATIO,
    *map(completeness, COMPLETENESS_STEPS_MAG),
    ARTIFICIAL_DEPTH,
)
