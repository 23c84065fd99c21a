"""Several processes on one database, one of which is killed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import Engine, select

from aggregator.store.postgresql import PostgresStore
from aggregator.store.sql.tables import items, publications, revisions
from tests.contract.stock import NOON
from tests.store.sqlite.hammer import SOURCES
from tests.store.sqlite.test_store_processes import hammer

HOURS = timedelta(hours=9)


async def test_polls_of_many_processes_are_written_once_and_whole_and_of_one_that_is_killed_too(
    url: str, tables: tuple[str, Engine]
) -> None:
    store = PostgresStore(url)
    await store.open()
    await store.register(dict.fromkeys(SOURCES, NOON), (), NOON)
    await store.find_outdated({"all": "d"}, NOON)
    workers = [hammer(url, name, rounds) for name, rounds in (("a", 12), ("b", 12), ("killed", 10_000))]
    killed = workers[-1]
    assert killed.stdout is not None
    first = [killed.stdout.readline() for _ in range(8)]
    killed.kill()
    said = [worker.communicate(timeout=300) for worker in workers]
    assert [(worker.returncode, errors) for worker, (_, errors) in zip(workers[:2], said, strict=False)] == [
        (0, "")
    ] * 2
    lines = [line.split() for text in (*first, *(out for out, _ in said)) for line in text.splitlines()]
    acknowledged = [line for line in lines if len(line) == 6]
    with tables[1].connect() as connection:
        stored = {row.uid: row.source_id for row in connection.execute(select(items.c.uid, items.c.source_id))}
        revised = set(connection.scalars(select(revisions.c.uid)))
        generation = connection.scalar(select(publications.c.generation))
    assert revised == stored.keys()
    assert len(acknowledged) == len({tuple(line) for line in acknowledged}) > 20
    for source_id, *uids in acknowledged:
        assert {stored.get(uid) for uid in uids} == {source_id}
    states, per_source = await store.states(), Counter(stored.values())
    assert {name: (5 * state.polls, state.items) for name, state in states.items()} == {
        name: (per_source[name], per_source[name]) for name in SOURCES
    }
    assert generation == 1 + sum(state.polls for state in states.values())
    left = await store.claim(SOURCES, NOON + HOURS, HOURS)
    assert len(left) == len(SOURCES), "what the killed one held comes back when its lease ends"
    await store.close()
