"""A sweep that is begun anew says where it was begun before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.json_files import write_json
from hstdriz_study.study.directory.formats import write_stored
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.run.twice import begun_before

if TYPE_CHECKING:
    from pathlib import Path

TYPED = ["study=mine", "drizzle.final_pixfrac=0.6,1.0"]


def _study(path: Path, n_finished: int, overrides: list[str]) -> StudyDirectory:
    study_dir = StudyDirectory(path)
    path.mkdir()
    write_stored(study_dir.description, {"overrides": overrides, "n_points": 2})
    for number in range(n_finished):
        point = study_dir.point(f"{number}")
        point.path.mkdir(parents=True)
        write_json(point.record, {"status": "FINISHED", "key": f"{number}"})
    return study_dir


def test_the_newest_study_of_the_same_sweep_is_named_with_the_command_that_goes_on(
    tmp_path: Path,
) -> None:
    _study(tmp_path / "1", 2, TYPED)
    newest = _study(tmp_path / "2", 1, TYPED[::-1])
    _study(tmp_path / "3", 1, ["study=other"])
    (tmp_path / "4").mkdir()
    (tmp_path / "4" / "study.json").write_text("cut o")
    told = begun_before(StudyDirectory(tmp_path / "5"), TYPED)
    assert told is not None
    assert "1 of 2 points finished" in told
    assert told.endswith(f"hstdriz-study {' '.join(TYPED)} hydra.sweep.dir={newest}")


def test_nothing_is_said_of_other_sweeps_or_of_the_study_itself(tmp_path: Path) -> None:
    study_dir = _study(tmp_path / "1", 1, TYPED)
    assert begun_before(study_dir, TYPED) is None
    assert begun_before(StudyDirectory(tmp_path / "2"), [*TYPED, "workers=1"]) is None
