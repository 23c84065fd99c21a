"""A site without a feed becomes one: its page is read, each article once, with both of its dates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support.commands import Commands
from tests.support.installation import SETTINGS, Installation, item, rss
from tests.support.publisher import Publisher, publishing

MENU = '<nav><a href="/">Home</a> <a href="/news">News</a> <a href="/contact">Contact</a></nav>'
TEXT = (
    "The council of Port Selim met on Saturday and agreed to mend the old bridge before the winter storms arrive.",
    "The work will cost 420,000 dollars, a spokeswoman said, and the road will be closed on three nights in May.",
    "Shopkeepers on the southern bank had asked for the repair since a lorry damaged the eastern arch last year.",
)


def listing(*names: str) -> str:
    articles = "".join(
        f'<article><h2><a href="/news/2018/12/01/{name}">The bridge is mended, part {name}</a></h2>'
        f'<p>A short word on it. <a href="/news/2018/12/01/{name}">Read more</a></p></article>'
        for name in names
    )
    head = "<!doctype html><html lang=en><head><title>Town Hall News</title></head>"
    return f"{head}<body>{MENU}<main>{articles}</main></body></html>"


def article(name: str) -> str:
    body = "".join(f"<p>{text}</p>" for text in TEXT)
    return (
        f"<!doctype html><html lang=en><head><title>The bridge {name} | Town Hall</title></head><body>{MENU}"
        f"<main><h1>The bridge is mended, part {name}</h1>"
        "<p class=date>Dec 01, 2018 20:33 Asia/Tehran [Updated: Sep 21, 2019 22:26 Asia/Tehran]</p>"
        '<figure><img src="/bridge.jpg" alt="The old bridge"><figcaption>The old bridge</figcaption></figure>'
        f"{body}<p>Read More:</p><ul><li><a href='/news/2018/11/30/flood'>The flood of November</a></li></ul>"
        "</main><footer>© Town Hall</footer></body></html>"
    )


def put_up(publisher: Publisher, *names: str) -> str:
    for name in names:
        publisher.put(f"/news/2018/12/01/{name}", article(name), "text/html; charset=utf-8")
    return publisher.put("/news", listing(*names), "text/html; charset=utf-8")


def entries(here: Installation) -> list[dict[str, Any]]:
    here.command("publish", "--to", "out")
    found: list[dict[str, Any]] = json.loads((here.folder / "out" / "all.json").read_text())["items"]
    return found


def test_a_page_that_lists_articles_is_read_like_a_feed(tmp_path: Path):
    with publishing() as publisher:
        here = Commands.at(tmp_path, f"sources:\n  hall:\n    page: {put_up(publisher, 'one', 'two')}\n")
        here.command("poll", "--all")
        first, second = entries(here)
        put_up(publisher, "three", "one", "two")
        here.command("poll", "--all")
        again = entries(here)
        requests = [path for path, _ in publisher.requests if "2018" in path]

    assert {first["title"], second["title"]} == {
        "The bridge is mended, part one",
        "The bridge is mended, part two",
    }
    assert first["date_published"] == "2018-12-01T17:03:00Z"
    assert first["date_modified"] == "2019-09-21T17:56:00Z"
    assert all(text in first["content_html"] for text in TEXT)
    assert not any(word in first["content_html"] for word in ("Contact", "Read More", "flood", "Tehran"))
    assert first["image"].endswith("/bridge.jpg")
    assert len(again) == 3
    assert {one["id"] for one in (first, second)} < {one["id"] for one in again}
    assert sorted(requests) == [f"/news/2018/12/01/{name}" for name in ("one", "three", "two")]


def test_a_page_without_articles_says_what_the_editor_can_do(tmp_path: Path):
    with publishing() as publisher:
        url = publisher.put("/news", f"<!doctype html><title>Nothing</title>{MENU}", "text/html")
        here = Commands.at(tmp_path, f"sources:\n  hall:\n    page: {url}\n")
        here.command("poll", "--all", expect=None)
        row = here.status()["hall"]

    assert row["state"] == "error"
    assert "select" in row["error"]


def test_an_article_that_is_not_there_costs_only_itself(tmp_path: Path):
    with publishing() as publisher:
        url = put_up(publisher, "one", "two")
        del publisher.pages["/news/2018/12/01/two"]
        here = Commands.at(tmp_path, f"sources:\n  hall:\n    page: {url}\n")
        here.command("poll", "--all")
        here.command("poll", "--all")
        found = {one["title"]: one for one in entries(here)}
        assert len(publisher.asked("/news/2018/12/01/two")) == 1

    assert "content_html" in found["The bridge is mended, part one"]
    assert "The bridge is mended, part two" in found


def test_teasers_of_a_feed_get_the_text_of_their_articles(tmp_path: Path):
    with publishing() as publisher:
        put_up(publisher, "one")
        link = publisher.url("/news/2018/12/01/one")
        teaser = item(1, title="The bridge", text="The council met.").replace("https://river.example/1", link)
        feed = publisher.put("/feed", rss(teaser))
        here = Commands.at(tmp_path, f"sources:\n  hall:\n    url: {feed}\n    content: full\n", SETTINGS)
        here.command("poll", "--all")
        (first,) = entries(here)
        publisher.put("/feed", rss(teaser) + "<!-- another second -->")
        here.command("poll", "--all")
        (again,) = entries(here)
        assert len(publisher.asked("/news/2018/12/01/one")) == 1

    assert first["title"] == "The bridge"
    assert all(text in first["content_html"] for text in TEXT)
    assert again == first
