"""The figures of a report in Chromium: on a desk and on a phone, in both themes, whole and of too few people.

They are drawn from plain data, so nothing runs behind them.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.template.loader import render_to_string
from playwright.sync_api import Browser, sync_playwright

from coaching import plots as drawing
from coaching.outcomes import showing
from config.folders import CLONE
from tests import harvests

from .conftest import QUIET

pytestmark = pytest.mark.browser
SHEET = CLONE / "config" / "static" / "css" / "app.css"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Outcomes</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="{sheet}"></head>
<body><main class="main"><div class="wrap wide outcomes"><h1>{title}</h1>{body}</div></main></body></html>"""
CUT = """() => [...document.querySelectorAll("svg text")].filter((one) => {
  const box = one.getBoundingClientRect();
  return box.width && (box.left < 0 || box.right > innerWidth);
}).map((one) => one.textContent)"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=[*QUIET, "--allow-file-access-from-files"])
        yield found
        found.close()


def written(folder: Path, people: int) -> str:
    """The address of a page with the report of so many people."""
    report = showing.shown(harvests.report(people), least=5)
    body = render_to_string("coaching/office/outcomes/_report.html", {"drawn": drawing.of(report)})
    file = folder / "report.html"
    file.write_text(PAGE.format(sheet=SHEET.as_uri(), title=report.told.title, body=body))
    return file.as_uri()


@pytest.mark.parametrize("people", [26, 4])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_a_report_is_open_to_everybody_in_every_shape(
    chromium: Browser, tmp_path: Path, width: int, theme: Any, people: int
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
    page.goto(written(tmp_path, people))
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.evaluate(AXE_SCRIPT)
    found: dict[str, Any] = page.evaluate("() => axe.run(document, {preload: false, resultTypes: ['violations']})")
    page.screenshot(path=tmp_path / f"report-{people}-{theme}-{width}.png", full_page=True)

    assert [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]] == []
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    assert page.evaluate(CUT) == []
    page.close()
