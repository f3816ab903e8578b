"""A tracked study to the address that opens MLflow's pages on its points."""

from __future__ import annotations

import shlex
import sys
from urllib.parse import quote

from hstdriz_study.contracts.metric_table import FWHM
from hstdriz_study.study.track.payload import KIND_TAG, PARENT_TAG, POINT_KIND
from hstdriz_study.study.track.uri import SERVERS, artifact_location, sqlite_path, uri_family

SORT_METRIC = FWHM.name
# Charts, in the part of MLflow's pages that is not about language models.
CHART_PAGE = {"compareRunsMode": "CHART", "workflowType": "machine_learning"}


def points_filter(parent_run_id: str) -> str:
    """Return MLflow's search expression for the points of one study."""
    return f"tags.`{KIND_TAG}` = '{POINT_KIND}' and tags.`{PARENT_TAG}` = '{parent_run_id}'"


def metric_column(metric: str) -> str:
    """Return a metric as MLflow's runs table names its column."""
    return f"metrics.`{metric}`"


def comparison_link(
    tracking_uri: str,
    experiment_id: str,
    parent_run_id: str,
    port: int,
    sort_metric: str = SORT_METRIC,
) -> str:
    """Link that opens the charts of one study's points, flat and sorted.

    It needs nothing but the runs. `view_link` opens the page that is laid out
    for a drizzle study; this one works with any MLflow and any sort order.

    Parameters
    ----------
    tracking_uri : str
    experiment_id, parent_run_id : str
    port : int
        Port of the local MLflow UI; unused when `tracking_uri` is a server.
    sort_metric : str
        Points are listed from the smallest value up.
    """
    query = {
        "searchFilter": points_filter(parent_run_id),
        "orderByKey": metric_column(sort_metric),
        "orderByAsc": "true",
        **CHART_PAGE,
    }
    return f"{_runs_page(tracking_uri, experiment_id, port)}?{_encoded(query)}"


def view_id(parent_run_id: str, filter_name: str | None = None) -> str:
    """Return the identifier of a study's saved view, or of that of one of its filters."""
    return parent_run_id if filter_name is None else f"{parent_run_id}-{filter_name}"


def view_link(
    tracking_uri: str,
    experiment_id: str,
    parent_run_id: str,
    port: int,
    filter_name: str | None = None,
) -> str:
    """Link that opens the page laid out for a study (see `hstdriz_study.study.track.runs_view`).

    Parameters are those of `comparison_link`; with `filter_name`, the page of
    one filter of a study of several.
    """
    query = {"viewStateShareKey": view_id(parent_run_id, filter_name), **CHART_PAGE}
    return f"{_runs_page(tracking_uri, experiment_id, port)}?{_encoded(query)}"


def run_link(tracking_uri: str, experiment_id: str, run_id: str, port: int) -> str:
    """Link to the page of one run."""
    return f"{_server(tracking_uri, port)}/#/experiments/{experiment_id}/runs/{run_id}"


def ui_command(tracking_uri: str, port: int) -> str:
    """Shell command that opens MLflow's pages on a store.

    Returns
    -------
    str
        One line, to be typed from any directory.
    """
    if uri_family(tracking_uri) in SERVERS:
        return shlex.join([sys.executable, "-m", "webbrowser", tracking_uri])
    command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", tracking_uri]
    path = sqlite_path(tracking_uri)
    if path is not None:
        location = artifact_location(tracking_uri, path.parent)
        command += ["--artifacts-destination", str(location)]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    settings = "MLFLOW_DISABLE_TELEMETRY=true MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false"
    return f"{settings} {shlex.join(command)}"


def _server(tracking_uri: str, port: int) -> str:
    if uri_family(tracking_uri) in SERVERS:
        return tracking_uri.rstrip("/")
    return f"http://127.0.0.1:{port}"


def _runs_page(tracking_uri: str, experiment_id: str, port: int) -> str:
    return f"{_server(tracking_uri, port)}/#/experiments/{experiment_id}/runs"


def _encoded(query: dict[str, str]) -> str:
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
