"""Links, commands and saved views."""

from __future__ import annotations

import base64
import json
import zlib
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest

from hstdriz_study.study.track import comparison_link, page_root, server_command, view_link
from hstdriz_study.study.track.runs_view import study_views


def query_of(link: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(link).fragment.partition("?")[2], strict_parsing=True)


def state_of(value: str) -> dict[str, object]:
    packed = json.loads(value)["state"].removeprefix("deflate;")
    return json.loads(zlib.decompress(base64.b64decode(packed)))


def test_the_link_lists_the_points_of_one_study_sharpest_first() -> None:
    link = comparison_link(page_root("sqlite:////x/mlflow.db", 5001), "3", "abc")
    assert link.startswith("http://127.0.0.1:5001/#/experiments/3/runs?")
    query = query_of(link)
    assert query["searchFilter"] == [
        "tags.`study.kind` = 'point' and tags.`mlflow.parentRunId` = 'abc'"
    ]
    assert query["orderByKey"] == ["metrics.`psf/fwhm_arcsec`"]
    assert query["orderByAsc"] == ["true"]
    assert query["compareRunsMode"] == ["CHART"]


@pytest.mark.parametrize("uri", ["http://host:9/prefix", "http://host:9/prefix/"])
def test_links_of_a_server_lead_to_that_server(uri: str) -> None:
    link = view_link(page_root(uri, 5000), "3", "abc")
    assert link.startswith("http://host:9/prefix/#/experiments/3/runs?")


def test_the_view_searches_sorts_and_shows_all_points_of_its_study() -> None:
    (view,) = study_views("quickstart", "abc", 1, ["psf/fwhm_arcsec"])
    state = state_of(view.value)
    assert view.tag == "mlflow.sharedViewState.abc"
    assert "'abc'" in str(state["searchFilter"])
    assert state["orderByKey"] == "metrics.`psf/fwhm_arcsec`"
    assert state["runsHiddenMode"] == "SHOW_ALL"


def test_the_view_draws_values_and_not_their_uncertainties() -> None:
    state = state_of(study_views("q", "abc", 1, ["psf/x", "psf/x_err"])[0].value)
    bars = {
        card["metricKey"]: card["deleted"]
        for card in state["compareRunCharts"]
        if "metricKey" in card
    }
    assert bars["psf/x"] is False
    assert bars["psf/x_err"] is True


def test_every_chart_of_the_view_has_its_own_id_and_a_section_that_exists() -> None:
    state = state_of(study_views("q", "abc", 1, ["psf/x", "loose"])[0].value)
    ids = [card["uuid"] for card in state["compareRunCharts"]]
    sections = {section["uuid"] for section in state["compareRunSections"]}
    assert len(ids) == len(set(ids))
    assert {card["metricSectionId"] for card in state["compareRunCharts"]} <= sections


def test_the_view_of_hundreds_of_metrics_fits_into_an_experiment_tag() -> None:
    names = [f"group{n % 7}/metric_number_{n}" for n in range(300)]
    assert len(study_views("q", "a" * 32, 1, names)[0].value) < 20_000


def test_the_command_serves_the_store_on_this_machine_only() -> None:
    command = server_command("sqlite:////my runs/mlflow.db", 5001)
    given = dict(pairwise(command))
    assert given["--backend-store-uri"] == "sqlite:////my runs/mlflow.db"
    assert given["--artifacts-destination"] == "file:///my%20runs/mlartifacts"
    assert (given["--host"], given["--port"]) == ("127.0.0.1", "5001")


def test_a_study_of_two_filters_has_a_page_for_both_and_one_for_each() -> None:
    views = study_views("q", "abc", 1, [], ["f814w", "f160w"])
    assert [json.loads(view.value)["name"] for view in views] == ["q", "q f814w", "q f160w"]
    kinds = [[card["type"] for card in state_of(view.value)["compareRunCharts"]] for view in views]
    assert ["CONTOUR" in kind for kind in kinds] == [False, True, True]
    assert "tags.`study.filter` = 'f160w'" in state_of(views[2].value)["searchFilter"]
    assert view_link("http://h/", "3", "abc", "f160w").split("viewStateShareKey=")[1].split("&")[
        0
    ] == views[2].tag.removeprefix("mlflow.sharedViewState.")
