"""The report in a real browser, on a desktop, on a phone and on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hstdriz_study.study.report import ReportPaths

pytestmark = pytest.mark.browser
DRAGGED = ".interactive .nsewdrag"


@pytest.fixture(params=[1280, 390], ids=["desktop", "phone"])
def page(report: ReportPaths, chromium: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Open the report; whatever it says or asks for is kept, and must be nothing."""
    messages: list[str] = []
    requests: list[str] = []
    size = {"width": request.param, "height": 844}
    opened = chromium.new_page(viewport=size, has_touch=request.param < 500)
    opened.on("console", lambda message: messages.append(message.text))
    opened.on("pageerror", lambda error: messages.append(str(error)))
    opened.on("request", lambda sent: requests.append(sent.url))
    opened.set_default_timeout(10_000)
    opened.goto(report.html.as_uri())
    opened.wait_for_selector(DRAGGED, state="attached")
    yield opened
    opened.close()
    assert messages == []
    assert [url for url in requests if not url.startswith("data:")] == [report.html.as_uri()]


def _chosen(page: Any) -> tuple[float, float]:
    """Return where on the screen the chosen point of the first plot is."""
    plot = page.locator("#f160w .interactive").first
    plot.evaluate("plot => plot.scrollIntoView({block: 'center'})")
    ring = plot.locator(".scatterlayer .trace").last.locator(".points path")
    box = ring.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _press_chosen(page: Any) -> None:
    """Tap the chosen point with a finger where there is one, else click it."""
    if page.evaluate("'ontouchstart' in window"):
        page.touchscreen.tap(*_chosen(page))
    else:
        page.mouse.move(*_chosen(page), steps=3)
        page.locator("#f160w .hoverlayer .hovertext").first.wait_for()
        page.mouse.click(*_chosen(page))


def test_page_shows_without_broken_pictures_or_sideways_scrolling(page: Any) -> None:
    width = page.viewport_size["width"]
    page.wait_for_function("document.querySelectorAll('.interactive .main-svg').length > 20")
    broken = "[...document.images].filter(i => !i.hidden && !i.naturalWidth).length"
    assert page.evaluate(broken) == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = "[...document.querySelectorAll('.scroll')].filter(t => t.scrollWidth > t.clientWidth + 1)"
    assert page.evaluate(f"{cut}.map(t => t.textContent.slice(0, 40))") == []


def test_simulated_exposures_are_told_where_the_page_opens(page: Any) -> None:
    told = page.get_by_text("Exposures: simulated (seed 3), not HST data.", exact=True)
    box = told.bounding_box()
    assert box["y"] + box["height"] < page.viewport_size["height"] / 2
    assert told.is_visible()


def test_hover_tells_the_point(page: Any) -> None:
    page.mouse.move(*_chosen(page), steps=3)
    told = page.locator("#f160w .hoverlayer .hovertext").first
    told.wait_for()
    assert "pixfrac 0.6" in told.text_content()
    assert "0.2010 ± 0.0020" in told.text_content()


def test_click_shows_the_pictures_of_the_point_and_puts_it_into_the_comparison(page: Any) -> None:
    section = page.locator("#f160w")
    section.locator(".comparator select[name=b]").select_option(index=0)
    _press_chosen(page)
    key = "f160w-0.08-0.6"
    right = "document.querySelector('#f160w select[name=b]').value"
    page.wait_for_function(f"{right} == '{key}'", timeout=5000)
    assert section.locator(".clicked .label").text_content() == '0.08", pixfrac 0.6'
    for kind in ("star_stamp", "weight_map", "science_cutout"):
        shown = section.locator(f".clicked img[data-kind={kind}]").get_attribute("src")
        hung = section.locator(f".wall img[data-kind={kind}][data-key='{key}']")
        assert shown == hung.get_attribute("src")


def test_comparator_shows_the_two_points_and_the_kind_asked_for(page: Any) -> None:
    box = page.locator("#f160w .comparator")
    keys = ("f160w-0.065-0.2", "f160w-0.1283-1.0")
    for side, key in zip("ab", keys, strict=True):
        box.locator(f"select[name={side}]").select_option(key)
    box.locator("select[name=kind]").select_option("weight_map")
    for index, key in enumerate(keys):
        shown = box.locator("figure img").nth(index)
        hung = page.locator(f"#f160w .wall img[data-kind=weight_map][data-key='{key}']")
        assert shown.get_attribute("src") == hung.get_attribute("src")
    captions = box.locator("figcaption").all_text_contents()
    assert captions == ['0.065", pixfrac 0.2', '0.1283", pixfrac 1']


def test_blinking_pictures_lie_on_each_other_and_a_tap_switches_them(page: Any) -> None:
    box = page.locator("#f160w .comparator")
    box.locator("select[name=mode]").select_option("blink")
    left, right = (box.locator("figure").nth(index) for index in (0, 1))
    assert left.bounding_box() == right.bounding_box()
    pictures = box.locator(".pictures")
    pictures.click()  # stops the clock
    before = left.is_visible()
    assert right.is_visible() != before
    pictures.click()
    assert left.is_visible() != before
    assert right.is_visible() == before


def test_paper_has_the_static_figures_in_place_of_the_interactive_ones(page: Any) -> None:
    wall = page.locator("#f160w .wall img").first
    assert not wall.is_visible()
    page.emulate_media(media="print")
    wall.wait_for(state="visible")
    assert page.locator("#f160w .static img").first.is_visible()
    assert not page.locator("#f160w .interactive").first.is_visible()
    assert not page.locator("#f160w .comparator").is_visible()


def test_without_scripts_the_page_still_has_figures_and_pictures(
    report: ReportPaths, chromium: Any, tmp_path: Path
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(report.html.as_uri())
    assert opened.locator("#f160w .static img").first.is_visible()
    assert opened.locator("#f160w .wall img").first.is_visible()
    assert not opened.locator("#f160w .comparator").is_visible()
    opened.screenshot(path=tmp_path / "page.png")
    context.close()
