"""Keys of stages: digests kept on disk, code of users, and words that say what differs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.keys import Code, StageKey, cached_stage, code_digest, differences, imports_of
from hstdriz_study.study.run.point_key import measuring_with

CODE = Code("testing", roots=("hstdriz_study.measure.growth:encircled_energy",))
STAGE = StageKey(
    inputs={"exposures": [["a_flt.fits", "1"], ["b_flt.fits", "2"]], "prepared": "key"},
    options={"measure": {"seed": 1, "metrics": ["one"]}, "engine": "fast"},
    versions={"drizzle": "3.0.0", "numpy": "2.4.6"},
    code={"drizzling": "d", "measuring": "m"},
)


def test_a_digest_is_kept_and_found_again(tmp_path) -> None:
    digest = code_digest(CODE, tmp_path)
    (kept,) = (tmp_path / "code").iterdir()
    assert kept.read_text() == digest
    kept.write_text("found")
    # another code to the memory of this process, the same one to the directory
    assert code_digest(replace(CODE, what="testing again"), tmp_path) == "found"


def test_a_directory_that_cannot_be_written_only_costs_time(tmp_path) -> None:
    (tmp_path / "file").write_text("no directory")
    assert code_digest(CODE, tmp_path / "file") == code_digest(CODE, tmp_path)


def test_metrics_that_are_asked_for_count_and_those_that_are_gone_do_not(tmp_path) -> None:
    def digest(*metrics: str) -> str:
        return code_digest(measuring_with(metrics, injected=False), tmp_path)

    width = "hstdriz_study.measure.psf.measure_psf"
    assert digest(width) != digest()
    assert digest(width, "hstdriz_study.measure.psf.gone") == digest(width)
    assert digest(width, "not_there.at_all") == digest(width)


def test_code_of_this_package_that_a_metric_of_ones_own_calls_counts(tmp_path, monkeypatch) -> None:
    own = tmp_path / "mine_in_a_test.py"
    own.write_text(
        "import numpy as np\nfrom hstdriz_study.measure.growth import encircled_energy\n"
        "def measure_mine(point, context):\n"
        "    import hstdriz_study.measure.profile as profile\n"
    )
    assert imports_of(own) == (
        "hstdriz_study.measure.growth:encircled_energy",
        "hstdriz_study.measure.profile:",
    )
    monkeypatch.syspath_prepend(tmp_path)
    mine = measuring_with(["mine_in_a_test.measure_mine"], injected=False)
    assert code_digest(mine, tmp_path) != code_digest(replace(mine, asked=()), tmp_path)


def test_an_entry_keeps_the_parts_of_its_key(tmp_path) -> None:
    stage = replace(STAGE, options={"path": Path("a"), "phase": (0.0, 0.5)})
    entry = cached_stage(tmp_path, "f160w", stage, lambda made: (made / "x").touch())
    assert entry.name == f"f160w-{stage.key}"
    assert json.loads((entry / "identity.json").read_text()) == stage.parts
    assert StageKey(**stage.parts).key == stage.key


def _differ(**changed: object) -> list[str]:
    return differences({"point": STAGE.parts}, {"point": replace(STAGE, **changed).parts})


def test_what_differs_is_said_in_words() -> None:
    assert _differ() == []
    assert _differ(
        code={"drizzling": "d", "measuring": "other"},
        versions={"drizzle": "3.0.1", "numpy": "2.4.6", "scipy": "1.17"},
        options={"measure": {"seed": 2, "metrics": ["one", "two"]}, "engine": "fast"},
        inputs={"exposures": [["a_flt.fits", "1"], ["b_flt.fits", "3"]], "prepared": "other"},
    ) == [
        "the code of measuring",
        "drizzle 3.0.0 → 3.0.1",
        "scipy none → 1.17",
        "measure.seed 1 → 2",
        "measure.metrics ['one'] → ['one', 'two']",
        "the content of b_flt.fits",
        "the prepared",
    ]


def test_a_stage_before_is_told_by_its_own_parts_and_once() -> None:
    before = replace(STAGE, inputs={}, code={"preparing": "p"})
    after = replace(before, code={"preparing": "q"}, versions={"numpy": "2.5", "drizzle": "3.0.0"})
    point = replace(STAGE, inputs={"prepared": "old"})
    later = replace(point, inputs={"prepared": "new"}, versions=after.versions)
    assert differences(
        {"prepared": before.parts, "point": point.parts},
        {"prepared": after.parts, "point": later.parts},
    ) == ["the code of preparing", "numpy 2.4.6 → 2.5"]


@given(
    part=st.sampled_from(["inputs", "options", "versions", "code"]),
    name=st.text(min_size=1),
    value=st.text(),
)
def test_every_part_counts_for_the_key_and_is_told(part: str, name: str, value: str) -> None:
    content = getattr(STAGE, part)
    changed = replace(STAGE, **{part: content | {name: value}})
    assert (changed.key == STAGE.key) == (content.get(name) == value)
    assert bool(_differ(**{part: content | {name: value}})) == (changed.key != STAGE.key)
