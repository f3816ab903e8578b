"""A study that an earlier version made is opened as it is."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from astropy.table import QTable

KEPT = Path(__file__).parents[1] / "kept" / "a23d761"
# what is not in words, which are others since; a scale is named since as it was asked for
KEPT_FIELDS = (
    "filter", "rule", "goal", "final_scale_arcsec", "final_pixfrac", "final_kernel",
    "final_wht_type", "key", "metrics", "sharpest", "handbook_point", "runner_up", "margin",
    "resampling",
)  # fmt: skip
KEPT_LIMIT_BYTES = 2**20
pytestmark = pytest.mark.endtoend


@pytest.fixture
def kept_study(tmp_path):
    """Return a copy of the kept study whose tracking store is the test's own."""
    study = Path(shutil.copytree(KEPT, tmp_path / "kept"))
    described = study / "study.json"
    described.write_text(described.read_text().replace("/home/astronomer", str(tmp_path)))
    return study


def test_the_kept_study_holds_points_of_two_filters_and_is_small():
    files = [path for path in KEPT.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < KEPT_LIMIT_BYTES
    points = QTable.read(KEPT / "points.ecsv")
    assert sorted(points["filter"]) == ["f160w"] * 6 + ["f814w"] * 6


def test_report_of_the_kept_study_chooses_as_it_did(program, kept_study, tmp_path):
    done = program(tmp_path, "report", str(kept_study))
    assert (done.code, "Traceback" in done.stderr) == (0, False)
    now, then = (json.loads((d / "choice.json").read_text()) for d in (kept_study, KEPT))
    for new, old in zip(now["choices"], then["choices"], strict=True):
        assert set(old) <= set(new)
        assert {name: new[name] for name in KEPT_FIELDS} == {
            name: old[name] for name in KEPT_FIELDS
        }
        assert len(new["warnings"]) == len(old["warnings"])
        values = ([one.count(",") for one in side["extension"]] for side in (new, old))
        assert len({*map(tuple, values)}) == 1
        for picks in ("by_rule", "by_goal"):
            assert [one["point"] for one in new[picks]] == [one["point"] for one in old[picks]]
    table, earlier = (QTable.read(d / "points.ecsv") for d in (kept_study, KEPT))
    # good bits were told as they were typed; now they are one number, 64 + 512 or 16 + 64 + 256
    for one in (table, earlier):
        bits = [sum(map(int, str(value).split(","))) for value in one["final_bits"]]
        one.replace_column("final_bits", bits)
    assert table.pformat(-1, -1) == earlier.pformat(-1, -1)
    assert (kept_study / "report.html").stat().st_size > 0


def test_points_whose_pictures_are_gone_are_sent_without_them(program, kept_study, tmp_path):
    done = program(tmp_path, "send", str(kept_study))
    assert (done.code, done.stdout) == (0, "sent 12, already there 0, failed 0\n")


def test_rules_and_compare_open_the_kept_study(program, kept_study, tmp_path):
    rules = program(tmp_path, "rules", str(kept_study))
    assert rules.code == 0
    assert '0.03503", 0.6' in rules.stdout
    compared = program(tmp_path, "compare", str(kept_study), str(KEPT))
    assert compared.code == 0
    assert "identical" in compared.stdout


def test_what_if_and_products_of_the_kept_study_are_of_exposures_simulated_anew(
    program, kept_study, tmp_path
):
    files = [p for d in ("points", "filters") for p in (kept_study / d).rglob("*") if p.is_file()]
    before = {path: path.read_bytes() for path in files}
    foreseen = program(tmp_path, "what-if", str(kept_study), "drop:1")
    assert foreseen.code == 0, foreseen.stderr
    for name in ("f814w", "f160w"):
        told = f"{name}: the prepared exposures are gone; simulated and prepared anew: simulated"
        assert foreseen.stderr.count(told) == 1
    # The last bits of NumPy's functions are those of the processor's instructions: with others than
    # where the study was made, one exposure of eight has another content. What is seen is the same.
    others = re.findall(r"of other content than was measured: (.*) \(another proc", foreseen.stderr)
    assert sum(len(names.split(", ")) for names in others) <= 2
    assert foreseen.stderr.count("of other content") == len(others)
    assert "as foreseen and as measured differ by less than 0.01 %" in foreseen.stdout
    made = program(tmp_path, "products", str(kept_study))
    assert made.code == 0, made.stderr
    # a drizzled image, its noise map and PSF of each filter
    assert {Path(line).name[:5] for line in made.stdout.splitlines()} >= {"kept_", "noise", "psf_f"}
    assert {path: path.read_bytes() for path in files} == before
