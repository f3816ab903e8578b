"""MLflow's pages on a study, in headless Chromium, as a person would open them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from hstdriz_study.json_files import read_json
from hstdriz_study.study.track import close_study, send_point
from tests.study.track.charts_page import scroll_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import SimpleNamespace

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.server]

WAIT_MS = 90_000
POINTS = 13
RUN_NAMES = ".ag-pinned-left-cols-container a, .ag-center-cols-container a"
WIDTH_PX, HEIGHT_PX = 1900, 1500


@pytest.fixture(scope="module")
def study(
    study_maker: Callable[[Path], SimpleNamespace],
    server: SimpleNamespace,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, str]:
    """Send a study of twelve points and a failed one; return where it is tracked."""
    make_study = study_maker(tmp_path_factory.mktemp("browser"))
    directory = make_study.open(server.uri, "quickstart", "browser")
    runs = [send_point(directory, point) for point in make_study.grid(directory)]
    make_study.results(directory)
    close_study(directory)
    tracking = read_json(directory.description)["tracking"]
    return {**tracking, "uri": server.uri, "runs": json.dumps(runs[:-1])}


@pytest.fixture(scope="module")
def two_filters(
    study_maker: Callable[[Path], SimpleNamespace],
    server: SimpleNamespace,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, str]:
    """Send a study of two filters; return the links to its filters."""
    make_study = study_maker(tmp_path_factory.mktemp("two"))
    directory = make_study.open(server.uri, "two filters", "browser")
    grid = [
        (name, s, p) for name in ("f814w", "f160w") for s in (0.04, 0.05) for p in (0.4, 0.7, 1)
    ]
    for number, (name, scale, pixfrac) in enumerate(grid):
        send_point(directory, make_study.point(directory, number, scale, pixfrac, filter_name=name))
    close_study(directory)
    return dict(read_json(directory.description)["tracking"]["filter_links"])


@pytest.fixture
def page(chromium: SimpleNamespace, tmp_path: Path) -> Iterator[Page]:
    """Open a page as a first visitor; what it showed last is kept as ``page.png``."""
    context = chromium.new_context(viewport={"width": WIDTH_PX, "height": HEIGHT_PX})
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    yield page
    page.screenshot(path=tmp_path / "page.png")
    context.close()


def wait_for_points(page: Page) -> list[str]:
    """Wait until the list of runs is there and return its names from the top."""
    page.get_by_text(f"{POINTS} matching runs").wait_for()
    page.locator(RUN_NAMES).nth(POINTS - 1).wait_for()
    return [name for name in page.locator(RUN_NAMES).all_inner_texts() if "f160w" in name]


def wait_for_pictures(page: Page, number: int) -> None:
    """Wait until so many logged images are drawn."""
    page.wait_for_function(
        "number => [...document.images].filter("
        "image => image.src.includes('blob:') || image.src.includes('artifact'))"
        ".filter(image => image.naturalWidth >= 100).length >= number",
        arg=number,
    )


def test_the_plain_link_lists_the_points_flat_and_sharpest_first(
    study: dict[str, str], page: Page
) -> None:
    page.goto(study["plain_link"])
    names = wait_for_points(page)
    assert (names[0], names[-1]) == ("f160w 0.065″ pf 0.4", "f160w 0.05″ pf 0.1")


def test_the_view_opens_on_the_trade_off_with_the_chosen_point_first_and_the_images_below(
    study: dict[str, str], page: Page
) -> None:
    page.goto(study["link"])
    names = wait_for_points(page)
    assert names[:2] == ["★ f160w 0.065″ pf 0.7", "f160w 0.08″ pf 0.7"]
    page.get_by_text("psf/fwhm_arcsec vs. weight/rms_over_median").first.wait_for()
    page.locator(".scatterlayer .points path").first.wait_for()
    scroll_to(page, "Parallel Coordinates")
    page.locator(".parcoords").first.wait_for()
    page.locator(".contourlayer .contour").first.wait_for()
    scroll_to(page, "Image grid")
    for image in ("science_cutout", "star_stamp", "weight_map"):
        page.get_by_text(image, exact=True).first.wait_for()
    wait_for_pictures(page, 9)
    assert page.get_by_text("Error loading").count() == 0


def test_a_filter_of_a_study_of_two_has_its_own_page(
    two_filters: dict[str, str], page: Page
) -> None:
    page.goto(two_filters["f814w"])
    page.get_by_text("6 matching runs").wait_for()
    names = page.locator(RUN_NAMES).all_inner_texts()
    assert not [name for name in names if name.startswith("f160w")]
    page.mouse.move(WIDTH_PX / 3, HEIGHT_PX / 2)
    page.mouse.wheel(0, HEIGHT_PX / 2)
    page.locator(".contourlayer .contour").first.wait_for()


def test_the_table_of_the_view_holds_what_is_traded(study: dict[str, str], page: Page) -> None:
    page.goto(study["link"].replace("compareRunsMode=CHART", "compareRunsMode=TABLE"))
    wait_for_points(page)
    headers = page.locator(".ag-header-cell-text, .ag-header-cell").all_inner_texts()
    shown = " ".join(headers)
    for column in ("psf/fwhm_arcsec", "weight/rms_over_median", "noise/aperture_sigma"):
        assert column in shown


def test_the_compare_page_draws_parallel_coordinates_and_the_contour_of_fwhm(
    study: dict[str, str], page: Page
) -> None:
    experiments = quote(json.dumps([study["experiment_id"]]))
    page.goto(
        f"{study['uri']}/#/compare-runs?runs={quote(study['runs'])}&experiments={experiments}"
    )
    page.locator(".parcoords, .parcoords-line-layers").first.wait_for()
    page.get_by_role("tab", name="Contour Plot").click()
    page.get_by_text("choice/rank", exact=True).first.click()
    page.get_by_role("option", name="psf/fwhm_arcsec", exact=True).click()
    page.locator(".contourlayer .contour").first.wait_for()
    axes = " ".join(page.locator(".xtitle, .ytitle").all_text_contents())
    assert "final_pixfrac" in axes
    assert "final_scale_arcsec" in axes
    page.wait_for_function(
        "() => [...document.querySelectorAll('.cbaxis text')].some(t => t.textContent === '0.2')"
    )


def test_the_page_of_a_point_shows_settings_measurements_and_pictures(
    study: dict[str, str], page: Page
) -> None:
    run_id = json.loads(study["runs"])[0]
    page.goto(f"{study['uri']}/#/experiments/{study['experiment_id']}/runs/{run_id}")
    page.get_by_role("heading", name="f160w 0.065″ pf 0.4").first.wait_for()
    for name in ("psf/fwhm_arcsec_err", "final_scale_arcsec", "synthetic f160w", "quickstart"):
        page.get_by_text(name).first.wait_for()
    page.get_by_text("FWHM 0.1844 ± 0.0015 arcsec").wait_for()
    page.get_by_role("tab", name="Artifacts").click()
    page.get_by_text("record.json").first.wait_for()


def test_the_page_of_the_study_answers_first(study: dict[str, str], page: Page) -> None:
    page.goto(
        f"{study['uri']}/#/experiments/{study['experiment_id']}/runs/{study['parent_run_id']}"
    )
    page.get_by_text("f160w: 0.065″, pixfrac 0.7").first.wait_for()
    page.get_by_role("link", name="Compare the points side by side").wait_for()
    page.get_by_text("choice/f160w/final_pixfrac").wait_for()
