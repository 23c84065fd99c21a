"""What several workers share out: which of what is due one of them polls, and what it does without a queue."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, text
from structlog.testing import capture_logs

from aggregator import app
from aggregator.engine import distributed, shards
from aggregator.engine.distributed import DistributedEngine
from aggregator.engine.shards import Shards, shard_of
from aggregator.errors import StoreError
from tests.support import postgresql
from tests.support.commands import Commands
from tests.support.installation import SETTINGS, item, rss
from tests.support.loopback import Asked, answer, serving
from tests.support.nouns import source
from tests.support.postgresql import tables  # noqa: F401 # a fixture
from tests.support.waiting import PATIENCE, until

SOURCES = [source(id=f"s{number}", location=f"https://h{number}.example/feed") for number in range(20)]
SHARD = {one.id: shard_of(one) for one in SOURCES}


class Queue:
    """Hands out what it is offered, to one at a time; notes what it is asked."""

    def __init__(self, *elsewhere: str) -> None:
        self.elsewhere = {SHARD[name] for name in elsewhere}
        """What another worker has."""
        self.offered: list[tuple[int, ...]] = []
        self.most: list[int] = []
        self.back: list[int] = []
        self.failure: StoreError | None = None
        self._waiting: dict[int, None] = {}
        self._handed: set[int] = set()

    async def trade(self, back: Collection[int], offered: Sequence[int], most: int) -> tuple[int, ...]:
        if self.failure is not None:
            raise self.failure
        assert {*back} <= self._handed
        self._handed -= {*back}
        self.back += back
        self.offered.append(tuple(offered))
        self.most.append(most)
        new = [shard for shard in offered if shard not in self._handed | self.elsewhere]
        self._waiting |= dict.fromkeys(new)
        handed = tuple(self._waiting)[:most]
        for shard in handed:
            del self._waiting[shard]
        self._handed.update(handed)
        return handed


class Polls:
    """A poller whose sources are due until they were polled, which takes for ever."""

    def __init__(self, *due: str, room: int = 100) -> None:
        self.catalogue: Any = SimpleNamespace(sources=SOURCES)
        self.due, self.room, self.edits = list(due), room, None
        self.polled: list[str] = []
        self.without_queue = 0

    async def find_due(self, most: int) -> tuple[str, ...]:
        return tuple(self.due[:most])

    async def take_due(self, among: Collection[str] | None = None) -> int:
        if among is None:
            self.without_queue += 1
            return 0
        some = [name for name in self.due if name in among][: self.room]
        self.due = [name for name in self.due if name not in some]
        self.polled += some
        self.room -= len(some)
        return len(some)


def engine(polls: Polls, queue: Queue | None) -> Any:
    store: Any = SimpleNamespace(shard_queue=lambda: queue)
    made: Any = DistributedEngine(polls, SimpleNamespace(), store, None, chores=None, watch=object())  # type: ignore[arg-type]
    made._known, made._held, made._again_at, made._failing = None, {}, 0.0, False
    return made


async def test_a_worker_on_postgresql_polls_what_the_queue_hands_it_and_gives_all_back_as_it_stops(
    tmp_path: Path,
    tables: tuple[str, Engine],  # noqa: F811 # the fixture
):
    url, database = tables
    postgresql.empty_tables(database)
    feed = answer(200, rss(item(1)).encode(), content_type="application/rss+xml")

    def ask(statement: str) -> Any:
        with database.begin() as connection:
            return connection.execute(text(statement)).scalar()

    async with serving({"/feed": feed}) as server:
        feeds = f"sources:\n  river: {server.url('/feed')}\n"
        ours = Commands.at(tmp_path, feeds, f"database: {url}\n{SETTINGS}")
        with ours.inside():
            application = app.load(tmp_path / "feeds.yaml")
            async with application.store() as store, application.engine(store) as one:
                assert isinstance(one, DistributedEngine)
                stop = asyncio.Event()
                running = asyncio.create_task(one.run(stop))
                await until(
                    lambda: bool(ask("SELECT count(*) FROM sources WHERE lease > 0 AND lease_owner IS NULL"))
                )
                ask("UPDATE sources SET next_poll_at = 0 RETURNING 1")
                await until(lambda: bool(ask("SELECT count(*) FROM pgqueuer WHERE status = 'picked'")))
                await until(lambda: not ask("SELECT count(*) FROM sources WHERE next_poll_at = 0"))
                stop.set()
                await asyncio.wait_for(running, PATIENCE)
                assert not ask("SELECT count(*) FROM pgqueuer")


async def test_what_a_worker_brings_that_was_frozen_past_its_lease_has_no_effect_once_another_has_polled(
    tmp_path: Path,
    tables: tuple[str, Engine],  # noqa: F811 # the fixture
):
    url, database = tables
    postgresql.empty_tables(database)
    asked, go_on = asyncio.Event(), asyncio.Event()

    def feed(title: str) -> bytes:
        return answer(200, rss(item(1, title=title)).encode(), content_type="application/rss+xml")

    async def held(_: Asked, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await go_on.wait()
        writer.write(feed("What stood there before"))

    async with serving({"/feed": held}) as server, AsyncExitStack() as life:
        feeds = f"sources:\n  river: {server.url('/feed')}\n"
        life.enter_context(Commands.at(tmp_path, feeds, f"database: {url}\n{SETTINGS}").inside())
        stores, pollers = [], []
        for _ in range(2):
            application = app.load(tmp_path / "feeds.yaml")
            stores.append(await life.enter_async_context(application.store()))
            reader = await life.enter_async_context(application.reader())
            pollers.append(await life.enter_async_context(application.poller(stores[-1], reader)))
        frozen = asyncio.create_task(pollers[0].poll(["river"]))
        await asked.wait()
        server.replies["/feed"] = feed("What stands there now")
        with database.begin() as connection:
            connection.execute(text("UPDATE sources SET leased_until = 1, next_poll_at = 1"))
        (polled,) = await pollers[1].poll_due()
        assert polled.kinds == {"new": 1}
        before = await stores[1].states(), await stores[1].latest(["river"], 9)
        go_on.set()
        (late,) = await frozen
        assert late.kinds == {"revised": 1}, "the poll went on to its end"
        assert (await stores[1].states(), await stores[1].latest(["river"], 9)) == before


def test_all_sources_of_a_host_are_in_one_shard_whatever_process_asks_and_others_are_spread():
    spread = {shard_of(source(location=f"https://host{n}.example/a")) for n in range(2000)}
    assert len(spread) > 0.99 * shards.SHARDS
    places = "https://www.lake.example/a", "http://lake.example:8080/b?c", "https://LAKE.example/"
    assert len({shard_of(source(location=place)) for place in places}) == 1
    assert shard_of(source(location="https://lake.example/a")) == 9
    files = {shard_of(source(kind="file", location=f"/srv/{n}.xml")) for n in range(99)}
    assert len(files) > 40, "files have no host to be asked politely"


def test_shards_are_told_once_each_and_in_the_order_of_what_is_due_longest():
    found = Shards(SimpleNamespace(sources=SOURCES))  # type: ignore[arg-type]
    names = ["s7", "s3", "nobody", "s7", "s1"]
    assert found.of(names) == tuple(dict.fromkeys(SHARD[name] for name in ("s7", "s3", "s1")))
    assert "s3" in found.members(SHARD["s3"])
    assert set(found.all) == set(SHARD.values())
    assert found.members(next(number for number in range(shards.SHARDS) if number not in found.all)) == ()


async def test_who_has_room_is_handed_the_shards_of_what_is_due_and_polls_it_at_once():
    polls, queue = Polls("s5", "s2"), Queue()
    ours = engine(polls, queue)
    assert await ours.take() is False
    assert queue.offered == [(SHARD["s5"], SHARD["s2"])]
    assert (polls.polled, polls.without_queue) == (["s5", "s2"], 0)
    polls.due = ["s2"]
    await ours.take()
    assert polls.polled == ["s5", "s2", "s2"]
    assert len(queue.offered) == 1, "what it has it need not ask for"
    polls.due = []
    await ours.take()
    assert len(queue.offered) == 1, "where nothing is due, nothing is asked"


async def test_what_another_worker_has_is_left_to_it():
    polls, queue = Polls("s5", "s2"), Queue("s5")
    assert await engine(polls, queue).take() is False
    assert (polls.polled, polls.due) == (["s2"], ["s5"])


async def test_no_more_shards_are_asked_for_than_there_is_room_for_what_is_due_in_them():
    names = [*{shard: name for name, shard in SHARD.items()}.values()][:12]
    polls, queue = Polls(*names, room=5), Queue()
    ours = engine(polls, queue)
    assert await ours.take() is True, "as room comes, there is more"
    assert queue.most == [5]
    assert len(polls.polled) == 5
    assert await ours.take() is True
    assert queue.most == [5], "who has no room asks for nothing"
    polls.room = 2
    await ours.take()
    assert queue.most == [5, 2]
    assert len(polls.polled) == 7


async def test_a_shard_is_anybody_s_again_after_some_seconds():
    polls, queue = Polls("s5"), Queue()
    ours = engine(polls, queue)
    await ours.take()
    await ours.take()
    assert queue.back == []
    ours._held = dict.fromkeys(ours._held, 0.0)
    await ours.take()
    assert queue.back == [SHARD["s5"]]
    polls.due = ["s5"]
    await ours.take()
    assert queue.offered == [(SHARD["s5"],), (), (SHARD["s5"],)]
    assert polls.polled == ["s5", "s5"]


async def test_a_shard_with_more_due_than_there_is_room_for_is_given_back_soon(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shards, "SHARDS", 1)
    polls, queue = Polls("s1", "s2", "s3", room=1), Queue()
    ours = engine(polls, queue)
    await ours.take()
    assert polls.polled == ["s1"]
    assert queue.back == []
    monkeypatch.setattr(distributed, "PATIENCE", -1.0)
    polls.room = 1
    await ours.take()
    assert polls.polled == ["s1", "s2"]
    assert queue.back == [0]
    assert ours._held == {}


async def test_a_host_with_very_many_sources_keeps_no_other_from_its_turn(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(distributed, "LOOKED_FOR", 2)
    monkeypatch.setattr(distributed.random, "sample", lambda some, _: some)
    polls, queue = Polls("s5", "s5", "s2"), Queue("s5")
    await engine(polls, queue).take()
    assert set(queue.offered[0]) == set(SHARD.values())
    assert polls.polled == ["s2"], "though all that was looked at is another worker's"


async def test_while_the_queue_is_not_to_be_had_what_is_due_is_taken_without_it_and_that_is_told_once(
    monkeypatch: pytest.MonkeyPatch,
):
    polls, queue = Polls("s5"), Queue()
    ours = engine(polls, queue)
    queue.failure = StoreError("the queue is gone")
    with capture_logs() as logs:
        for _ in range(3):
            await ours.take()
        assert polls.without_queue == 3
        queue.failure, ours._again_at = None, 0.0
        await ours.take()
        assert (polls.without_queue, polls.polled) == (3, ["s5"])
        queue.failure, polls.due = StoreError("again"), ["s2"]
        monkeypatch.setattr(distributed, "AGAIN", 0.0)
        for _ in range(3):
            await ours.take()
    assert polls.without_queue == 6
    assert [line["error"] for line in logs] == ["the queue is gone", "again"]


async def test_an_engine_of_several_needs_a_queue():
    with pytest.raises(StoreError, match="no queue"):
        await engine(Polls("s5"), None)._trade(["s5"])
