"""Studies that have ended, and what a store must hold of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.json_files import read_json
from hstdriz_study.study.track.client import connect
from hstdriz_study.study.track.ticket import set_status

if TYPE_CHECKING:
    from types import SimpleNamespace

    from hstdriz_study.study.directory.layout import StudyDirectory


def ended_study(
    make_study: SimpleNamespace, uri: str, n_points: int = 3, name: str = "grid"
) -> StudyDirectory:
    """Make a study of which nothing has been sent yet."""
    study = make_study.unopened(uri, name)
    make_study.points(study, n_points)
    make_study.results(study)
    set_status(study, "FINISHED")
    return study


def is_there_once(study: StudyDirectory) -> bool:
    """Tell whether its store holds one parent that has ended, and each point once, complete."""
    ticket = read_json(study.description)["tracking"]
    client = connect(ticket["tracking_uri"])
    query = f"tags.`study.id` = '{ticket['study_id']}'"
    runs = client.search_runs([ticket["experiment_id"]], query)
    points = [run for run in runs if "study.key" in run.data.tags]
    keys = sorted(run.data.tags["study.key"] for run in points)
    return (
        keys == sorted(read_json(point.record)["key"] for point in study.points())
        and len(runs) == len(points) + 1
        and {run.info.status for run in runs} == {"FINISHED"}
        and all("psf/fwhm_arcsec" in run.data.metrics for run in points)
    )
