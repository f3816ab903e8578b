"""Whether the store shows all of a study, told without MLflow."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.track import send_study, shows_all
from tests.study.track.sent_studies import ended_study

if TYPE_CHECKING:
    from types import SimpleNamespace

    from mlflow import MlflowClient


def test_a_study_is_shown_until_it_or_the_store_is_another(
    make_study: SimpleNamespace, sqlite_uri: str, client: MlflowClient
) -> None:
    study = ended_study(make_study, sqlite_uri)
    assert not shows_all(study, "FINISHED")
    send_study(study)
    assert shows_all(study, "FINISHED")
    assert not shows_all(study, "FAILED")

    choice = study.choice.read_text()
    study.choice.write_text(choice + "\n")
    assert not shows_all(study, "FINISHED")
    study.choice.write_text(choice)
    assert shows_all(study, "FINISHED")

    record = study.points()[0].record
    write_json(record, read_json(record) | {"warnings": ["made anew"]})
    assert not shows_all(study, "FINISHED")
    send_study(study)
    assert shows_all(study, "FINISHED")

    run_id = str(read_json(study.points()[0].tracked)["run_id"])
    client.delete_run(run_id)
    assert not shows_all(study, "FINISHED")
    client.restore_run(run_id)
    assert shows_all(study, "FINISHED")
    store = Path(sqlite_uri.removeprefix("sqlite:///"))
    kept = store.rename(store.with_name("elsewhere.db"))
    assert not shows_all(study, "FINISHED")
    kept.rename(store)


def test_a_study_that_is_not_there_is_not_shown(tmp_path: Path) -> None:
    assert not shows_all(StudyDirectory(tmp_path), "FINISHED")
