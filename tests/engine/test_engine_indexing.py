"""Search finds what polls brought, soon and once."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from aggregator.engine.indexing import AT_ONCE, Indexing
from aggregator.engine.jobs import Jobs
from aggregator.model import Entry
from aggregator.pipeline.asked_words import read_search
from aggregator.ports import Store
from aggregator.store.sql import indexed_words
from aggregator.text.terms import split_terms
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


async def test_an_item_whose_words_we_fail_to_cut_costs_itself_alone_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def cut(text: str) -> list[str]:
        if "guilty" in text:
            raise ZeroDivisionError
        return split_terms(text)

    monkeypatch.setattr(indexed_words, "split_terms", cut)
    async with opened(tmp_path / "store.db") as store:
        guilty = item("guilty", entry=Entry(id="guilty", title="A guilty story", text="", content=""))
        await put(store, *(change(item(str(number))) for number in range(3)), change(guilty))
        indexing = Indexing(store, Jobs(store))
        with capture_logs() as told:
            assert await indexing.index_all() == 4
        assert await count_found(store) == 3
        (fault,) = [one for one in told if one["log_level"] == "error"]
        assert (fault["event"], fault["item"]) == ("fault", guilty.uid)
        assert "ZeroDivisionError" in fault["exception"]
        assert not await store.has_unindexed()
