"""The report in a real browser, on a desktop and on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hstdriz_study.report import ReportPaths

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_page_shows_without_errors_requests_or_sideways_scrolling(
    report: ReportPaths, tmp_path: Path, width: int
) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.is_file():
        pytest.skip(f"{CHROMIUM} is not installed")
    messages: list[str] = []
    requests: list[str] = []
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": width, "height": 844})
        page.on("console", lambda message: messages.append(message.text))
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(report.html.as_uri())
        page.screenshot(path=tmp_path / "page.png", full_page=True)
        broken = page.evaluate("[...document.images].filter(i => !i.naturalWidth).length")
        sideways = page.evaluate("document.documentElement.scrollWidth")
        browser.close()
    assert messages == []
    assert [url for url in requests if not url.startswith("data:")] == [report.html.as_uri()]
    assert broken == 0
    assert sideways <= width
    assert (tmp_path / "page.png").stat().st_size > 0
