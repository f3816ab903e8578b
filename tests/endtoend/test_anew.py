"""A study is resumed with another version of the package: what differs is run anew, and said."""

from __future__ import annotations

import json
import re


def test_points_whose_measuring_has_changed_are_run_anew_on_the_same_exposures(
    program, program_anew, edited_copy, tmp_path, monkeypatch
) -> None:
    cache_dir = tmp_path / "cache"  # prepared by the program itself: its log is looked at
    arguments = (
        "--multirun", "filter=f160w", "drizzle.final_scale=native", "drizzle.final_pixfrac=0.7",
        "hydra.sweep.dir=hstdriz-runs/mine/one", f"prepare.cache_dir={cache_dir}",
        "prepare.engine=astrodrizzle",
    )  # fmt: skip
    first = program(tmp_path, *arguments)
    (earlier,) = first.records
    _assert_that_the_key_holds_the_keywords_that_astrodrizzle_was_given(cache_dir)

    copy = edited_copy(("measure/growth.py", "_N_FINE = 501", "_N_FINE = 601"))
    monkeypatch.setenv("PYTHONPATH", str(copy))
    second = program_anew(tmp_path, *arguments)
    assert second.code == 0, second.stderr
    said = second.stdout + second.stderr
    assert "1 point run anew: the code of measuring differs; the earlier" in said
    assert "preparing" not in said
    assert "choosing" not in said
    (record,) = second.records
    assert record.key != earlier.key
    kept = second.study_dir / "superseded" / f"0-{earlier.key[:8]}" / "record.json"
    assert json.loads(kept.read_text())["key"] == earlier.key

    third = program_anew(tmp_path, *arguments)
    said = third.stdout + third.stderr
    assert "done before" in said
    assert "anew" not in said


def _assert_that_the_key_holds_the_keywords_that_astrodrizzle_was_given(cache_dir) -> None:
    """AstroDrizzle writes most of its parameters to its log."""
    (entry,) = cache_dir.glob("prepared/f160w-*")
    given = json.loads((entry / "identity.json").read_text())["options"]["astrodrizzle"]
    log = (entry / "prepare.log").read_text()
    logged = {name: set() for name in given}
    for name, value in re.findall(r"^\t(\w+) :\t(.*)$", log, re.MULTILINE):
        logged.get(name, set()).add(value)
    found = {name: values for name, values in logged.items() if values}
    assert len(found) > 12
    assert {name for name, values in found.items() if str(given[name]) not in values} == set()
