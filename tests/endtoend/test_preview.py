"""``hstdriz-study preview`` and ``predict.skip`` as a person would use them."""

import pytest

from hstdriz_study.json_files import read_json

pytestmark = pytest.mark.endtoend

GRID = ("filter=f160w", "drizzle.final_scale=0.06,native", "drizzle.final_pixfrac=0.1,0.8")


@pytest.mark.parametrize("exposures", ["raw", "prepared"])
def test_preview_prints_every_point_draws_a_map_and_starts_nothing(program, tmp_path, exposures):
    outcome = program(tmp_path, "preview", *GRID, f"predict.exposures={exposures}")
    assert outcome.code == 0, outcome.stderr
    for word in ("0.0600", "0.1283", "RMS/median", "without data", "weight_preview_f160w.png"):
        assert word in outcome.stdout
    assert ("0.1 % of the pixels in 1000 s" in outcome.stdout) == (exposures == "raw")
    assert [path.name for path in tmp_path.iterdir()] == ["weight_preview_f160w.png"]


def test_preview_of_bad_input_is_one_sentence(program, tmp_path):
    for arguments in (
        ("drizzle.final_pixfrac=0.5,2",),
        ("drizzle.final_pixfrak=0.5,1",),
        ("dataset=local", f"dataset.path={tmp_path}/nowhere"),
        ("drizzle.final_wht_type=ERR",),
        ("predict.exposures=cooked",),
    ):
        outcome = program(tmp_path, "preview", "filter=f160w", *arguments)
        assert outcome.code == 2
        # the exposures may have to be simulated first, which is told
        (line,) = [x for x in outcome.said if not x.startswith("simulating")]
        assert line.startswith("error: ")
    assert not list(tmp_path.iterdir())


def test_hopeless_points_are_skipped_with_the_reason_and_the_study_succeeds(program, tmp_path):
    outcome = program(
        tmp_path, "--multirun", *GRID, "predict.skip=true", "predict.max_rms_over_median=0.3"
    )
    assert outcome.code == 0, outcome.stderr
    records = {(r.final_scale_asked, r.settings.final_pixfrac): r for r in outcome.records}
    assert records[0.06, 0.1].status == "SKIPPED"
    assert "predict.max_rms_over_median=0.3" in records[0.06, 0.1].error
    assert [records[key].status for key in records if key != (0.06, 0.1)] == ["FINISHED"] * 3
    assert "above predict.max_rms_over_median=0.3" in (outcome.study_dir / "report.md").read_text()
    (skipped,) = [n for n, r in enumerate(outcome.records) if r.status == "SKIPPED"]
    assert read_json(outcome.study_dir / f"points/{skipped}/tracked.json")["sent"]
    # the same study again, with the limit off, runs what was skipped
    again = program(tmp_path, "--multirun", *GRID, f"hydra.sweep.dir={outcome.study_dir}")
    assert again.code == 0, again.stderr
    assert [record.status for record in again.records] == ["FINISHED"] * 4
    skipped = next(r for r in again.records if r.settings.final_pixfrac == 0.1)
    assert skipped.metrics["weight/rms_over_median"].value > 0.3


def test_skipping_is_refused_for_a_kernel_that_cannot_be_predicted(program, tmp_path):
    outcome = program(
        tmp_path,
        "filter=f160w",
        "predict.skip=true",
        "drizzle.final_kernel=lanczos3",
        "drizzle.engine=astrodrizzle",
    )
    assert outcome.code == 2
    assert "predict.skip=false" in outcome.stderr
