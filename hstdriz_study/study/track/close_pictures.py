"""The pictures of the chosen point and its rivals under names of their own, for their own charts.

MLflow's table of images has the first run of a list on the right, beyond the edge of most screens;
a chart of one name shows the runs alone that have a picture of it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from hstdriz_study.study.track.artifacts import staged
from hstdriz_study.study.track.image_grid import GRID_DIRECTORY, grid_images
from hstdriz_study.study.track.mlflow_parts import artifact_repository

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.study.directory.layout import PointDirectory

CLOSE_SECTION = "chosen and rivals"
_CLOSE = CLOSE_SECTION.replace(" ", "_")
N_CLOSE = 3
"""So many of the points that stand first in each filter are shown there."""
SMALL_PX = 192  # so that three of them stand side by side on a page of 1280 pixels


def close_key(name: str) -> str:
    """Return under which key a picture is sent once more."""
    return f"{_CLOSE}_{name}"


def show_close(
    client: MlflowClient, run_id: str, place: PointDirectory, record: PointRecord, *, close: bool
) -> None:
    """Send the pictures of a point that stands first once more; take away those of another."""
    run = client.get_run(run_id)
    repository = artifact_repository(run.info.artifact_uri, client.tracking_uri)
    if close:
        pictures = {close_key(name): path for name, path in record.images.items()}
        with staged(place.path, ()) as directory:
            ended_ms = int(place.record.stat().st_mtime * 1000)
            grid_images(place, pictures, directory, ended_ms, small_px=SMALL_PX)
            repository.log_artifacts(str(directory))
        return
    for sent in repository.list_artifacts(GRID_DIRECTORY):
        if sent.path.rpartition("/")[2].startswith(_CLOSE):
            with suppress(NotImplementedError):  # a few stores cannot
                repository.delete_artifacts(sent.path)
