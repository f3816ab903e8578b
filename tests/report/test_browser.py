"""The report in a real browser, on a desktop and on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.report import ReportPaths


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_page_shows_without_errors_requests_or_sideways_scrolling(
    report: ReportPaths, chromium: Any, tmp_path: Path, width: int
) -> None:
    messages: list[str] = []
    requests: list[str] = []
    page = chromium.new_page(viewport={"width": width, "height": 844})
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(report.html.as_uri())
    page.screenshot(path=tmp_path / "page.png", full_page=True)
    broken = page.evaluate("[...document.images].filter(i => !i.naturalWidth).length")
    sideways = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert messages == []
    assert [url for url in requests if not url.startswith("data:")] == [report.html.as_uri()]
    assert broken == 0
    assert sideways <= width
    assert (tmp_path / "page.png").stat().st_size > 0
