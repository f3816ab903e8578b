"""MLflow's page of charts, as it is scrolled and looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hstdriz_study.study.track.close_pictures import SMALL_PX, close_key

if TYPE_CHECKING:
    from playwright.sync_api import Page

# The pictures that were sent once more, each with the text above it.
_CAPTIONED = """small_px => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [];
    while (walker.nextNode()) {
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        if (/f160w/.test(walker.currentNode.data))
            texts.push([range.getBoundingClientRect(), walker.currentNode]);
    }
    return [...document.images].filter(image => image.naturalWidth === small_px).map(image => {
        const box = image.getBoundingClientRect();
        const [place, node] = texts.find(([place, _]) =>
            Math.abs(place.bottom - box.top) < 20 && place.left >= box.left - 9
            && place.right <= box.right + 9 && place.width > 0) || [{}, null];
        const cut = node && node.parentElement.scrollWidth > node.parentElement.clientWidth + 1;
        return {
            caption: node ? node.data : "", top: box.top, right: box.right,
            whole: !cut || node.parentElement.clientWidth === 0,
        };
    });
}"""


def scroll_to(page: Page, title: str) -> None:
    """Turn the wheel over the charts until one is near, for only then it is drawn."""
    size = page.viewport_size
    assert size is not None
    page.mouse.move(0.7 * size["width"], 0.7 * size["height"])
    chart = page.get_by_text(title, exact=True).first
    for _ in range(40):
        if chart.is_visible():
            break
        page.mouse.wheel(0, 300)
        page.wait_for_timeout(500)
    chart.scroll_into_view_if_needed()


def first_row_of_close_pictures(page: Page) -> list[dict[str, Any]]:
    """Return the pictures of the first chart of the chosen and its rivals, from the left."""
    scroll_to(page, close_key("star_stamp"))
    page.wait_for_function(
        "px => [...document.images].filter(i => i.naturalWidth === px).length >= 3", arg=SMALL_PX
    )
    rows: dict[float, list[dict[str, Any]]] = {}
    for picture in page.evaluate(_CAPTIONED, SMALL_PX):
        rows.setdefault(picture["top"], []).append(picture)
    return next(iter(rows.values()))
