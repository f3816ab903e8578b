"""A metric that is built in: a function, an entry, a line in each page and in conf/."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.endtoend

FUNCTION = '''"""Turn the weights in the boxes that stand for full depth into how low they reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.contracts.metric_table import TENTH_OVER_MEDIAN
from hstdriz_study.errors import MetricUnavailableError
from hstdriz_study.measure.resample import bootstrap_metric, resample_indices

if TYPE_CHECKING:
    from hstdriz_study.contracts import MeasureContext, Metric, PointPixels

_LOW_PERCENT = 10.0


def measure_low_weights(point: PointPixels, context: MeasureContext) -> dict[str, Metric]:
    """Measure the tenth percentile of the weights over their median, a mean over the boxes.

    Raises
    ------
    MetricUnavailableError
        If no box holds a pixel of this product.
    """
    tiles = [tile for tile in point.weight_tiles if tile.size]
    if not tiles:
        raise MetricUnavailableError("the full-depth region holds no pixel of this product")
    low, median = np.transpose([np.percentile(tile, (_LOW_PERCENT, 50.0)) for tile in tiles])
    ratios = low / median
    drawn = resample_indices(len(ratios), context.n_bootstrap, context.seed)
    replicates = ratios[drawn].mean(axis=1)
    return {TENTH_OVER_MEDIAN.name: bootstrap_metric(ratios.mean(), replicates, len(ratios))}
'''

ENTRY = """TENTH_OVER_MEDIAN = MetricEntry(
    "weight/tenth_over_median",
    label="tenth percentile of the weights / median",
    better=Better.HIGHER,
    meaning="weight that nine tenths of the pixels exceed, over the median",
    error=ErrorKind.WEIGHT_BOXES,
    needs=(Need.FULL_DEPTH,),
    drawn=(Place.CURVES, Place.POINTS),
)
"""

HOLES = "`weight/hole_fraction`"
NAME = "`weight/tenth_over_median`"


def follow(checkout) -> None:
    checkout.write("hstdriz_study/measure/low_weights.py", FUNCTION)
    checkout.replace(
        "hstdriz_study/contracts/metric_table.py",
        "\nSKY_RMS = MetricEntry(", f"{ENTRY}\nSKY_RMS = MetricEntry(",
    )  # fmt: skip
    checkout.add(
        "docs/measuring.md",
        f"| {NAME} | weight that nine tenths of the pixels exceed, over the median |",
        after=f"| {HOLES} | fraction of the region's pixels of zero weight |",
    )
    checkout.add(
        "docs/measuring.md",
        f"| {NAME} | higher | weight boxes | full depth |",
        after=f"| {HOLES} | lower | weight boxes | full depth |",
    )
    checkout.add(
        "docs/measuring.md",
        f"| {NAME} | 10th percentile over the median, of each box, averaged |",
        after=f"| {HOLES} | fraction of pixels of zero weight |",
    )
    checkout.add(
        "conf/measure/default.yaml",
        "  - hstdriz_study.measure.low_weights.measure_low_weights",
        after="  - hstdriz_study.measure.weight.measure_weight",
    )


def test_a_metric_is_in_tables_curves_and_pages(checkout, keeps_to_its_recipe):
    follow(checkout)
    done = checkout.study(
        "filter=f160w", "drizzle.final_scale=psf/2", "drizzle.final_pixfrac=0.4,1.0",
    )  # fmt: skip
    assert done.code == 0, done.stderr
    table = done.table
    small, large = table["weight/tenth_over_median"]
    assert 0 < small < large < 1  # smaller drops leave the weights less even
    assert all(table["weight/tenth_over_median_err"] > 0)
    page = (done.study_dir / "report.html").read_text()
    assert "f160w-curve-weight/tenth_over_median" in page
    assert "tenth percentile of the weights / median" in (done.study_dir / "report.md").read_text()
    keeps_to_its_recipe(checkout, "a metric")
    checkout.tests("tests/contracts/test_one_home.py")
    checkout.lint()
