"""Every page in a real browser, Chromium from Debian: at each width, in each scheme, with and without JavaScript.

axe (decision 0071) judges whether everybody can use a page. What it does not look at is asked here: that nothing
is scrolled sideways down to 320 pixels, that others are asked for nothing, and that our policy refuses nothing.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, Request, Route, sync_playwright

from aggregator.web.river import LARGEST
from tests.support.showcase import LONG_WORD, Showcase, showcase
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.acceptance

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE, ZOOMED = (1280, 800), (390, 844), (320, 256)
"""The last is what a desktop of 1280 pixels has left at 400 % (WCAG 2.2, 1.4.10)."""

PAGES = {
    "front": "/",
    "titles": "/?show=titles",
    "full": "/?show=full",
    "publication": "/rivers",
    "right to left": "/arabic?show=full",
    "source": "/source/harbour",
    "source, Hebrew": "/source/nahar?show=full",
    "tag": "/tag/a%2Fb",
    "search": "/search",
    "found": "/search?q=harbour",
    "found, narrowed": "/search?q=river+OR+barges&tag=news&lang=en&day=2026-03-01",
    "found, in full": "/search?q=barges&show=full",
    "nothing found": "/search?q=unheard-of",
    "nothing found, a long word": f"/search?q={LONG_WORD}&tag={LONG_WORD[:90]}",
    "a tag, a long word": f"/tag/{LONG_WORD[:90]}",
    "a source, a long word": "/source/echo",
    "older": "/?before=2026-03-01T10:00:00Z,0,",
    "the end": "/?before=2020-03-01T10:00:00Z,0,",
    "status": "/status",
    "status, page 2": "/status?page=2",
    "status, found": "/status?q=weather",
    "status, nothing found": "/status?q=unheard-of",
    "status, a long word": "/status?q=echo",
    "about": "/about",
    "about a host": "/about?host=quiet-1.example",
    "nothing here": "/nothing/here",
    "story": "story:All that a page must bear",
    "story, merged": "story:Old bridge",
    "story, revised": "story:Ferry runs",
    "story, Arabic": "story:ارتفع",
}
PICTURED = {
    "full",
    "right to left",
    "source, Hebrew",
    "found, in full",
    *(name for name in PAGES if "story" in name),
}
"""Those that show pictures of publishers, and nothing else of theirs."""

RULES: Final = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
LOOKS: Final = {"type": "rule", "values": ["color-contrast", "target-size", "scrollable-region-focusable"]}
"""What may be otherwise in another scheme or at another width."""
AXE: Final = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    program = shutil.which("chromium")
    assert program, "chromium is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET, timeout=PATIENCE * 1000)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def planet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Showcase]:
    """A site with everything that a page must bear."""
    with showcase(tmp_path_factory.mktemp("showcase")) as planet:
        yield planet


@pytest.fixture(scope="module")
def windows(browser: Browser, planet: Showcase) -> tuple[Window, ...]:
    """One with JavaScript, one without."""
    return tuple(Window(browser, planet, is_scripted=on) for on in (True, False))


class Window:
    """A window that notes what its pages ask for and complain of; pictures of others are drawn without asking."""

    def __init__(self, browser: Browser, planet: Showcase, *, is_scripted: bool) -> None:
        self.is_scripted = is_scripted
        self.asked: list[str] = []
        self.said: list[str] = []
        self.size = 0
        self.page = browser.new_page(java_script_enabled=is_scripted, reduced_motion="reduce")
        self.page.set_default_timeout(PATIENCE * 1000)
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.route(lambda url: not url.startswith(planet.url("/")), self._draw)
        self._planet = planet

    def open(self, path: str) -> Page:
        """Show a page of ours; what those before it did is forgotten."""
        self.asked.clear()
        self.said.clear()
        answer = self.page.goto(self._planet.url(find_path(self._planet, path)))
        self.size = len(answer.body()) if answer else 0
        return self.page

    def _draw(self, route: Route, request: Request) -> None:
        self.asked.append(f"{request.resource_type} {request.url}")
        route.fulfill(status=200, content_type="image/svg+xml", body=_DRAWING)


_DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="900"/>'


def find_path(planet: Showcase, page: str) -> str:
    """The path of a page; that of a story by how its title begins."""
    kind, _, title = page.partition(":")
    if kind != "story":
        return page
    return next(f"/story/{uid}" for name, uid in planet.uids.items() if name.startswith(title))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_every_screen_asks_nothing_of_others_and_everybody_can_use_it(
    windows: tuple[Window, ...], name: str
):
    for window in windows:
        page = window.open(PAGES[name])
        wrong = [one for size in (DESKTOP, PHONE, ZOOMED) for one in find_overflow(page, size)]
        if window.is_scripted:
            wrong += judge(page, "dark", LOOKS)
            resize(page, DESKTOP)
            wrong += judge(page, "light", RULES)
        wrong += [f"{window.size} bytes"] if window.size > LARGEST else []
        wrong += [one for one in window.asked if name not in PICTURED or not one.startswith("image http")]
        wrong += [one for one in window.said if "404" not in one or name != "nothing here"]
        assert wrong == [], f"JavaScript: {window.is_scripted}"


def resize(page: Page, size: tuple[int, int]) -> None:
    """Give the page's window that size."""
    page.set_viewport_size({"width": size[0], "height": size[1]})


def find_overflow(page: Page, size: tuple[int, int]) -> list[str]:
    """What of a page has to be scrolled sideways on a screen of that size."""
    resize(page, size)
    return [f"wider than {size[0]}: {one}" for one in page.evaluate(_OVERFLOW)]


_OVERFLOW = """() => {
  const root = document.documentElement, past = (one) => one.getBoundingClientRect().right > innerWidth + 1;
  if (root.scrollWidth <= innerWidth) return [];
  const found = [...document.querySelectorAll("body *")].filter((one) => past(one) && !one.closest("table, pre"));
  return ["the page", ...found.map((one) => one.outerHTML.slice(0, 120))];
}"""


def judge(page: Page, scheme: Any, rules: Mapping[str, Any]) -> list[str]:
    """What axe finds wrong with a page as it stands."""
    page.emulate_media(color_scheme=scheme)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", rules)
    return [
        f"{rule['id']} ({scheme}): {node['html'][:160]} {_explain(node)}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def _explain(node: dict[str, Any]) -> str:
    return json.dumps([check["message"] for check in (*node["any"], *node["all"], *node["none"])])[:300]


def test_what_can_be_opened_on_a_page_fits_every_screen_and_everybody_can_use_it(windows: tuple[Window, ...]):
    for window in windows:
        page = window.open("/source/edited?show=full") if window.is_scripted else window.open("/")
        for summary in page.locator("summary").all()[:12]:
            summary.click()
        assert page.locator("details[open]").count() > 2
        wrong = [one for size in (DESKTOP, PHONE, ZOOMED) for one in find_overflow(page, size)]
        wrong += judge(page, "dark", RULES) if window.is_scripted else []
        assert [*wrong, *window.said] == []


@pytest.mark.parametrize(
    ("path", "field", "found"),
    [
        ("/", "q", "/search?q=barges"),
        ("/source/harbour", "q", "/search?q=barges&source=harbour"),
        ("/search?q=locks", "q", "/search?q=barges&source=&tag=&lang=&day="),
        ("/status", "q", "/status?q=barges"),
        ("/about", "host", "/about?host=barges"),
    ],
)
def test_what_is_asked_for_is_found_with_and_without_javascript(
    windows: tuple[Window, ...], path: str, field: str, found: str
):
    for window in windows:
        page = window.open(path)
        page.fill(f"input[name={field}]", "barges")
        with page.expect_navigation():
            page.press(f"input[name={field}]", "Enter")
        assert page.url.endswith(found)
        assert window.said == []


def test_keys_go_from_story_to_story_open_one_search_and_tell_of_themselves(windows: tuple[Window, ...]):
    page = windows[0].open("/")
    stories = page.locator(".day article h3 a").evaluate_all("links => links.map(link => link.href)")
    focused = "document.activeElement.href"
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate(focused) == stories[1]
    assert page.locator("article.here h3 a").get_attribute("href") == stories[1]
    page.keyboard.press("?")
    assert page.locator("dialog").is_visible()
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    assert not page.locator("dialog").is_visible()
    assert page.evaluate(focused) == stories[1], "what is behind a dialog stays where it is"
    page.keyboard.press("/")
    page.keyboard.type("jk?")
    assert page.evaluate("document.activeElement.value") == "jk?"
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("o")
    assert page.url == stories[2]


@pytest.mark.parametrize("path", ["/", "/search?q=harbour", "/status", "/about", "story:Ferry runs"])
def test_with_the_tab_key_each_stop_is_seen_follows_the_one_before_and_can_be_skipped_to(
    windows: tuple[Window, ...], path: str
):
    page = windows[0].open(path)
    resize(page, ZOOMED)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate(_IS_SEEN)
    for _ in range(15):
        page.evaluate("window.before = document.activeElement")
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break  # that was all
        stop = page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
        assert page.evaluate(_IS_SEEN), stop
        is_next = "(one => one === before || before.compareDocumentPosition(one) & 4)(document.activeElement)"
        assert page.evaluate(is_next), stop  # a field for a day has three stops
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


_IS_SEEN = """() => {
  const one = document.activeElement, look = getComputedStyle(one), box = one.getBoundingClientRect();
  const at = document.elementFromPoint(box.left + Math.min(box.width, innerWidth) / 2, box.top + 6);
  const covered = at && !one.contains(at) && !at.contains(one) && !at.closest("label");
  return look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 1
    && box.bottom > 0 && box.top < innerHeight && !covered;
}"""


@pytest.mark.parametrize("path", ["/", "/?show=full", "story:ارتفع"])
def test_each_text_runs_in_the_direction_and_is_of_the_language_that_it_is_in(
    windows: tuple[Window, ...], path: str
):
    page = windows[1].open(path)
    texts = ":is(h1[lang], .what h3, .excerpt, .prose p)"
    found = page.locator(texts).evaluate_all(
        """texts => texts.map(text => [
            /[\\u0590-\\u06ff]/.test(text.textContent) ? "rtl" : "ltr",
            getComputedStyle(text).direction,
            {ar: "rtl", he: "rtl"}[text.closest("[lang]").lang] || "ltr",
        ].join())"""
    )
    assert "rtl,rtl,rtl" in found
    assert set(found) <= {"rtl,rtl,rtl", "ltr,ltr,ltr"}
