"""Documents and answers in memory: the same as in the store, and asked for once."""

from __future__ import annotations

import asyncio
import gc
import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

import pytest

from aggregator.errors import StoreError
from aggregator.model import Document, Format, Publication
from aggregator.web import Traffic, kept_page, repeats
from aggregator.web import documents as module
from aggregator.web import stored_changes as looking
from aggregator.web.documents import Documents
from aggregator.web.repeats import Repeats
from aggregator.web.stored_changes import Changes
from tests.support.nouns import NOON
from tests.support.shelf import Shelf, Watch, catalogue, document, item, site
from tests.support.waiting import until

TOKEN = "0123456789abcdef0123456789abcdef"


class Counting(Shelf):
    """Counts what it is asked, and is written to behind our back: what it holds is found by looking only."""

    def __init__(self, *found: Document) -> None:
        super().__init__(documents=list(found))
        self.asked: list[str] = []

    saves = 0  # type: ignore[assignment] # of this process: none

    async def commits(self) -> int:
        self.asked.append("commits")
        return await super().commits()

    async def document(self, publication_id: str, format: Format) -> Document | None:  # noqa: A002 # the port's word
        self.asked.append(f"{publication_id}.{format}")
        return await super().document(publication_id, format)

    async def document_etags(self, publication_ids: Collection[str]) -> Mapping[tuple[str, Format], str]:
        self.asked.append("etags")
        return await super().document_etags(publication_ids)


def held_of(shelf: Shelf) -> Documents:
    return Documents(shelf, Changes(shelf))


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks again."""
    monkeypatch.setattr(looking, "LOOK_AGAIN", 1e6)


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request looks."""
    monkeypatch.setattr(looking, "_LATE", 0)


@pytest.mark.usefixtures("never")
async def test_many_requests_ask_the_store_once():
    shelf = Counting(document("all", "atom"))
    held = held_of(shelf)
    for _ in range(50):
        assert await held.get("all", "atom") == shelf.documents[0]
    assert shelf.asked == ["commits", "all.atom"]


@pytest.mark.usefixtures("always")
async def test_what_another_process_rendered_is_served_once_the_store_is_looked_at():
    shelf = Counting(document("all", "atom"), document("all", "rss"))
    held = held_of(shelf)
    for _ in range(2):
        first, other = await held.get("all", "atom"), await held.get("all", "rss")
    shelf.documents[0] = document("all", "atom", b"<feed>anew</feed>")
    assert await held.get("all", "atom") == shelf.documents[0] != first
    assert await held.get("all", "rss") == other
    del shelf.documents[0]
    assert await held.get("all", "atom") is None


async def test_while_there_are_requests_a_timer_looks_and_no_request_does(monkeypatch: pytest.MonkeyPatch):
    shelf = Counting(document("all", "atom"))
    monkeypatch.setattr(looking, "LOOK_AGAIN", 0.02)
    monkeypatch.setattr(looking, "_LATE", 1_000)
    changes = Changes(shelf)
    held = Documents(shelf, changes)
    await held.get("all", "atom")
    shelf.documents[0] = document("all", "atom", b"<feed>anew</feed>")
    await until(lambda: held.peek("all", "atom") is None)  # asks nobody, and is dropped behind its back
    assert await held.get("all", "atom") == shelf.documents[0]
    shelf.asked.clear()
    await asyncio.sleep(0.2)
    assert shelf.asked.count("commits") <= 2  # nobody asks any more, so the timer has stopped


def test_a_loop_that_ends_while_its_threads_do_leaves_no_look_behind(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    class Slow(Counting):
        async def commits(self) -> int:
            if self.asked:
                await asyncio.sleep(10)
            return await super().commits()

    shelf = Slow(document("all", "atom"))
    monkeypatch.setattr(looking, "LOOK_AGAIN", 0.01)

    async def ask() -> None:
        held = held_of(shelf)
        await held.get("all", "atom")
        # asyncio.run cancels what there is, and goes round until its threads have ended: timers still fire.
        asyncio.get_running_loop().run_in_executor(None, time.sleep, 0.1)

    asyncio.run(ask())
    gc.collect()
    assert not [told.getMessage() for told in caplog.records if told.name == "asyncio"]


async def test_a_store_that_fails_while_the_timer_looks_is_asked_by_the_next_request(
    monkeypatch: pytest.MonkeyPatch,
):
    shelf = Counting(document("all", "atom"))
    monkeypatch.setattr(looking, "LOOK_AGAIN", 0.01)
    monkeypatch.setattr(looking, "_LATE", 1_000_000)
    held = held_of(shelf)
    await held.get("all", "atom")
    shelf.broken = True
    await until(lambda: held.peek("all", "atom") is None)
    with pytest.raises(StoreError):
        await held.get("all", "atom")
    shelf.broken = False
    assert await held.get("all", "atom") == shelf.documents[0]


@pytest.mark.usefixtures("never")
async def test_what_this_process_rendered_is_served_at_once():
    shelf = Shelf(documents=[document("all", "atom")])
    held = held_of(shelf)
    assert await held.get("all", "rss") is None
    await held.get("all", "atom")
    shelf.documents = [document("all", "atom", b"<feed>anew</feed>"), document("all", "rss")]
    assert await held.get("all", "atom") == shelf.documents[0]
    assert await held.get("all", "rss") == shelf.documents[1]


@pytest.mark.usefixtures("never")
async def test_memory_is_bounded_and_those_asked_for_longest_ago_make_room(monkeypatch: pytest.MonkeyPatch):
    names = [f"p{number}" for number in range(5)]
    found = [replace(document(name, "atom"), body=b"x" * 1000, gzip=b"", br=b"") for name in names]
    shelf = Counting(*found)
    held = held_of(shelf)
    monkeypatch.setattr(module, "MOST_BYTES", 3500)
    for name in [*names[:3], "p0", *names[3:]]:
        await held.get(name, "atom")
    shelf.asked.clear()
    for name in ("p0", "p3", "p4", "p1"):
        await held.get(name, "atom")
    assert shelf.asked == ["p1.atom"]


async def test_a_database_that_does_not_answer_is_told_and_not_hidden_for_long():
    shelf = Shelf(documents=[document("all", "atom")])
    async with site(shelf) as client:
        assert (await client.get("/all.atom")).status_code == 200
        shelf.broken = True
        assert (await client.get("/all.atom")).status_code == 503
        shelf.broken = False
        assert (await client.get("/all.atom")).status_code == 200


@pytest.mark.usefixtures("never")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("coded", ["identity", "gzip", "gzip, br;q=0.1"])
async def test_an_answer_that_was_given_before_is_the_same_to_the_byte(method: str, coded: str):
    shelf = Counting(document("all", "atom"))
    async with site(shelf) as client:
        given = []
        for held in ({}, {"If-None-Match": shelf.documents[0].etag}, {"If-None-Match": '"x", "y"'}):
            for _ in range(3):
                fields = {"Accept-Encoding": coded} | held
                found = await client.request(method, "/all.atom", headers=fields)
                given.append((found.status_code, {**found.headers} | {"date": ""}, found.content))
    assert given[0] == given[1] == given[2] == given[6]
    assert given[3] == given[4] == given[5]
    assert [one[0] for one in given[::3]] == [200, 304, 200]
    assert bool(given[0][2]) is (method == "GET")
    assert given[0][1]["content-security-policy"]
    assert shelf.asked == ["commits", "all.atom"]


@pytest.mark.usefixtures("never")
async def test_what_is_asked_again_with_other_fields_is_answered_for_these():
    shelf = Counting(document("all", "atom"))
    async with site(shelf) as client:
        for _ in range(2):
            plain = await client.get("/all.atom")
            coded = await client.get("/all.atom", headers={"Accept-Encoding": "gzip"})
            later = await client.get("/all.atom", headers={"If-Modified-Since": "Mon, 02 Mar 2026 12:00:00 GMT"})
            earlier = await client.get("/all.atom", headers={"If-Modified-Since": "Mon, 02 Feb 2026 12:00:00 GMT"})
            wrong = await client.post("/all.atom")
            assert "content-encoding" not in plain.headers
            assert coded.headers["content-encoding"] == "gzip"
            assert (later.status_code, earlier.status_code, wrong.status_code) == (304, 200, 405)


@pytest.mark.usefixtures("never")
async def test_a_token_that_an_edit_of_feeds_yaml_takes_away_opens_nothing_from_then_on():
    shelf = Counting(document("secret", "atom"), document("all", "atom"))
    open_ = catalogue(
        Publication(id="secret", title="Secret", tokens=(TOKEN,)), Publication(id="all", title="All")
    )
    now = [open_]
    async with site(shelf, open_, catalogue=lambda: now[0]) as client:
        for _ in range(3):
            assert (await client.get(f"/{TOKEN}/secret.atom")).status_code == 200
            assert (
                await client.get("/secret.atom", headers={"Authorization": f"Bearer {TOKEN}"})
            ).status_code == 200
            assert (await client.get("/secret.atom")).status_code == 404
            assert (await client.get(f"/{TOKEN[:-1]}0/secret.atom")).status_code == 404
        now[0] = catalogue(Publication(id="secret", title="Secret", tokens=(TOKEN[::-1],)))
        assert (await client.get(f"/{TOKEN}/secret.atom")).status_code == 404
        assert (await client.get("/secret.atom", headers={"Authorization": f"Bearer {TOKEN}"})).status_code == 404


async def test_answers_are_remembered_up_to_a_number_and_questions_up_to_a_length(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(repeats, "MOST", 3)
    shelf, found = Shelf(documents=[document("all", "atom")]), catalogue()
    held = held_of(shelf)
    memory = Repeats(held, lambda: found, Traffic())
    shown = await held.get("all", "atom")
    assert shown is not None

    def keep(tag: bytes) -> dict[str, object]:
        scope = {"method": "GET", "path": "/all.atom", "headers": [(b"if-none-match", tag)]}
        memory.keep(scope, [{"status": 200, "headers": []}, {"body": b""}], shown, found)
        return scope

    asked = [keep(b"%d" % number) for number in range(10)]
    assert 1 <= sum(memory.find(one) is not None for one in asked) <= 3
    assert memory.find(asked[-1]) is not None
    assert memory.find(keep(b"x" * 2_000)) is None


@pytest.mark.usefixtures("always")
async def test_nothing_is_held_of_documents_and_of_a_feeds_yaml_that_were_in_force_before():
    before, shelf, now = alive(), Shelf(documents=[document("all", "atom")]), [catalogue()]
    async with site(shelf, catalogue=lambda: now[0]) as client:
        etag = ""
        for edit in range(4):
            body = b"<feed>%d</feed>" % edit
            shelf.documents = [document("all", "atom", body), document("source/river", "atom", body)]
            now[0] = catalogue()
            for fields in ({"If-None-Match": etag}, {"If-None-Match": shelf.documents[0].etag}):
                for path in ("/", "/status", "/sources.opml", "/source/river.atom", "/all.atom"):
                    answer = await client.get(path, headers=fields)
                    assert answer.status_code in {200, 304}
                    etag = answer.headers.get("etag", "")
        assert (alive() - before)["Document"] == 2
        assert (alive() - before)["Catalogue"] <= 2, "a page may be kept with what it was made from"


@pytest.mark.usefixtures("never")
async def test_answers_go_with_the_documents_that_make_room_for_others(monkeypatch: pytest.MonkeyPatch):
    before, names = alive(), [f"p{number}" for number in range(12)]
    shelf = Shelf()
    monkeypatch.setattr(module, "MOST_BYTES", 1)
    async with site(shelf, catalogue(*(Publication(id=name, title=name) for name in names))) as client:
        for name in names:
            shelf.documents = [document(name, "atom")]
            assert (await client.get(f"/{name}.atom")).status_code == 200
        shelf.documents = []
        assert (alive() - before)["Document"] == 1


def alive() -> Counter[str]:
    """How many objects of each kind somebody holds."""
    gc.collect()
    return Counter(type(one).__name__ for one in gc.get_objects())


async def test_requests_that_are_answered_from_memory_are_counted_like_all_others():
    shelf = Shelf(documents=[document("all", "atom")])
    async with site(shelf) as client:
        for _ in range(5):
            await client.get("/all.atom")
        told = (await client.get("/metrics")).text
    assert 'aggregator_web_requests_total{status="2xx"} 5.0' in told


@pytest.mark.usefixtures("never")
async def test_pages_are_made_once_until_something_changes_and_tell_of_now(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kept_page, "_SHARE", 0)
    shelf, watch, made = Shelf(items=[item("a", NOON)]), Watch(), []
    latest = shelf.latest

    async def counting(*asked: object, **more: object) -> object:
        made.append(1)
        return await latest(*asked, **more)  # type: ignore[arg-type]

    shelf.latest = counting  # type: ignore[method-assign, assignment]
    async with site(shelf, clock=watch) as client:
        for _ in range(5):
            first = (await client.get("/")).text
        assert len(made) == 1
        assert "Today" in first
        shelf.items.append(item("b", NOON, title="Another"))
        assert "Another" in (await client.get("/")).text
        watch.moment = NOON.replace(day=NOON.day + 1)
        assert "Yesterday" in (await client.get("/")).text
        assert len(made) == 3
