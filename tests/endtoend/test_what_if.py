"""``hstdriz-study what-if`` against a real study of the exposures that are left."""

import numpy as np
import pytest
from astropy.table import QTable

pytestmark = pytest.mark.endtoend

GRID = (
    "--multirun", "filter=f160w", "drizzle.final_scale=0.08", "drizzle.final_pixfrac=0.4,0.8"
)  # fmt: skip
DROPPED = "isy16002q"


@pytest.fixture(scope="module")
def study(program, tmp_path_factory):
    return program(tmp_path_factory.mktemp("what_if"), *GRID)


def test_exposure_that_is_dropped_changes_weights_and_depth_as_foreseen(program, study, tmp_path):
    outcome = program(tmp_path, "what-if", str(study.study_dir), f"drop:{DROPPED}")
    assert outcome.code == 0, outcome.stderr
    truth = program(tmp_path, *GRID, f"dataset.exclude=[{DROPPED}_flt.fits]")
    assert truth.code == 0, truth.stderr
    table = QTable.read(study.study_dir / f"what_if/drop_{DROPPED}.ecsv")
    foreseen = table[table["case"] == f"without {DROPPED}_flt.fits"]
    assert list(foreseen["n_exposures"]) == [3, 3]
    for row, before, after in zip(foreseen, study.records, truth.records, strict=True):
        measured = after.metrics["weight/rms_over_median"].value
        assert row["rms_over_median"] == pytest.approx(measured, abs=0.004)
        first, second = (record.metrics["noise/depth_abmag"] for record in (before, after))
        # other stars and boxes are chosen: the errors are not paired
        error = np.hypot(first.err, second.err)
        assert row["depth_change"].value == pytest.approx(second.value - first.value, abs=2 * error)
        assert row["depth_change"].value < -error
    # three exposures at pixfrac 0.4 are too uneven, all four are not
    assert list(foreseen["admissible"]) == [False, True]
    assert list(table["admissible"][:2]) == [True, True]
    assert "RMS/median 0.25" in outcome.stdout


def test_one_exposure_more_is_placed_and_told(program, study):
    outcome = program(study.directory, "what-if", str(study.study_dir), "add:1")
    assert outcome.code == 0, outcome.stderr
    page = (study.study_dir / "what_if/add_1.md").read_text()
    for text in ("one more, dithered best", "one more where isy16001q_flt.fits was", "POS TARG"):
        assert text in outcome.stdout
        assert text in page
    assert "(+0.121)" in outcome.stdout
    assert "as foreseen and as measured differ by less than 0.01 %" in page


def test_report_tells_what_was_asked_for_until_another_point_is_chosen(program, tmp_path):
    outcome = program(tmp_path, *GRID, "report.what_if=[drop:1,add:1]")
    assert outcome.code == 0, outcome.stderr
    for page in ("report.html", "report.md"):
        text = (outcome.study_dir / page).read_text()
        for change in ("1 of 4 exposures dropped", "1 added to 4 exposures"):
            assert f"f160w, {change}: chosen 0.08" in text
        assert "one more, dithered best" in text
    stored = outcome.study_dir / "what_if/drop_1.json"
    stored.write_text(stored.read_text().replace('"chosen": "', '"chosen": "not-'))
    (outcome.study_dir / "study.json").write_text(
        (outcome.study_dir / "study.json").read_text().replace("drop:1", "add:1")
    )
    assert program(tmp_path, "report", str(outcome.study_dir)).code == 0
    text = (outcome.study_dir / "report.md").read_text()
    assert "4 exposures dropped" not in text
    assert "added to 4 exposures" in text


def test_what_is_asked_for_in_other_words_stops_the_study_before_it_begins(program, tmp_path):
    outcome = program(tmp_path, *GRID, "report.what_if=[less]")
    assert outcome.code == 2
    assert outcome.said[-1].startswith("error: what-if less: give drop:K")
    outcome = program(tmp_path, *GRID, "report.what_if=drop:1")
    assert outcome.code == 2
    assert outcome.said[-1].endswith("must be a list: KEY=[VALUE,VALUE]")


def test_what_cannot_be_is_one_sentence(program, study):
    outcome = program(study.directory, "what-if", str(study.study_dir), "drop:3")
    assert outcome.code == 2
    line = outcome.said[-1]
    assert line.startswith("error: f160w: what-if drop:3: 1 of 4 exposures would be left")
