"""Every kind of hostile text arrives, again and again, while /healthz answers and the good source is published."""

from __future__ import annotations

import statistics
import time
from functools import partial
from pathlib import Path

import pytest

from tests.support.effort import worked
from tests.support.installation import Installation, rss
from tests.support.publisher import Publisher, publishing

pytestmark = pytest.mark.acceptance

MARKS = "a" + "\u0301\u0327" * 20_000
FILTERS = "[ { drop: { title: '^(a|aa)+$', text: '(x+x+)+y' } } ]"


def hostile() -> dict[str, str]:
    """Fields of one item, by what is hostile in it."""
    texts = {
        "boilerplate": "read more " * 22,
        "numbers": "1 1 1 " * 17_000,
        "marks": MARKS,
        "blanks": " \t" * 40_000 + "x",
        "filter": "x" * 50_000,
        "tags": "&lt;p&gt;" * 20_000,
        "addresses": "?a=1&amp;" * 20_000,
        "dots": "read more… " * 9_000 + "x",
    }
    found = {name: f"<description>{text}</description>" for name, text in texts.items()}
    found["title"] = f"<title>{'a' * 480}b</title>"
    found["marked title"] = f"<title>{MARKS}</title>"
    found["id"] = f"<guid>{'/' * 60_000}x</guid>"
    found["url"] = f"<link>https://hostile.example/{'/' * 2000}x</link>"
    found["date"] = f"<pubDate>{'1 Jan ' * 9000}</pubDate>"
    found["digits"] = f"<title>&amp;#{'9' * 6000};</title>"
    found["categories"] = "".join(f"<category>{' ' * 500}{n}</category>" for n in range(200))
    found["author"] = f"<author>{'a and ' * 9000}</author>"
    return found


def articles() -> dict[str, str]:
    """Pages of one article, by what is hostile in them."""
    texts = {
        "blanks": " \t\n" * 30_000 + "x",
        "byline": f"<span class=byline>By {'a and ' * 9000}</span>",
        "dateline": f"<p>{'1 Jan 2026 - ' * 9000}</p>",
        "depth": "<div>" * 20_000,
        "bodies": "<p>&lt;body&gt;</p>" * 10_000,
        "marks": f"<p>{MARKS}</p>",
        "lines": "<br>\n" * 20_000,
        "data": f"<script type=application/ld+json>{'[' * 50_000}</script>",
        "digits": f'<script type=application/ld+json>{{"@type": "Article", "wordCount": {"9" * 6000}}}</script>',
    }
    words = "<p>Water stands at the third mark, which is more than it was on any day of the year before.</p>" * 6
    title = f"Water{' -' * 500} stands | {'::' * 500}"
    head = f"<title>{title}</title></head><body><article><h1>Water stands high</h1>"
    return {name: f"<!doctype html><html><head>{head}{text}{words}</article>" for name, text in texts.items()}


def feed(fields: str, turn: int) -> str:
    """One hostile item that says something else at every turn, between two good ones."""
    good = "".join(f"<item><guid>g{n}-{turn}</guid><title>Good {n}</title></item>" for n in range(2))
    return rss(f"<item><title>Turn {turn}</title><category>t{turn}</category>{fields}</item>", good)


def asked(ours: Installation, pid: int, *, alone: bool) -> float:
    """Seconds that /healthz takes; on a machine that is not alone with us, no more than the service worked in."""
    begin, before = time.monotonic(), worked(pid)
    status, _, _ = ours.get("/healthz")
    assert status == 200
    took = time.monotonic() - begin
    return took if alone else min(took, worked(pid) - before)


def put(publisher: Publisher, turn: int) -> str:
    """Put the feeds of a turn up, at new addresses; the feeds.yaml for which a worker polls them at once."""
    bodies = {name.replace(" ", "-"): feed(fields, turn) for name, fields in hostile().items()}
    bodies["good"] = rss(f"<item><guid>n{turn}</guid><title>News of turn {turn}</title></item>")
    lines = [f"  {name}: {publisher.put(f'/{turn}/{name}', body)}\n" for name, body in bodies.items()]
    return f"defaults: {{ filter: {FILTERS} }}\nsources:\n{''.join((*lines, *pointing(publisher, turn)))}"


def pointing(publisher: Publisher, turn: int) -> list[str]:
    """Put up pages of articles; the lines of a page that lists them, and of a feed that does."""
    named = {name: f"/{turn}/news/water-stands-at-{name}-{turn}.html" for name in articles()}
    places = {name: publisher.put(named[name], page, "text/html") for name, page in articles().items()}
    links = "".join(
        f"<li><h3><a href='{url}'>Water stands at {name}</a></h3></li>" for name, url in places.items()
    )
    page = publisher.put(f"/{turn}/list", f"<!doctype html><title>News</title><ul>{links}</ul>", "text/html")
    entries = (f"<item><title>Water at {name}</title><link>{url}</link></item>" for name, url in places.items())
    full = publisher.put(f"/{turn}/full", rss(*entries))
    return [f"  list: {{ page: '{page}' }}\n", f"  full: {{ url: '{full}', content: full }}\n"]


@pytest.mark.parametrize("seconds", [5, pytest.param(600, marks=pytest.mark.trial)])
def test_health_answers_and_news_come_on_time_whatever_texts_arrive(seconds: float, tmp_path: Path):
    with publishing() as publisher:
        first = publisher.put("/good", rss("<item><guid>n0</guid><title>News of turn 0</title></item>"))
        ours = Installation.at(tmp_path, f"sources:\n  good: {first}\n")
        with ours.running(status=None) as process:
            ours.wait_for("/healthz")
            ask = partial(asked, ours, process.pid, alone=seconds > 100)
            idle = statistics.median(ask() for _ in range(20))
            waits: list[float] = []
            turn, until = 0, time.monotonic() + seconds
            while time.monotonic() < until:
                turn += 1
                (tmp_path / "feeds.yaml").write_text(put(publisher, turn))
                pause = time.monotonic() + 7
                while time.monotonic() < pause:
                    waits.append(ask())
                    time.sleep(0.05)
            ours.wait_for("/all.json", f"News of turn {turn}")
        status = ours.status()
    assert max(waits) < 1 + 50 * idle, f"worst {max(waits):.2f} s, idle {idle:.3f} s"
    assert status["good"]["state"] == "ok"
    pages = {status[name]["trouble"] for name in ("list", "full")}
    assert pages <= {None, "articles"}, status
    assert {row["trouble"] for name, row in status.items() if name not in {"list", "full"}} <= {None, "malformed"}
