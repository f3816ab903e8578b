"""A study to a saved view of MLflow's runs page, laid out for choosing a drizzle.

Without one the page shows the first ten runs only, one bar chart for each of
some thirty metrics, and the images last. The format is the one the page itself
writes for its *Views* menu: an experiment tag that holds a JSON envelope around
a deflated state. A page that cannot read it falls back to its own defaults.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hstdriz_study.track.link import SORT_METRIC, metric_column, points_filter, view_id
from hstdriz_study.track.payload import ERR_SUFFIX, FILTER_TAG

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

VIEW_TAG = "mlflow.sharedViewState."
SCALE = "final_scale_arcsec"
PIXFRAC = "final_pixfrac"
FWHM = SORT_METRIC
RMS_OVER_MEDIAN = "weight/rms_over_median"
APERTURE_SIGMA = "noise/aperture_sigma"
DEPTH = "noise/depth_abmag"
TRADED = (FWHM, RMS_OVER_MEDIAN, APERTURE_SIGMA, "noise/correlation", DEPTH)
# Columns of charts, and their height in pixels. The images are one wide table,
# a column a point; the page shows those of the first ten points in its list.
SECTION_SHAPES = {"images": (1, 620), "trade-off": (2, 420)}
DEFAULT_SHAPE = (3, 330)
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

    Returns
    -------
    list of `SavedView`
        The page of the whole study first.
    """
    names = sorted(set(metric_names) | set(TRADED))
    whole = points_filter(parent_run_id)
    if len(filters) <= 1:
        layout = _layout(names, _one_filter_charts())
        return [_saved(view_id(parent_run_id), name, created_ms, _search(whole) | layout)]
    views = [
        _saved(
            view_id(parent_run_id),
            name,
            created_ms,
            _search(whole) | _layout(names, [_parallel(("filter", SCALE, PIXFRAC))]),
        )
    ]
    for filter_name in filters:
        search = _search(f"{whole} and tags.`{FILTER_TAG}` = '{filter_name}'")
        state = search | _layout(names, _one_filter_charts())
        identity = view_id(parent_run_id, filter_name)
        views.append(_saved(identity, f"{name} {filter_name}", created_ms, state))
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


def _search(expression: str) -> dict[str, Any]:
    return {
        "searchFilter": expression,
        "orderByKey": metric_column(SORT_METRIC),
        "orderByAsc": True,
        "startTime": "ALL",
        "lifecycleFilter": "Active",
        "modelVersionFilter": "All Runs",
        "datasetsFilter": [],
    }


def _layout(names: Sequence[str], trade_off: Sequence[dict[str, Any]]) -> dict[str, Any]:
    sections = ["images", "trade-off", *sorted({_section(name) for name in names})]
    bars = [_bar(name, deleted=name.endswith(ERR_SUFFIX)) for name in names]
    charts = [*_image_charts(), *trade_off, *bars]
    return {
        "compareRunSections": [_section_card(name) for name in sections],
        "compareRunCharts": charts,
        "selectedColumns": [
            "attributes.`Duration`",
            *(f"params.`{name}`" for name in ("filter", SCALE, PIXFRAC)),
            *(metric_column(name) for name in TRADED),
        ],
        "runsHiddenMode": "SHOW_ALL",
        "isAccordionReordered": True,
        "hideEmptyCharts": True,
        "autoRefreshEnabled": True,
    }


def _section(metric: str) -> str:
    return metric.rsplit("/", 1)[0] if "/" in metric else "other"


def _section_card(name: str) -> dict[str, Any]:
    columns, height_px = SECTION_SHAPES.get(name, DEFAULT_SHAPE)
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
    return [table, *single]


def _one_filter_charts() -> list[dict[str, Any]]:
    plane = {"xaxis": _axis("PARAM", SCALE), "yaxis": _axis("PARAM", PIXFRAC)}
    return [
        _card("CONTOUR", "FWHM (arcsec)", "trade-off", **plane, zaxis=_axis("METRIC", FWHM)),
        _card(
            "CONTOUR",
            "weight RMS / median",
            "trade-off",
            **plane,
            zaxis=_axis("METRIC", RMS_OVER_MEDIAN),
        ),
        _card(
            "SCATTER",
            "sharpness against noise",
            "trade-off",
            xaxis=_axis("METRIC", FWHM),
            yaxis=_axis("METRIC", APERTURE_SIGMA),
        ),
        _parallel((SCALE, PIXFRAC)),
    ]


def _parallel(params: Sequence[str]) -> dict[str, Any]:
    return _card(
        "PARALLEL",
        "settings and what they give",
        "trade-off",
        selectedParams=list(params),
        selectedMetrics=[FWHM, RMS_OVER_MEDIAN, APERTURE_SIGMA],
        showAllRuns=True,
    )


def _axis(kind: str, key: str) -> dict[str, str]:
    return {"type": kind, "key": key}


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
