"""The README's pictures, made from `aggregator demo` in a real browser: what `make pictures` runs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.installation import PROJECT

WIDTH: Final = 1000

Scheme = Literal["light", "dark"]


def main() -> None:
    """Play the demo, and make each picture while what it shows is going on."""
    folder = Path(sys.argv[1]) if sys.argv[1:] else PROJECT / "docs"
    with _demo() as lines, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        url, wanted = "", dict(PICTURES)
        for line in lines:
            found = re.match(r"The river: (\S+) ", line)
            url = found[1] if found else url
            for begin in [begin for begin in wanted if line.startswith(begin)]:
                wanted.pop(begin)(browser, url, folder)
            if not wanted:
                return


@contextmanager
def _demo() -> Iterator[IO[str]]:
    """What a demo tells, line by line; it ends with the block."""
    command = [sys.executable, "-m", "aggregator", "demo", "--speed", "2"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout
        finally:
            process.terminate()


def _make_river(browser: Browser, url: str, folder: Path) -> None:
    """The river by day and by night, and the page of the story that was copied and edited."""
    schemes: tuple[tuple[Scheme, str], ...] = (("light", "river.png"), ("dark", "river-dark.png"))
    for scheme, name in schemes:
        with _page(browser, url, scheme, 1080) as page:
            page.locator("summary.badge").first.click()
            page.mouse.move(0, 0)
            page.screenshot(path=folder / name)
    with _page(browser, url, "light", 1080) as page:
        page.goto(page.locator('a[href$="#said"]').first.evaluate("link => link.href"))
        page.evaluate("scrollTo(0, 0)")
        top, end = (page.locator(place).bounding_box() for place in ("#copies", "aside"))
        assert top
        assert end
        y, height = top["y"] - 24, end["y"] + end["height"] - top["y"] + 48
        page.screenshot(
            path=folder / "story.png",
            full_page=True,
            clip={"x": 0, "y": y, "width": WIDTH, "height": height},
        )


def _make_status(browser: Browser, url: str, folder: Path) -> None:
    with _page(browser, f"{url}status", "light", 760) as page:
        page.screenshot(path=folder / "status.png")


@contextmanager
def _page(browser: Browser, url: str, scheme: Scheme, height: int) -> Iterator[Page]:
    page = browser.new_page(color_scheme=scheme, viewport={"width": WIDTH, "height": height})
    try:
        page.goto(url)
        yield page
    finally:
        page.close()


PICTURES: Final[Mapping[str, Callable[[Browser, str, Path], None]]] = {
    "One paper writes in Arabic": _make_river,
    "While three of eight": _make_status,
}
"""With which line of the demo each picture can be made."""


if __name__ == "__main__":
    main()
