"""Documents in memory: the same as in the store, and asked for once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import pytest

from aggregator.model import Document, Format
from aggregator.web import documents as module
from aggregator.web.documents import Documents
from tests.support.shelf import Shelf, document, site


class Counting(Shelf):
    """Counts what it is asked, and is written to behind our back."""

    def __init__(self, *found: Document) -> None:
        super().__init__(documents=list(found))
        self.asked: list[str] = []

    async def document(self, publication_id: str, format: Format) -> Document | None:  # noqa: A002 # the port's word
        self.asked.append(f"{publication_id}.{format}")
        return await super().document(publication_id, format)

    async def document_etags(self, publication_ids: Collection[str]) -> Mapping[tuple[str, Format], str]:
        self.asked.append("etags")
        return await super().document_etags(publication_ids)


async def test_many_requests_ask_the_store_once_and_now_and_then_for_tags(monkeypatch: pytest.MonkeyPatch):
    shelf = Counting(document("all", "atom"))
    held = Documents(shelf)
    monkeypatch.setattr(module, "LOOK_AGAIN", 1e9)
    held._looked_at = 1e18
    for _ in range(50):
        assert await held.get("all", "atom") == shelf.documents[0]
    assert shelf.asked == ["all.atom"]


async def test_what_another_process_rendered_is_served_once_the_tags_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
):
    shelf = Counting(document("all", "atom"), document("all", "rss"))
    held = Documents(shelf)
    monkeypatch.setattr(module, "LOOK_AGAIN", 0.0)
    first, other = await held.get("all", "atom"), await held.get("all", "rss")
    shelf.documents[0] = document("all", "atom", b"<feed>anew</feed>")
    assert await held.get("all", "atom") == shelf.documents[0] != first
    assert await held.get("all", "rss") == other
    assert shelf.asked.count("all.rss") == 1
    del shelf.documents[0]
    assert await held.get("all", "atom") is None


async def test_what_this_process_rendered_is_served_at_once(monkeypatch: pytest.MonkeyPatch):
    shelf = Counting(document("all", "atom"))
    held = Documents(shelf)
    monkeypatch.setattr(module, "LOOK_AGAIN", 1e9)
    assert await held.get("all", "rss") is None
    await held.get("all", "atom")
    shelf.documents = [document("all", "atom", b"<feed>anew</feed>"), document("all", "rss")]
    assert await held.get("all", "atom") == shelf.documents[0]
    assert await held.get("all", "rss") == shelf.documents[1]


async def test_memory_is_bounded_and_those_asked_for_longest_ago_make_room(monkeypatch: pytest.MonkeyPatch):
    names = [f"p{number}" for number in range(5)]
    found = [replace(document(name, "atom"), body=b"x" * 1000, gzip=b"", br=b"") for name in names]
    shelf = Counting(*found)
    held = Documents(shelf)
    monkeypatch.setattr(module, "MOST_BYTES", 3500)
    for name in [*names[:3], "p0", *names[3:]]:
        await held.get(name, "atom")
    shelf.asked.clear()
    for name in ("p0", "p3", "p4", "p1"):
        await held.get(name, "atom")
    assert [one for one in shelf.asked if one != "etags"] == ["p1.atom"]


async def test_a_database_that_does_not_answer_is_told_and_not_hidden_for_long(monkeypatch: pytest.MonkeyPatch):
    shelf = Counting(document("all", "atom"))
    monkeypatch.setattr(module, "LOOK_AGAIN", 0.0)
    async with site(shelf) as client:
        assert (await client.get("/all.atom")).status_code == 200
        shelf.broken = True
        assert (await client.get("/all.atom")).status_code == 503
        shelf.broken = False
        assert (await client.get("/all.atom")).status_code == 200


def test_a_shelf_answers_as_the_port_asks() -> None:
    shelf: Any = Shelf()
    assert shelf.saves == 0
