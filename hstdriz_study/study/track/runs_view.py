"""A study to a saved view of MLflow's runs page, laid out for choosing a drizzle.

Without one the page shows the first ten runs only, one bar chart for each of
some thirty metrics, and the images last. The format is the one the page itself
writes for its *Views* menu: an experiment tag that holds a JSON envelope around
a deflated state. A page that cannot read it falls back to its own defaults.
"""

from __future__ import annotations

import base64
import json
import math
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hstdriz_study.contracts import ENTRIES, MetricEntry, Place, shown
from hstdriz_study.contracts.metric_table import FWHM, RMS_OVER_MEDIAN
from hstdriz_study.study.track.close_pictures import CLOSE_SECTION, N_CLOSE, close_key
from hstdriz_study.study.track.link import SORT_METRIC, metric_column, points_filter, view_id
from hstdriz_study.study.track.mlflow_parts import VIEW_TAG
from hstdriz_study.study.track.payload import ERR_SUFFIX, FILTER_TAG
from hstdriz_study.study.track.standings import RANK, VERDICT_TAG

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SCALE = "final_scale_arcsec"
PIXFRAC = "final_pixfrac"
# Columns of charts, and their height in pixels. The images are one wide table, a column a point:
# the page shows those of the first ten points in its list, the first one on the right. It makes the
# title of a chart of its axes' names, and cuts it where there are more columns.
SECTION_SHAPES = {"images": (1, 620), "trade-off": (1, 400)}
OTHER_SHAPE = (2, 330)
# The pictures of one kind stand in one chart, in rows: so many of the first ten points, and its
# height with one row and with each further one, pixels.
IN_A_ROW, MOST_PICTURES, ROW_HEIGHTS = 3, 10, (370, 230)
IMAGES = ("science_cutout", "star_stamp", "weight_map")


# The name of a run says what its parameters would say again.
IMAGE_CAPTION: dict[str, Any] = {"step": 0, "showRunParams": False}


@dataclass(frozen=True)
class SavedView:
    """One entry of the *Views* menu.

    Attributes
    ----------
    tag : str
        Key of the experiment's tag.
    value : str
        Its value.
    """

    tag: str
    value: str


def study_views(
    name: str,
    parent_run_id: str,
    created_ms: int,
    metric_names: Iterable[str] = (),
    filters: Sequence[str] = (),
    *,
    entries: Mapping[str, MetricEntry] = ENTRIES,
    order: str = SORT_METRIC,
) -> list[SavedView]:
    """Lay out the pages of one study's points.

    Parameters
    ----------
    name : str
        What the *Views* menu calls the study.
    parent_run_id : str
        Run of the study.
    created_ms : int
        Milliseconds since 1970.
    metric_names : iterable of str
        All metrics of the points.
    filters : sequence of str
        Filters of the points. The plane of scale and pixfrac means something
        for one filter only: a study of several has one page for all of them,
        without it, and one page for each.
    entries : mapping of str to `~hstdriz_study.contracts.MetricEntry`
        Of the metrics of the points.
    order : str
        Metric by which the points are listed, from the smallest value up.

    Returns
    -------
    list of `SavedView`
        The page of the whole study first.
    """
    columns = [entry.name for entry in shown(Place.MLFLOW, entries)]
    traded = shown(Place.TRADE_OFF, entries)
    names = sorted({*metric_names, *columns})
    whole = points_filter(parent_run_id)
    of_one = _layout(names, columns, _one_filter_charts(traded), 1)
    if len(filters) <= 1:
        return [_saved(view_id(parent_run_id), name, created_ms, _search(whole, order) | of_one)]
    parallel = _parallel(("filter", SCALE, PIXFRAC), traded)
    of_all = _layout(names, columns, [*map(_scatter, traded), parallel], len(filters))
    views = [_saved(view_id(parent_run_id), name, created_ms, _search(whole, order) | of_all)]
    for filter_name in filters:
        search = _search(f"{whole} and tags.`{FILTER_TAG}` = '{filter_name}'", order)
        identity = view_id(parent_run_id, filter_name)
        views.append(_saved(identity, f"{name} {filter_name}", created_ms, search | of_one))
    return views


def _saved(identity: str, name: str, created_ms: int, state: dict[str, Any]) -> SavedView:
    packed = base64.b64encode(zlib.compress(_json(state).encode(), 9)).decode()
    envelope = {
        "name": name,
        "createdAt": created_ms,
        "updatedAt": created_ms,
        "state": f"deflate;{packed}",
    }
    return SavedView(VIEW_TAG + identity, _json(envelope))


def _json(content: Any) -> str:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False)


def _search(expression: str, order: str) -> dict[str, Any]:
    return {
        "searchFilter": expression,
        "orderByKey": metric_column(order),
        "orderByAsc": True,
        "startTime": "ALL",
        "lifecycleFilter": "Active",
        "modelVersionFilter": "All Runs",
        "datasetsFilter": [],
    }


def _layout(
    names: Sequence[str],
    columns: Sequence[str],
    trade_off: Sequence[dict[str, Any]],
    n_filters: int,
) -> dict[str, Any]:
    sections = ["trade-off", CLOSE_SECTION, "images", *sorted({_section(name) for name in names})]
    bars = [_bar(name, deleted=name.endswith(ERR_SUFFIX)) for name in names]
    charts = [*trade_off, *_image_charts(), *bars, _no_chart_of(RANK)]
    return {
        "compareRunSections": [_section_card(name, n_filters) for name in sections],
        "compareRunCharts": charts,
        "selectedColumns": [
            f"tags.`{VERDICT_TAG}`",
            *(f"params.`{name}`" for name in ("filter", SCALE, PIXFRAC)),
            *(metric_column(name) for name in columns),
        ],
        "runsHiddenMode": "SHOW_ALL",
        "isAccordionReordered": True,
        "hideEmptyCharts": True,
        "autoRefreshEnabled": True,
    }


def _section(metric: str) -> str:
    return metric.rsplit("/", 1)[0] if "/" in metric else "other"


def _section_card(name: str, n_filters: int) -> dict[str, Any]:
    shapes = SECTION_SHAPES | {CLOSE_SECTION: (1, _close_height_px(n_filters))}
    columns, height_px = shapes.get(name, OTHER_SHAPE)
    # Timing is for the curious.
    return {
        "uuid": f"section-{name}",
        "name": name,
        "display": name != "time",
        "isReordered": True,
        "deleted": False,
        "isGenerated": True,
        "columns": columns,
        "cardHeight": height_px,
    }


def _close_height_px(n_filters: int) -> int:
    first, further = ROW_HEIGHTS
    n_rows = math.ceil(min(N_CLOSE * n_filters, MOST_PICTURES) / IN_A_ROW)
    return first + further * (n_rows - 1)


def _card(kind: str, name: str, section: str, **specific: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "uuid": f"{kind.lower()}-{name}",
        "metricSectionId": f"section-{section}",
        "runsCountToCompare": 100,
        "deleted": False,
        "isGenerated": False,
        "displayName": name,
        **specific,
    }


def _image_charts() -> list[dict[str, Any]]:
    # The cards of single images are marked as deleted: the page would add them.
    table = _card("IMAGE", "images", "images", imageKeys=list(IMAGES), **IMAGE_CAPTION)
    single = [
        _card("IMAGE", name, "images", imageKeys=[name], deleted=True, **IMAGE_CAPTION)
        for name in IMAGES
    ]
    close = [
        _card("IMAGE", close_key(name), CLOSE_SECTION, imageKeys=[close_key(name)], **IMAGE_CAPTION)
        for name in IMAGES
    ]
    return [*close, table, *single]


def _one_filter_charts(traded: Sequence[MetricEntry]) -> list[dict[str, Any]]:
    return [
        *map(_scatter, traded),
        *map(_contour, (FWHM, RMS_OVER_MEDIAN)),
        _parallel((SCALE, PIXFRAC), traded),
    ]


def _contour(entry: MetricEntry) -> dict[str, Any]:
    plane = {"xaxis": _axis("PARAM", SCALE), "yaxis": _axis("PARAM", PIXFRAC)}
    level = _axis("METRIC", entry.name)
    return _card("CONTOUR", entry.axis, "trade-off", **plane, zaxis=level)


def _scatter(entry: MetricEntry) -> dict[str, Any]:
    return _card(
        "SCATTER",
        f"{FWHM.phrase} against {entry.label}",
        "trade-off",
        xaxis=_axis("METRIC", FWHM.name),
        yaxis=_axis("METRIC", entry.name),
    )


def _parallel(params: Sequence[str], traded: Sequence[MetricEntry]) -> dict[str, Any]:
    return _card(
        "PARALLEL",
        "settings and what they give",
        "trade-off",
        selectedParams=list(params),
        selectedMetrics=[FWHM.name, *(entry.name for entry in traded)],
        showAllRuns=True,
    )


def _axis(kind: str, key: str) -> dict[str, str]:
    return {"type": kind, "key": key}


def _no_chart_of(metric: str) -> dict[str, Any]:
    return _bar(metric, deleted=True) | {"metricSectionId": "section-trade-off"}


def _bar(metric: str, *, deleted: bool) -> dict[str, Any]:
    # A chart marked as deleted keeps the page from adding one of its own.
    return _card(
        "BAR",
        metric.rsplit("/", 1)[-1],
        _section(metric),
        uuid=f"bar-{metric}",
        metricKey=metric,
        isGenerated=True,
        deleted=deleted,
    )
