"""The thread that writes."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event

from aggregator.store.sqlite import SqliteStore, engines
from aggregator.store.sqlite.writer import GROUP, Writer
from tests.contract.stock import NOON
from tests.support.waiting import PATIENCE


class Bench:
    """A writer over a table of numbers, with its commits counted."""

    def __init__(self, engine: Engine) -> None:
        self.commits = 0
        self.engine = engine
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE numbers (n INTEGER PRIMARY KEY)")
        event.listen(engine, "commit", self._count)
        self.writer = Writer(engine)
        self._gate = threading.Event()

    def hold(self) -> Future[bool]:
        """Keep the writer busy until `release`, so that what comes now becomes one group."""
        return self.writer.submit(lambda _connection: self._gate.wait(PATIENCE))

    def release(self) -> None:
        self._gate.set()

    def numbers(self) -> list[int]:
        with self.engine.begin() as connection:
            return list(connection.exec_driver_sql("SELECT n FROM numbers ORDER BY n").scalars())

    def _count(self, _connection: Connection) -> None:
        self.commits += 1


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    engine = engines.connect(tmp_path / "bench.db", "write", size=2)
    bench = Bench(engine)
    yield bench
    bench.release()
    bench.writer.close()
    engine.dispose()


def insert(*numbers: int) -> Callable[[Connection], int]:
    """Work that inserts the numbers one by one."""

    def work(connection: Connection) -> int:
        for number in numbers:
            connection.exec_driver_sql(f"INSERT INTO numbers VALUES ({number})")
        return len(numbers)

    return work


def test_what_waits_together_shares_one_commit(bench: Bench) -> None:
    bench.hold()
    futures = [bench.writer.submit(insert(number)) for number in range(GROUP)]
    bench.release()
    assert [future.result(PATIENCE) for future in futures] == [1] * GROUP
    assert bench.numbers() == list(range(GROUP))
    assert bench.commits <= 3  # the one that held the writer, and what came before it was held


def test_more_than_a_group_is_written_in_several(bench: Bench) -> None:
    bench.hold()
    futures = [bench.writer.submit(insert(number)) for number in range(2 * GROUP + 1)]
    bench.release()
    assert sum(future.result(PATIENCE) for future in futures) == 2 * GROUP + 1
    assert bench.commits >= 3


def test_work_that_fails_takes_back_only_what_it_did_itself(bench: Bench) -> None:
    bench.hold()
    good, bad, better = (bench.writer.submit(insert(*numbers)) for numbers in [(1, 2), (3, 4, 1), (5,)])
    bench.release()
    assert (good.result(PATIENCE), better.result(PATIENCE)) == (2, 1)
    with pytest.raises(Exception, match="UNIQUE"):
        bad.result(PATIENCE)
    assert bench.numbers() == [1, 2, 5]


def test_work_that_fails_alone_leaves_nothing_and_the_writer_goes_on(bench: Bench) -> None:
    with pytest.raises(Exception, match="UNIQUE"):
        bench.writer.submit(insert(1, 1)).result(PATIENCE)
    assert bench.writer.submit(insert(1)).result(PATIENCE) == 1


def test_when_one_loses_the_whole_transaction_the_others_are_written_again(bench: Bench) -> None:
    def lose(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO numbers VALUES (99)")
        connection.exec_driver_sql("INSERT OR ROLLBACK INTO numbers VALUES (99)")  # as a full disk does

    bench.hold()
    before, lost, after = (bench.writer.submit(work) for work in (insert(1), lose, insert(2)))
    bench.release()
    assert (before.result(PATIENCE), after.result(PATIENCE)) == (1, 1)
    with pytest.raises(Exception, match="UNIQUE"):
        lost.result(PATIENCE)
    assert bench.numbers() == [1, 2]


def test_closing_writes_what_was_queued_before_it(bench: Bench) -> None:
    bench.hold()
    futures = [bench.writer.submit(insert(number)) for number in range(3 * GROUP)]
    bench.release()
    bench.writer.close()
    assert all(future.done() for future in futures)
    assert bench.numbers() == list(range(3 * GROUP))


def test_work_that_nobody_waits_for_any_more_is_not_begun(bench: Bench) -> None:
    bench.hold()
    unwanted, wanted = bench.writer.submit(insert(1)), bench.writer.submit(insert(2))
    assert unwanted.cancel()
    bench.release()
    wanted.result(PATIENCE)
    assert bench.numbers() == [2]


async def test_the_loop_goes_on_while_the_disk_is_waited_for(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.db")
    await store.open()
    gate = threading.Event()
    slow = asyncio.ensure_future(store._write(lambda _connection: gate.wait(PATIENCE)))
    waiting = asyncio.ensure_future(store.register({"river": NOON}, (), NOON))
    assert await store.states() == {}  # readers do not wait for the writer
    assert not slow.done()
    gate.set()
    await waiting
    assert list(await store.states()) == ["river"]
    assert await slow
    await store.close()


async def test_closing_the_store_finishes_what_was_begun(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.db")
    await store.open()
    begun = [asyncio.ensure_future(store.register({f"s{number}": NOON}, (), NOON)) for number in range(20)]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*begun)
    await store.open()
    assert len(await store.states()) == 20
    await store.close()


def test_what_may_not_stand_in_a_transaction_is_done_by_itself(bench: Bench) -> None:
    bench.hold()
    before = bench.writer.submit(insert(1))
    alone = bench.writer.submit_alone(lambda connection: connection.in_transaction)
    failing = bench.writer.submit_alone(lambda connection: connection.execute("NONSENSE"))
    after = bench.writer.submit(insert(2))
    bench.release()
    assert alone.result(PATIENCE) is False
    with pytest.raises(sqlite3.OperationalError, match="NONSENSE"):
        failing.result(PATIENCE)
    before.result(PATIENCE)
    after.result(PATIENCE)
    assert bench.numbers() == [1, 2]
