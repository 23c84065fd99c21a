"""Search finds what polls brought, soon and once."""

from __future__ import annotations

from pathlib import Path

from aggregator.engine.indexing import AT_ONCE, Indexing
from aggregator.engine.jobs import Jobs
from aggregator.pipeline.asked_words import read_search
from aggregator.ports import Store
from tests.contract.stock import change, item, put
from tests.support.databases import opened


async def count_found(store: Store) -> int:
    return len((await store.search(read_search("story"), ["river"], 1000)).items)


async def test_all_that_waits_is_indexed_a_few_at_a_time(tmp_path: Path):
    async with opened(tmp_path / "store.db") as store:
        many = 2 * AT_ONCE + 1
        await put(store, *(change(item(str(number))) for number in range(many)))
        indexing = Indexing(store, Jobs(store))
        assert await indexing.index_all() == many
        assert await indexing.index_all() == 0
        assert await count_found(store) == many


async def test_of_two_workers_one_indexes(tmp_path: Path):
    async with opened(tmp_path / "store.db") as store, opened(tmp_path / "store.db") as other:
        await put(store, change(item("1")))
        assert await Indexing(store, Jobs(store)).index_all() == 1
        await put(store, change(item("2")))
        assert await Indexing(other, Jobs(other)).index_all() == 0
        await store.leave_jobs()
        assert await Indexing(other, Jobs(other)).index_all() == 1
        assert await count_found(store) == 2


async def test_without_anything_new_nothing_is_written(tmp_path: Path):
    async with opened(tmp_path / "store.db") as store, opened(tmp_path / "store.db") as other:
        before = await other.commits()
        assert await Indexing(store, Jobs(store)).index_all() == 0
        assert await other.commits() == before
