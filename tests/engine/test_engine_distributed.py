"""What several workers share out: which of what is due one of them polls, and what it does without a queue."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
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
from tests.support.loopback import answer, serving
from tests.support.nouns import source
from tests.support.postgresql import tables  # noqa: F401 # a fixture
from tests.support.waiting import until

SOURCES = [source(id=f"s{number}", location=f"https://h{number}.example/feed") for number in range(20)]
SHARD = {one.id: shard_of(one) for one in SOURCES}


class Queue:
    """Notes what it is offered; serves nothing by itself."""

    def __init__(self) -> None:
        self.is_serving = True
        self.offered: list[tuple[int, ...]] = []
        self.failure: StoreError | None = None

    async def offer(self, shards: Sequence[int]) -> None:
        if self.failure is not None:
            raise self.failure
        self.offered.append(tuple(shards))

    async def serve(self, _: Any) -> None:
        raise self.failure or StoreError("over")


class Polls:
    """A poller whose sources are due until they were polled."""

    def __init__(self, *due: str, room: int = 100) -> None:
        self.catalogue: Any = SimpleNamespace(sources=SOURCES)
        self.due, self.room = list(due), room
        self.polled: list[str] = []
        self.without_queue = 0
        self.running: set[asyncio.Task[None]] = set()
        self.answer = asyncio.Event()

    async def take_due(self) -> int:
        self.without_queue += 1
        return 0

    async def find_due(self, most: int) -> tuple[str, ...]:
        return tuple(self.due[:most])

    async def start_due(self, among: Collection[str], most: int) -> tuple[asyncio.Task[Any], ...]:
        some = [name for name in self.due if name in among][: min(most, self.room - len(self.running))]
        self.due = [name for name in self.due if name not in some]
        self.polled += some
        tasks = tuple(asyncio.create_task(self._poll()) for _ in some)
        self.running.update(tasks)
        for task in tasks:
            task.add_done_callback(self.running.discard)
        return tasks

    async def _poll(self) -> None:
        await self.answer.wait()

    @property
    def is_full(self) -> bool:
        return len(self.running) >= self.room

    async def wait_for_room(self, seconds: float) -> None:
        await asyncio.wait(self.running, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)


def engine(polls: Polls, queue: Queue | None) -> Any:
    store: Any = SimpleNamespace(shard_queue=lambda: queue)
    made: Any = DistributedEngine(polls, None, store, None, chores=None, watch=object())  # type: ignore[arg-type]
    made._stop, made._shards, made._failing = asyncio.Event(), None, False
    made._wanted, made._started, made._turn = set(), {}, asyncio.Lock()
    return made


async def test_a_worker_on_postgresql_polls_what_the_queue_hands_it_and_stops_at_once(
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
                queue = store.shard_queue()
                assert queue is not None
                await until(lambda: queue.is_serving)
                await until(
                    lambda: bool(ask("SELECT count(*) FROM sources WHERE lease > 0 AND lease_owner IS NULL"))
                )
                ask("UPDATE sources SET next_poll_at = 0 RETURNING 1")
                await until(lambda: bool(ask("SELECT count(*) FROM pgqueuer_log WHERE status = 'successful'")))
                await until(lambda: not ask("SELECT count(*) FROM sources WHERE next_poll_at = 0"))
                stop.set()
                await asyncio.wait_for(running, 10)


def test_all_sources_of_a_host_are_in_one_shard_whatever_process_asks_and_others_are_spread():
    spread = {shard_of(source(location=f"https://host{n}.example/a")) for n in range(2000)}
    assert len(spread) > 0.99 * shards.SHARDS
    places = "https://www.lake.example/a", "http://lake.example:8080/b?c", "https://LAKE.example/"
    assert len({shard_of(source(location=place)) for place in places}) == 1
    assert shard_of(source(location="https://lake.example/a")) == 9
    files = {shard_of(source(kind="file", location=f"/srv/{n}.xml")) for n in range(99)}
    assert len(files) > 50, "files have no host to be asked politely"


def test_shards_are_told_once_each_and_in_the_order_of_what_is_due_longest():
    found = Shards(SimpleNamespace(sources=SOURCES))  # type: ignore[arg-type]
    names = ["s7", "s3", "nobody", "s7", "s1"]
    assert found.of(names) == tuple(dict.fromkeys(SHARD[name] for name in ("s7", "s3", "s1")))
    assert "s3" in found.members(SHARD["s3"])
    assert set(found.all) == set(SHARD.values())
    assert found.members(next(number for number in range(256) if number not in found.all)) == ()


async def test_a_tick_offers_the_shards_of_what_is_due_and_polls_nothing_itself():
    polls, queue = Polls("s5", "s2"), Queue()
    await engine(polls, queue).take()
    assert queue.offered == [(SHARD["s5"], SHARD["s2"])]
    assert (polls.polled, polls.without_queue) == ([], 0)
    polls.due = []
    await engine(polls, queue).take()
    assert len(queue.offered) == 1, "where nothing is due, nobody is woken"


async def test_where_more_is_due_than_is_looked_at_every_shard_is_offered(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(distributed, "LOOKED_FOR", 2)
    polls, queue = Polls("s5", "s5", "s2"), Queue()
    await engine(polls, queue).take()
    assert set(queue.offered[0]) == set(SHARD.values()), (
        "one host with very many sources keeps no other from its turn"
    )


async def test_while_the_queue_is_not_to_be_had_what_is_due_is_taken_without_it_and_that_is_told_once():
    polls, queue = Polls("s5"), Queue()
    ours = engine(polls, queue)
    queue.is_serving = False
    await ours.take()
    assert polls.without_queue == 1
    queue.is_serving, queue.failure = True, StoreError("the queue is gone")
    with capture_logs() as logs:
        for _ in range(3):
            await ours.take()
        queue.failure = None
        await ours.take()
        queue.failure = StoreError("again")
        await ours.take()
    assert polls.without_queue == 5
    assert [line["error"] for line in logs] == ["the queue is gone", "again"]


async def test_a_queue_that_fails_is_served_anew(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(distributed, "AGAIN", 0)
    queue = Queue()
    served: list[int] = []

    async def serve(_: Any) -> None:
        served.append(len(served))
        if len(served) > 2:
            raise asyncio.CancelledError
        raise StoreError("the server ended it")

    queue.serve = serve  # type: ignore[method-assign]
    with suppress(asyncio.CancelledError):
        await engine(Polls(), queue)._serve()
    assert len(served) == 3


async def test_of_a_shard_all_that_is_due_is_polled_and_nothing_else():
    polls = Polls("s5", "s2")
    polls.answer.set()
    await engine(polls, Queue())._poll_shard(SHARD["s5"])
    assert polls.polled == ["s5"]
    await engine(polls, Queue())._poll_shard(next(n for n in range(256) if n not in SHARD.values()))
    assert polls.polled == ["s5"]


async def test_who_has_no_room_polls_the_rest_of_a_shard_as_room_comes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shards, "SHARDS", 1)
    polls = Polls("s1", "s2", "s3", room=1)
    polls.answer.set()
    await engine(polls, Queue())._poll_shard(0)
    assert sorted(polls.polled) == ["s1", "s2", "s3"]


async def test_a_slow_server_keeps_a_shard_for_some_seconds_and_its_poll_goes_on(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(distributed, "LINGER", 0.05)
    polls = Polls("s5")
    await asyncio.wait_for(engine(polls, Queue())._poll_shard(SHARD["s5"]), 60)
    assert len(polls.running) == 1
    full = Polls("s5", room=0)
    full.running.add(*polls.running)
    await asyncio.wait_for(engine(full, Queue())._poll_shard(SHARD["s5"]), 60)
    assert full.due == ["s5"], "who has no room gives the shard back"


async def test_who_is_told_to_stop_begins_nothing_and_waits_for_nothing():
    polls = Polls("s5", "s2")
    ours = engine(polls, Queue())
    waiting = asyncio.create_task(ours._poll_shard(SHARD["s5"]))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    ours._stop.set()
    await asyncio.wait_for(waiting, 1)
    await ours._poll_shard(SHARD["s2"])
    assert polls.polled == ["s5"]


async def test_shards_that_are_handed_out_at_once_are_claimed_at_once():
    polls = Polls("s5", "s2", "s9")
    polls.answer.set()
    ours = engine(polls, Queue())
    claims: list[int] = []
    real = polls.start_due

    async def counted(among: Collection[str], most: int) -> tuple[asyncio.Task[Any], ...]:
        claims.append(len(among))
        await asyncio.sleep(0)
        return await real(among, most)

    polls.start_due = counted  # type: ignore[method-assign]
    await asyncio.gather(*(ours._poll_shard(SHARD[name]) for name in ("s5", "s2", "s9")))
    assert sorted(polls.polled) == ["s2", "s5", "s9"]
    assert claims == [1, 2], "while the first claims, the others wait, and are claimed together"


async def test_a_host_with_very_many_sources_hides_no_other_shard(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(distributed, "LOOKED_FOR", 1)
    polls = Polls("s5", "s2")
    polls.answer.set()
    await engine(polls, Queue())._poll_shard(SHARD["s2"])
    assert polls.polled == ["s2"]


async def test_a_shard_whose_sources_cannot_be_claimed_is_given_back_and_others_are_claimed_later():
    polls = Polls("s5", "s2")
    real, polls.start_due = polls.start_due, refused  # type: ignore[method-assign]
    ours = engine(polls, Queue())
    found = await asyncio.gather(
        ours._poll_shard(SHARD["s5"]), ours._poll_shard(SHARD["s2"]), return_exceptions=True
    )
    assert [type(one) for one in found] == [StoreError, StoreError]
    polls.start_due = real  # type: ignore[method-assign]
    polls.answer.set()
    await ours._poll_shard(SHARD["s2"])
    assert polls.polled == ["s2"]
    with pytest.raises(StoreError, match="no queue"):
        await engine(polls, None).take()


async def refused(*_: Any) -> Any:
    raise StoreError("the disk is full")
