"""The pages in a real browser, Chromium from Debian."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.installation import PROJECT, Installation

pytestmark = pytest.mark.acceptance

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    program = shutil.which("chromium")
    assert program, "chromium is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Installation]:
    """A running installation with the example files."""
    shutil.copytree(PROJECT / "examples", tmp_path / "examples")
    feeds = (
        "sources:\n  iranpress: examples/iranpress.xml\n  planet: examples/planet.atom\n  gone: examples/no.xml\n"
    )
    installation = Installation.at(tmp_path, feeds)
    with installation.running():
        installation.wait_for("/all.json", "iranpress", "planet")
        yield installation


def test_the_river_leads_to_stories_and_feeds_and_breaks_no_policy(browser: Browser, ours: Installation):
    page = browser.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    # Pictures of the example articles are on hosts that do not exist.
    page.route(lambda url: not url.startswith(ours.url("/")), lambda route: route.fulfill(status=204))
    page.goto(ours.url("/"))
    feeds = page.locator('link[rel="alternate"]').evaluate_all("links => links.map(link => link.href)")
    assert ours.url("/all.atom") in feeds
    stories = page.locator('a[href*="story/"]')
    assert stories.count() > 0
    stories.first.click()
    assert "/story/" in page.url
    assert page.locator("h1").count() == 1
    assert problems == []
    page.close()


def test_the_status_page_shows_what_is_wrong(browser: Browser, ours: Installation):
    page = browser.new_page()
    page.goto(ours.url("/status"))
    row = page.locator("tr", has_text="gone")
    assert "no.xml" in row.inner_text()
    page.close()


def test_the_pages_fit_a_phone(browser: Browser, ours: Installation):
    page = browser.new_page(viewport={"width": 360, "height": 740})
    for path in ("/", "/status"):
        page.goto(ours.url(path))
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    page.close()
