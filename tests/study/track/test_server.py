"""Studies and points through a real MLflow server, and without one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from hstdriz_study.errors import TrackingError
from hstdriz_study.json_files import read_json
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.track import (
    close_study,
    open_study,
    register_study,
    send_point,
    send_study,
)
from hstdriz_study.study.track.client import connect

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

pytestmark = pytest.mark.server


def tracking_of(study: SimpleNamespace) -> dict[str, str]:
    return dict(read_json(study.description)["tracking"])


def test_a_point_reaches_a_server_with_its_images_and_artifacts(
    make_study: SimpleNamespace, server: SimpleNamespace
) -> None:
    study = make_study.open(server.uri)
    run_id = send_point(study, make_study.point(study, 0, 0.065, 0.4, images=True))
    client = connect(server.uri)
    assert client.get_run(run_id).info.status == "FINISHED"
    assert len(client.list_artifacts(run_id, "images")) == 6
    assert "record.json" in {item.path for item in client.list_artifacts(run_id)}


def test_a_study_made_without_its_server_is_sent_once_when_the_server_is_there(
    make_study: SimpleNamespace,
    start_server: Callable[..., SimpleNamespace],
    free_port: Callable[[], int],
) -> None:
    port = free_port()
    uri = f"http://127.0.0.1:{port}"
    study = StudyDirectory(make_study.root / "away")
    started = time.monotonic()
    register_study(study, make_study.config(uri), name="away")
    with pytest.raises(TrackingError, match=r"hstdriz-study send STUDY_DIR"):
        open_study(study)
    points = make_study.points(study, 2)
    with pytest.raises(TrackingError, match="no run in the tracking store yet"):
        send_point(study, points[0])
    make_study.results(study)
    with pytest.raises(TrackingError):
        close_study(study, "FINISHED")
    assert time.monotonic() - started < 60
    assert not points[0].tracked.exists()

    server = start_server(port)
    report = send_study(study)
    assert (report.sent, report.already, report.failed) == (2, 0, 0)
    report = send_study(study)
    assert (report.sent, report.already, report.failed) == (0, 2, 0)
    client = connect(uri)
    parent = client.get_run(tracking_of(study)["parent_run_id"])
    assert parent.info.status == "FINISHED"
    assert parent.data.metrics["points/finished"] == 2

    late = make_study.point(study, 2, 0.08, 1.0)
    server.stop()
    with pytest.raises(TrackingError, match="cannot be used"):
        send_point(study, late)
    assert not late.tracked.exists()
    with pytest.raises(TrackingError):
        send_study(study)
