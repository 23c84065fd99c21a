"""The README's pictures, made from `aggregator demo` in a real browser: what `make pictures` runs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tests.acceptance.test_browser import QUIET
from tests.support.installation import PROJECT

WIDTH: Final = 1040
SCENES: Final = {"While three of eight": "status", "That was the script": "river"}
"""With which line of the demo each picture can be made."""

Scheme = Literal["light", "dark"]


def main() -> None:
    """Play the demo, and make each picture when its scene is on."""
    folder = Path(sys.argv[1]) if sys.argv[1:] else PROJECT / "docs"
    with _demo() as lines, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        url = ""
        for line in lines:
            found = re.match(r"The river: (\S+) ", line)
            url = found[1] if found else url
            name = next((name for begin, name in SCENES.items() if line.startswith(begin)), "")
            if name:
                PICTURES[name](browser, url, folder)
            if name == "river":
                return


@contextmanager
def _demo() -> Iterator[IO[str]]:
    """What a demo tells, line by line; it ends with the block."""
    command = [sys.executable, "-m", "aggregator", "demo", "--speed", "3"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout
        finally:
            process.terminate()


def _make_status(browser: Browser, url: str, folder: Path) -> None:
    with _page(browser, f"{url}status", "light", 760) as page:
        page.screenshot(path=folder / "status.png")


def _make_river(browser: Browser, url: str, folder: Path) -> None:
    """The river by day and by night, and the story that was copied and edited."""
    schemes: tuple[Scheme, ...] = ("light", "dark")
    for scheme in schemes:
        with _page(browser, url, scheme, 900) as page:
            page.screenshot(path=folder / f"river{'-dark' if scheme == 'dark' else ''}.png")
    with _page(browser, f"{url}search?q=seal+ticket", "light", 900) as page:
        page.locator("a.badge").first.click()
        page.locator("#said").scroll_into_view_if_needed()
        page.screenshot(path=folder / "story.png", full_page=True)
    with _page(browser, f"{url}source/pictures?show=full", "light", 900) as page:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=folder / "pictures.png", full_page=True)


@contextmanager
def _page(browser: Browser, url: str, scheme: Scheme, height: int) -> Iterator[Page]:
    page = browser.new_page(color_scheme=scheme, viewport={"width": WIDTH, "height": height})
    try:
        page.goto(url)
        yield page
    finally:
        page.close()


PICTURES: Final[dict[str, Callable[[Browser, str, Path], None]]] = {"status": _make_status, "river": _make_river}


if __name__ == "__main__":
    main()
