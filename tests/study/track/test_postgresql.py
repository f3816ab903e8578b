"""A study in a real PostgreSQL database, in a private cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hstdriz_study.errors import TrackingError
from hstdriz_study.study.track import close_study, send_point, send_study
from hstdriz_study.study.track.client import connect

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

pytestmark = pytest.mark.postgresql


def test_a_study_is_tracked_in_postgresql(
    make_study: SimpleNamespace,
    new_database: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(make_study.root)
    postgresql_uri = new_database("tracked")
    study = make_study.open(postgresql_uri)
    points = [
        *make_study.points(study, 2),
        make_study.point(study, 2, 0.05, 0.1, error="no overlap"),
    ]
    runs = [send_point(study, point) for point in points]
    assert [send_point(study, point) for point in points] == runs
    make_study.results(study)
    close_study(study)
    assert send_study(study).already == 3
    client = connect(postgresql_uri)
    assert [client.get_run(run).info.status for run in runs] == ["FINISHED", "FINISHED", "FAILED"]
    assert (make_study.root / "mlartifacts").is_dir()
    assert not (make_study.root / "mlruns").exists()


def test_a_database_that_does_not_answer_is_a_sentence_in_seconds(
    make_study: SimpleNamespace, free_port: Callable[[], int]
) -> None:
    with pytest.raises(TrackingError, match="no database answers there"):
        make_study.open(f"postgresql://me@127.0.0.1:{free_port()}/runs")
