"""Several who write at once: each of these would go wrong if one could rely on being alone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, bindparam, select, text, update

from aggregator.model import TallyKey, Update
from aggregator.store.postgresql import PostgresStore, session
from aggregator.store.sql import commits
from aggregator.store.sql.tables import sources
from tests.contract.stock import LEASE, MINUTE, NOON, change, claimed, item
from tests.support.waiting import PATIENCE, until

Two = tuple[PostgresStore, PostgresStore]


@pytest.fixture
def engine(tables: tuple[str, Engine], url: str) -> Engine:
    """Connections for whoever stands in the way; the database is empty."""
    assert url == tables[0]
    return tables[1]


async def waiting(engine: Engine, count: int = 1) -> None:
    """Until so many transactions wait for a lock."""
    asked = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        await until(lambda: connection.scalar(asked) >= count)


async def test_two_who_claim_at_once_never_get_one_source(two: Two) -> None:
    names = [f"s{number:03}" for number in range(120)]
    await two[0].register(dict.fromkeys(names, NOON), (), NOON)
    claims = await asyncio.gather(
        *(store.claim_due(NOON, LEASE, 5) for _ in range(15) for store in two),
        *(store.claim(names[:20], NOON, LEASE) for store in two),
    )
    found = [state.source_id for claim in claims for state in claim]
    assert len(found) == len(set(found))
    rest = [state.source_id for state in await two[1].claim_due(NOON, LEASE, 200)]
    assert sorted(found + rest) == names


async def test_a_poll_whose_source_is_being_taken_over_waits_and_then_writes_nothing(
    two: Two, engine: Engine
) -> None:
    store = two[0]
    state = await claimed(store)
    with engine.begin() as connection:
        connection.execute(update(sources).values(lease=sources.c.lease + 1))
        late = asyncio.create_task(store.commit(Update(state=state, changes=(change(item()),))))
        await waiting(engine)
    assert await late is False
    assert await store.item(item().uid) is None


async def test_what_was_written_under_a_lease_that_is_lost_meanwhile_is_taken_back(
    two: Two, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if nothing were locked: the number in the last statement alone sees to it."""
    store, other = two
    state = await claimed(store)
    monkeypatch.setattr(commits, "_source", select(sources).where(sources.c.id == bindparam("name")))
    plan = commits._plan

    def lose(*asked: Any) -> Any:
        engine = session.engines.connect(session.engines.address_of(url))
        with engine.begin() as connection:
            connection.execute(update(sources).values(lease=sources.c.lease + 1))
        return plan(*asked)

    monkeypatch.setattr(commits, "_plan", lose)
    assert await store.commit(Update(state=state, changes=(change(item()),), publications=("all",))) is False
    assert await other.item(item().uid) is None
    assert (await other.states())["river"].lease == state.lease + 1


async def test_a_source_whose_poll_is_being_written_is_claimed_by_nobody(two: Two, engine: Engine) -> None:
    await claimed(two[0])
    with engine.begin() as connection:
        connection.execute(commits._source, {"name": "river"}).all()
        assert await two[1].claim(["river"], NOON + LEASE, LEASE) == ()
        assert await two[1].claim_due(NOON + LEASE, LEASE, 5) == ()
    assert len(await two[1].claim(["river"], NOON + LEASE, LEASE)) == 1


async def test_one_new_item_that_two_write_at_once_is_one_row(two: Two) -> None:
    state = await claimed(two[0])
    found = [item(str(number)) for number in range(30)]
    poll = Update(state=replace(state, polls=1), changes=tuple(map(change, found)))
    assert await asyncio.gather(*(store.commit(poll) for _ in range(4) for store in two)) == [True] * 8
    assert len(await two[0].latest(["river"], 100)) == 30
    assert (await two[0].states())["river"].items == 30
    assert [len(await two[0].revisions(one.uid)) for one in found] == [1] * 30


async def test_of_two_sources_that_bring_one_public_id_at_once_one_gets_another(two: Two, engine: Engine) -> None:
    mine, theirs = item(public_id="https://x.example/"), item(source_id="lake", public_id="https://x.example/")
    ours, other = await claimed(two[0]), await claimed(two[0], "lake")
    with engine.begin() as connection:
        assert commits.commit(connection, Update(state=ours, changes=(change(mine),)))
        late = asyncio.create_task(two[1].commit(Update(state=other, changes=(change(theirs),))))
        await waiting(engine)
    assert await late
    names = {found.public_id for one in (mine, theirs) if (found := await two[0].item(one.uid)) is not None}
    assert names == {"https://x.example/", f"urn:uuid:{theirs.uid}"}


async def test_two_who_lock_each_other_out_are_both_done_in_the_end(two: Two) -> None:
    names = ["a", "b"]
    await two[0].register(dict.fromkeys(names, NOON), (), NOON)
    met, runs = threading.Barrier(2), []

    def crossing(order: list[str]) -> Callable[[Connection], None]:
        first = [True]

        def work(connection: Connection) -> None:
            runs.append(order)
            for name in order:
                raised = update(sources).where(sources.c.id == name)
                connection.execute(raised.values(item_count=sources.c.item_count + 1))
                if first[0]:
                    first[0] = False
                    met.wait(10)

        return work

    await asyncio.gather(two[0]._write(crossing(names)), two[1]._write(crossing(names[::-1])))
    assert len(runs) > 2, "one was refused"
    assert {state.items for state in (await two[0].states()).values()} == {2}


async def test_leases_are_renewed_while_all_that_is_to_be_written_waits(two: Two, engine: Engine) -> None:
    store, names = two[0], [f"s{number}" for number in range(6)]
    await store.register(dict.fromkeys(names, NOON), (), NOON)
    states = await store.claim(names, NOON, LEASE)
    with engine.begin() as connection:
        connection.execute(select(sources).where(sources.c.id != "s5").with_for_update())
        late = [asyncio.create_task(store.commit(Update(state=state))) for state in states[:5]]
        await waiting(engine, session.WRITERS)
        await asyncio.wait_for(store.renew(["s5"], NOON + LEASE, LEASE), PATIENCE)
        assert not any(task.done() for task in late)
    assert await asyncio.gather(*late) == [True] * 5
    assert await two[1].claim(["s5"], NOON + LEASE, LEASE) == ()


async def test_counts_that_many_raise_at_once_lose_nothing(two: Two) -> None:
    key = TallyKey(name="let_go", label="age")
    await asyncio.gather(*(store.tally({key: 1}) for _ in range(20) for store in two))
    await asyncio.gather(*(store.count_faults("read", 1) for _ in range(20) for store in two))
    assert await two[0].tallies() == {key: 40}
    assert [one.count for one in await two[1].faults()] == [40]


async def test_workers_that_start_at_once_register_one_catalogue_and_its_publications(two: Two) -> None:
    due = {f"s{number}": NOON for number in range(50)}
    digests = {f"p{number}": "d" for number in range(20)}
    await asyncio.gather(
        *(store.register(due, (), NOON) for store in two),
        *(store.keep_catalogue(b"sources: []", NOON) for store in two),
    )
    found = await asyncio.gather(*(store.find_outdated(digests, NOON) for store in two))
    assert found[0] == found[1] == dict.fromkeys(digests, 1)
    assert len(await two[0].states()) == 50


async def test_polls_that_mark_the_same_publications_in_other_orders_wait_for_nobody_for_ever(two: Two) -> None:
    names = [f"s{number}" for number in range(40)]
    marked = tuple(f"p{number}" for number in range(10))
    await two[0].register(dict.fromkeys(names, NOON), (), NOON)
    await two[0].find_outdated(dict.fromkeys(marked, "d"), NOON)
    states = await two[0].claim(names, NOON, LEASE)
    polls = [
        Update(
            state=replace(state, polls=1, last_poll_at=NOON + MINUTE),
            changes=(change(item(source_id=state.source_id)),),
            publications=marked if number % 2 else marked[::-1],
        )
        for number, state in enumerate(states)
    ]
    done = await asyncio.gather(*(two[number % 2].commit(poll) for number, poll in enumerate(polls)))
    assert done == [True] * 40
    assert set((await two[0].find_outdated_of(dict.fromkeys(marked, "d"))).values()) == {41}
