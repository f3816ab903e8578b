"""A tracked study to the address that opens MLflow's pages on its points."""

from __future__ import annotations

from urllib.parse import quote

from hstdriz_study.contracts.metric_table import FWHM
from hstdriz_study.study.track.payload import KIND_TAG, PARENT_TAG, POINT_KIND
from hstdriz_study.study.track.uri import SERVERS, uri_family

SORT_METRIC = FWHM.name
LOOPBACK = "127.0.0.1"
# Charts, in the part of MLflow's pages that is not about language models.
CHART_PAGE = {"compareRunsMode": "CHART", "workflowType": "machine_learning"}


def points_filter(parent_run_id: str) -> str:
    """Return MLflow's search expression for the points of one study."""
    return f"tags.`{KIND_TAG}` = '{POINT_KIND}' and tags.`{PARENT_TAG}` = '{parent_run_id}'"


def metric_column(metric: str) -> str:
    """Return a metric as MLflow's runs table names its column."""
    return f"metrics.`{metric}`"


def page_root(tracking_uri: str, port: int) -> str:
    """Return where MLflow's pages begin: at a server, or at a local one on a port."""
    if uri_family(tracking_uri) in SERVERS:
        return f"{tracking_uri.rstrip('/')}/"
    return f"http://{LOOPBACK}:{port}/"


def comparison_link(
    root: str, experiment_id: str, parent_run_id: str, sort_metric: str = SORT_METRIC
) -> str:
    """Link that opens the charts of one study's points, flat and sorted.

    It needs nothing but the runs. `view_link` opens the page that is laid out
    for a drizzle study; this one works with any MLflow and any sort order.

    Parameters
    ----------
    root : str
        Where MLflow's pages begin (`page_root`); empty for a link within them.
    experiment_id, parent_run_id : str
    sort_metric : str
        Points are listed from the smallest value up.
    """
    query = {
        "searchFilter": points_filter(parent_run_id),
        "orderByKey": metric_column(sort_metric),
        "orderByAsc": "true",
        **CHART_PAGE,
    }
    return f"{_runs_page(root, experiment_id)}?{_encoded(query)}"


def view_id(parent_run_id: str, filter_name: str | None = None) -> str:
    """Return the identifier of a study's saved view, or of that of one of its filters."""
    return parent_run_id if filter_name is None else f"{parent_run_id}-{filter_name}"


def view_link(
    root: str, experiment_id: str, parent_run_id: str, filter_name: str | None = None
) -> str:
    """Link that opens the page laid out for a study (see `hstdriz_study.study.track.runs_view`).

    Parameters are those of `comparison_link`; with `filter_name`, the page of
    one filter of a study of several.
    """
    query = {"viewStateShareKey": view_id(parent_run_id, filter_name), **CHART_PAGE}
    return f"{_runs_page(root, experiment_id)}?{_encoded(query)}"


def artifact_link(root: str, experiment_id: str, run_id: str, path: str) -> str:
    """Link that opens a file of a run, shown among its artifacts."""
    return f"{_runs_page(root, experiment_id)}/{run_id}/artifacts/{quote(path)}"


def _runs_page(root: str, experiment_id: str) -> str:
    return f"{root}#/experiments/{experiment_id}/runs"


def _encoded(query: dict[str, str]) -> str:
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
