"""``hstdriz-study cache``, and a study whose cache was damaged in between."""

from __future__ import annotations


def values(outcome):
    (record,) = outcome.records
    return {name: (metric.value, metric.err) for name, metric in record.metrics.items()}


def test_a_damaged_entry_is_made_anew_gives_the_same_numbers_and_a_study_takes_its_own_out(
    program, tmp_path
):
    cache_dir = tmp_path / "cache"
    arguments = (
        "point", "filter=f160w", "drizzle.final_scale=0.09", f"prepare.cache_dir={cache_dir}",
    )  # fmt: skip
    first = program(tmp_path / "one", *arguments)
    assert first.code == 0, first.stderr
    listed = program(tmp_path, "cache", "list", "--dir", str(cache_dir))
    stages = [line.split()[0] for line in listed.stdout.splitlines()[2:]]
    assert sorted(stages) == ["compared", "compared", "figures", "prepared", "regions", "synthetic"]
    assert " yes " not in listed.stdout

    damaged = min(cache_dir.glob("prepared/f160w-*/*_flt.fits"))
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    verified = program(tmp_path, "cache", "verify", "--dir", str(cache_dir))
    assert verified.code == 1
    assert f"{damaged.name} has another content" in verified.stdout

    second = program(tmp_path / "two", *arguments)
    assert second.code == 0, second.stderr
    assert f"{damaged.name} has another content; it is made anew" in second.stderr
    assert values(second) == values(first)
    assert program(tmp_path, "cache", "verify", "--dir", str(cache_dir)).code == 0

    pruning = ("cache", "prune", "--study", str(second.study_dir), "--dir", str(cache_dir))
    told = program(tmp_path, *pruning, "--dry-run")
    assert told.stdout.splitlines()[-1].startswith("6 entries, ")
    assert told.stdout.splitlines()[-1].endswith("would be removed")
    assert program(tmp_path, *pruning).stdout.splitlines()[-1].endswith("were removed")
    assert "all   0 " in program(tmp_path, "cache", "size", "--dir", str(cache_dir)).stdout


def test_a_cache_that_is_not_there_is_one_sentence(program, tmp_path):
    outcome = program(tmp_path, "cache", "list", "--dir", str(tmp_path / "none"))
    assert outcome.code == 2
    assert outcome.stderr.startswith("error: invalid value for '--dir'")
