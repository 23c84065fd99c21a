"""A running installation in a real browser, Chromium from Debian; `test_browser_pages` has every page."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.support.installation import PROJECT, Installation, item, rss

pytestmark = pytest.mark.acceptance

PATIENCE = 300_000
"""Milliseconds that a browser may need for anything on a busy machine."""

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
PICTURES = """<p>Before.</p><p><img src="http://press.example/good.gif" alt="There" width="40" height="30"></p>
<p><img src="http://press.example/bad.gif" alt="A bridge at dawn" width="800" height="600"></p>
<figure><img src="http://press.example/worse.gif" alt="" width="800" height="600"><figcaption>What it was
</figcaption></figure><p><a href="https://press.example/"><img src="http://press.example/link.gif" alt=""></a></p>
<p>After.</p>"""
"""A text whose pictures are found at one address of four."""

WORD = "Donaudampfschifffahrtsgesellschaftskapitaen"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    program = shutil.which("chromium")
    assert program, "chromium is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET, timeout=PATIENCE)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page of its own."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    page.close()


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Installation]:
    """A running installation with the example files."""
    shutil.copytree(PROJECT / "examples", tmp_path / "examples")
    (tmp_path / "pictures.xml").write_text(rss(item(1, title="Pictures", text=escape(PICTURES))), encoding="utf-8")
    words = rss(item(2, title=WORD * 20, text="Long."), item(3, title=f"Short {WORD * 9}", text="Long."))
    (tmp_path / "words.xml").write_text(words, encoding="utf-8")
    feeds = (
        "sources:\n  iranpress: examples/iranpress.xml\n  planet: examples/planet.atom\n  gone: examples/no.xml\n"
        f"  pictures: pictures.xml\n  words:\n    url: words.xml\n    title: {WORD * 5}\n    tags: [{WORD}]\n"
    )
    installation = Installation.at(tmp_path, feeds)
    with installation.running():
        installation.wait_for("/all.json", "iranpress", "planet", "Pictures")
        yield installation


def test_the_river_leads_to_stories_and_feeds_and_breaks_no_policy(page: Page, ours: Installation):
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


def test_a_feed_that_is_opened_is_a_list_to_read(browser: Browser, ours: Installation):
    for form, width, scheme, paper in (
        ("atom", 1000, "light", "rgb(250, 246, 239)"),
        ("rss", 360, "dark", "rgb(25, 22, 19)"),
        ("atom", 360, "light", "rgb(250, 246, 239)"),
    ):
        problems: list[str] = []
        page = browser.new_page(viewport={"width": width, "height": 740}, color_scheme=scheme)  # type: ignore[arg-type]
        page.on("console", lambda message, told=problems: told.append(message.text))
        page.goto(ours.url(f"/all.{form}"), timeout=PATIENCE)
        shown = page.evaluate(
            """() => [...document.querySelectorAll("*")]
                .filter(one => !one.children.length && one.textContent.trim() && one.getClientRects().length)
                .map(one => one.localName)"""
        )
        note = page.evaluate("getComputedStyle(document.documentElement, '::before').content")
        assert note.startswith('"This is a feed.')
        # A text would be shown as the markup that it is.
        assert set(shown) == ({"title", "published"} if form == "atom" else {"title", "link", "source", "pubDate"})
        assert shown.count("title") > 5
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == paper
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert problems == []
        page.close()


def test_pictures_over_http_are_shown_and_those_that_do_not_come_leave_their_words(
    browser: Browser, ours: Installation
):
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if "good" in route.request.url:
            route.fulfill(body=PIXEL, content_type="image/gif")
        else:
            route.abort("connectionrefused")

    for site, scheme in ((ours.url("/"), "http"), ("https://planet.example/", "https")):
        problems: list[str] = []
        page = browser.new_page()
        page.on("console", lambda message, told=problems: told.append(message.text))
        page.route("https://planet.example/**", lambda route: pass_on(route, ours))
        page.route("**/*.gif", answer)
        page.goto(f"{site}source/pictures", timeout=PATIENCE)
        page.locator('a[href*="story/"]').first.click()
        page.locator(".missing").nth(1).wait_for()
        story = page.locator(".prose")
        assert story.inner_text().split("\n\n") == [
            "Before.",
            "A bridge at dawn",
            "What it was",
            "picture",
            "After.",
        ]
        assert story.locator("img").evaluate_all("found => found.map(one => one.naturalWidth)") == [1]
        assert story.bounding_box()["height"] < 500  # type: ignore[index] # no room is kept for what is not there
        assert {url.partition(":")[0] for url in asked} == {scheme}
        assert not [text for text in problems if "Content Security Policy" in text]
        page.close()
        asked.clear()

    plain = browser.new_page(java_script_enabled=False)
    plain.route("**/*.gif", answer)
    plain.goto(ours.url("/source/pictures?show=full"), timeout=PATIENCE)
    assert plain.locator(".prose img").count() == 4
    assert plain.locator(".prose").bounding_box()["height"] < 500  # type: ignore[index] # as above
    plain.close()


def pass_on(route: Route, ours: Installation) -> None:
    """Answer as our process does, as if a proxy with a certificate stood before it."""
    route.fulfill(response=route.fetch(url=route.request.url.replace("https://planet.example/", ours.url("/"))))
