"""What every store knows of jobs that one process at a time does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from aggregator.errors import JobLostError
from aggregator.model import Placement, Signature, Story
from aggregator.ports import Store
from aggregator.store import open_store
from aggregator.stories import VERSION, sighting
from tests.contract.stock import MINUTE, NOON, change, document, item, put

OVER = timedelta(0)


@pytest.fixture
async def other(url: str, store: Store) -> AsyncIterator[Store]:
    """The database of `store` as another process has it open."""
    _ = store
    other = open_store(url)
    await other.open()
    try:
        yield other
    finally:
        await other.close()


async def test_a_job_belongs_to_one_until_its_lease_is_over_and_others_jobs_to_others(store: Store, other: Store):
    assert await store.take_job("comparing", MINUTE)
    assert not await other.take_job("comparing", MINUTE)
    assert await other.take_job("publishing", MINUTE)
    assert await store.take_job("comparing", OVER), "whoever has it may take it again"
    assert await other.take_job("comparing", MINUTE)
    assert not await store.take_job("comparing", MINUTE)


async def test_of_many_who_ask_for_a_job_at_once_one_gets_it(store: Store, other: Store):
    asked = [one.take_job("chores", MINUTE) for one in (store, other)]
    assert sorted(await asyncio.gather(*asked)) == [False, True]


async def test_a_job_is_held_by_renewing_until_somebody_else_had_it(store: Store, other: Store):
    assert not await store.renew_job("chores", MINUTE), "it was never taken"
    await store.take_job("chores", OVER)
    assert await store.renew_job("chores", MINUTE), "late, but nobody has had it since"
    assert not await other.take_job("chores", MINUTE)
    await store.renew_job("chores", OVER)
    await other.take_job("chores", MINUTE)
    await other.leave_jobs()
    assert not await store.renew_job("chores", MINUTE), "nobody has it now, but somebody has worked at it"


async def test_who_leaves_lets_others_have_all_its_jobs_at_once(store: Store, other: Store):
    await store.take_job("comparing", MINUTE)
    await store.take_job("publishing", MINUTE)
    await other.leave_jobs()
    assert not await other.take_job("publishing", MINUTE), "only its own"
    await store.leave_jobs()
    assert await other.take_job("comparing", MINUTE)
    await other.close()
    assert await store.take_job("comparing", MINUTE), "who closes a store leaves"
    assert await store.take_job("publishing", MINUTE)


async def test_a_lease_that_only_a_wrong_clock_can_have_made_holds_nobody_up(store: Store, other: Store):
    await store.take_job("comparing", timedelta(days=400))
    assert await other.take_job("comparing", MINUTE)


async def test_what_one_compared_is_not_written_once_another_had_the_job(store: Store, other: Store):
    """It was decided by what stood there before the other one worked: their items might miss each other."""
    await put(store, change(item()), change(item("2")))
    one, two = await store.find_uncompared(5)
    looks = {found.uid: sighting(found, Signature(version=VERSION)) for found in (one, two)}
    alone = Placement(story=Story(id=one.public_id, members=(one.uid,), primary=one.uid))
    await store.take_job("comparing", OVER)
    await store.renew_job("comparing", OVER)
    await store.place(one, looks[one.uid], alone, publications=())
    await other.take_job("comparing", MINUTE)
    for late in (
        store.place(two, looks[two.uid], alone, publications=("all",)),
        store.place_alone([(two, looks[two.uid])], ("all",)),
    ):
        with pytest.raises(JobLostError, match="another process does by now"):
            await late
    assert [found.uid for found in await store.find_uncompared(5)] == [two.uid]
    await other.place_alone([(two, looks[two.uid])], ())
    assert await store.find_uncompared(5) == ()


async def test_a_slow_process_never_puts_older_documents_back(store: Store, other: Store):
    digests = {"all": "d"}
    slow = (await store.find_outdated(digests, NOON))["all"]
    await put(store, change(item()), publications=("all",))
    fast = (await other.find_outdated(digests, NOON))["all"]
    assert slow < fast
    assert await other.save([document(b"new")], publication_id="all", digest="d", generation=fast)
    assert not await store.save([document(b"old")], publication_id="all", digest="d", generation=slow)
    assert not await store.save([], publication_id="all", digest="other", generation=slow)
    found = await store.document("all", "atom")
    assert found is not None
    assert found.body == b"new"
    assert await store.find_outdated(digests, NOON) == {}, "and nobody need render it again"
