"""`tests/support/real.py`, the door for tools that replay histories from elsewhere, opens on what they rely on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support import real

DAY = 86_400
MARCH = 1_772_366_400
PAGE = b"""<!doctype html><html><head><title>Ferry runs again</title>
<meta property="article:published_time" content="2026-03-01T12:00:00+01:00"></head><body><article>
<h1>Ferry runs again</h1><p>The ferry between the two banks runs again after a week without it.</p>
<p>Its new engine was lifted in on Tuesday, and the first passengers were let on board before noon today.</p>
</article></body></html>"""


def feed(*items: dict[str, Any]) -> bytes:
    """A JSON feed of those items."""
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Ferry", "items": items}).encode()


def item(number: int, text: str, **more: Any) -> dict[str, Any]:
    """An item of a feed, with an address of its own."""
    link = f"https://ferry.example/{number}"
    return {"id": link, "url": link, "title": f"Ferry {number}", "content_text": text, **more}


async def test_a_history_is_stepped_through_and_told_as_tools_ask_for_it(tmp_path: Path) -> None:
    words = (
        "The ferry runs again after a week in which nobody could cross the river, its captain said on the quay."
    )
    installation = real.Installation(tmp_path / "run", ["north", "south"])
    async with installation.open():
        installation.serve("north", feed(item(1, words)), MARCH)
        installation.serve("south", feed(item(2, "Nothing of this.")), MARCH)
        assert await installation.poll(["north", "south"], MARCH) == {}
        installation.serve("north", feed(item(1, f"{words} It was full at once.")), MARCH + DAY)
        assert await installation.poll(["north", "south"], MARCH + DAY) == {}
        installation.serve("south", b"nonsense", MARCH + 2 * DAY)
        errors = await installation.poll(["south"], MARCH + 2 * DAY)
        assert list(errors) == ["south"]

        rows, names = installation.items(["north", "south"])
        assert [
            (row["source_id"], row["published"], row["updated"]) for row in sorted(rows, key=lambda r: r["url"])
        ] == [
            ("north", MARCH, MARCH + DAY),
            ("south", MARCH, MARCH),
        ]
        by_source = {row["source_id"]: row["uid"] for row in rows}
        assert names.find("north", {"id": "", "link": "http://www.ferry.example/1/#top"}) == {by_source["north"]}
        assert names.find("south", {"id": "https://ferry.example/1", "link": ""}) == set()
        assert {entry["url"] for entry in installation.published()} == {
            "https://ferry.example/1",
            "https://ferry.example/2",
        }
        assert installation.evidence() == ({}, {})
        rule, reason = await installation.verdict(*sorted(by_source.values()))
        assert rule == "unlike"
        assert reason


def test_an_articles_page_is_told_in_three_fields() -> None:
    found = real.article("https://ferry.example/again", PAGE)
    assert found["title"] == "Ferry runs again"
    assert "first passengers" in found["text"]
    assert found["published"] == {"2026-03-01"}


def test_a_page_without_an_article_is_refused_with_the_reason() -> None:
    assert list(real.article("https://ferry.example/", b"<html><body></body></html>")) == ["refused"]
