"""The grid of the quick start, chosen from what is foreseen: too coarse, right and too fine."""

import re

import pytest

from hstdriz_study.cli.shipped import shipped_config

pytestmark = pytest.mark.endtoend


def test_what_is_foreseen_leaves_drops_of_half_a_pixel_alone_below_the_limits(program, tmp_path):
    outcome = program(tmp_path, "preview", "study=quickstart")
    assert outcome.code == 0, outcome.stderr
    limits = shipped_config().choose
    for name in ("f814w", "f160w"):
        uniformity, holes = _tables(outcome.stdout.split(f"{name}: ")[1])
        fine, right, coarse = sorted(uniformity)
        # pixfracs 0.2, 0.5 and 1
        assert uniformity[right][0] > limits.max_rms_over_median
        assert max(uniformity[right][1:]) < limits.max_rms_over_median / 2
        assert max(holes[right][1:]) < limits.max_hole_fraction / 2
        assert min(holes[fine][:2]) > 2 * limits.max_hole_fraction
        assert coarse > 1.9 * right > 3.7 * fine


def _tables(text):
    """Read the tables of one filter: a row of numbers by scale."""
    found = []
    for table in re.findall(r"pixfrac +0\.2 +0\.5 +1\n((?: +scale .+\n)+)", text)[:2]:
        rows = [line.split()[1:] for line in table.splitlines()]
        found.append({float(scale): [float(one) for one in row] for scale, *row in rows})
    return found
