"""Everything from one database to another."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, TableClause

from aggregator import store as stores
from aggregator.errors import StoreError
from aggregator.model import ArchivePage, Incident, ItemKey, Listing, NearMiss, Placement, TallyKey, Update
from aggregator.ports import HostBounds, Store
from aggregator.store import open_store
from aggregator.store.postgresql import PostgresPlace
from tests.contract.stock import (
    FULL_ENTRY,
    FULL_STATE,
    LEASE,
    NOON,
    change,
    claimed,
    document,
    item,
    put,
    revised,
)
from tests.contract.test_store_followed_lists import STATE as LIST
from tests.contract.test_store_stories import UNLIKE, pair, placed, sighted, story, two
from tests.store.migrations.test_store_schema import DUMPS, is_of_search, loaded
from tests.support.commands import Commands
from tests.support.databases import opened


def rows(path: Path) -> dict[str, set[tuple[Any, ...]]]:
    """Every row of a file, by table."""
    with closing(sqlite3.connect(path)) as connection:
        every = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        names = [name for (name,) in every if not is_of_search(name)]
        found = {name: set(connection.execute(f"SELECT * FROM {name}")) for name in names}
        return found | {"unindexed": set(connection.execute("SELECT uid FROM unindexed"))}


async def fill(store: Store) -> None:
    """Something of everything, with what is hard to carry."""
    one, other = await two(store)
    odd = item(
        "odd", source_id="lake", entry=FULL_ENTRY, public_id="tag:\N{WATER WAVE}\\ \t\n'\"", withdrawn_at=NOON
    )
    alias = ItemKey(kind="url", value="lake.example/\N{WATER WAVE}")
    await put(store, replace(change(odd), aliases=(alias,)), source_id="lake")
    await put(store, change(revised(one, "two"), "revised"))
    await placed(store, one, keys=(1, 2**62), placement=Placement(story=story(one, other)))
    miss = NearMiss(**pair(one, other), refusal=UNLIKE)
    await placed(store, other, keys=(2, 5), placement=Placement(story=story(other), misses=(miss,)))
    await store.find_outdated({"all": "d", "other": "d"}, NOON)
    shown = document(bytes(range(256)), gzip=b"\x00\xff\\n", br=b"")
    await store.save([shown], publication_id="all", digest="d", generation=1, shown=[one.uid], leads=[one.uid])
    await store.note("all", [one.uid, other.uid], until=1)
    page = replace(shown, publication_id="all/archive/1", gzip=sqlite3.sqlite_version.encode())
    await store.save_archive_page(
        ArchivePage(publication_id="all", number=1, uids=(one.uid,), documents=(page,), completed=NOON)
    )
    await store.keep_catalogue("sources: {}  # \N{WATER WAVE}".encode(), NOON)
    await store.keep_list(LIST)
    await store.tally({TallyKey(name="let_go", label="age"): 2**40})
    await store.count_faults("read", 3)
    told = {"id": "1", "kind": "failing", "subject": "river", "title": "T", "text": "a\tb", "began": NOON}
    await store.note_incidents([Incident(**told, changed=NOON, ended=None)], NOON)
    await store.take_job("chores", LEASE)
    await store.take_turn("river.example", HostBounds(at_once=1, gap=LEASE, lease=LEASE))
    state = await claimed(store)
    listing = Listing(uids=frozenset({one.uid}), whole=True)
    full = replace(FULL_STATE, lease=state.lease, last_poll_at=NOON)
    assert await store.commit(Update(state=full, listing=listing))


async def test_everything_goes_to_postgresql_and_back_and_is_the_same(tmp_path: Path, blank: str) -> None:
    first, last = tmp_path / "first.db", tmp_path / "new" / "last.db"
    async with opened(first) as store:
        await fill(store)
        told = await store.latest(["river", "lake"], 10)
    before = rows(first)
    assert [name for name, found in before.items() if not found] == ["edges"]
    counts = stores.carry(f"sqlite:///{first}", blank)
    assert counts == {name: len(before[name]) for name in counts}
    assert counts.keys() == before.keys() - {"alembic_version"}
    moved = open_store(blank)
    await moved.open()
    assert await moved.latest(["river", "lake"], 10) == told
    await moved.close()
    assert stores.carry(blank, f"sqlite:///{last}") == counts
    assert rows(last) == before == rows(first)


async def test_numbers_go_on_behind_those_that_were_carried(tmp_path: Path, blank: str) -> None:
    path = tmp_path / "store.db"
    async with opened(path) as store:
        await fill(store)
    stores.carry(f"sqlite:///{path}", blank)
    moved = open_store(blank)
    await moved.open()
    fresh = item("fresh")
    await put(moved, change(fresh))
    await placed(moved, fresh)
    (arrived,) = (await moved.find_arrivals("other", ["river"], 10, after=2)).items
    assert arrived.uid == fresh.uid
    assert sighted(fresh).uid == fresh.uid
    await moved.close()


async def test_what_arrives_otherwise_than_it_was_is_not_kept(
    tmp_path: Path, blank: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store.db"
    async with opened(path) as store:
        await fill(store)
    load = PostgresPlace.load

    def lose(self: PostgresPlace, connection: Connection, into: TableClause, found: Iterable[Any]) -> None:
        kept = list(found)
        load(self, connection, into, kept[1:] if into.name == "aliases" else kept)

    monkeypatch.setattr(PostgresPlace, "load", lose)
    with pytest.raises(StoreError, match="aliases did not arrive as they were"):
        stores.carry(f"sqlite:///{path}", blank)
    moved = open_store(blank)
    await moved.open()
    assert await moved.states() == {}
    await moved.close()
    monkeypatch.undo()
    stores.carry(f"sqlite:///{path}", blank)


def test_either_end_waits_for_the_other_as_long_as_it_takes(blank: str) -> None:
    place = PostgresPlace(blank)
    for end in (place.writing, place.reading):
        with end() as connection:
            assert connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar() == "0"


async def test_nothing_is_carried_from_where_others_write_nor_over_what_is_there(
    tmp_path: Path, blank: str
) -> None:
    here, there = f"sqlite:///{tmp_path / 'a.db'}", f"sqlite:///{tmp_path / 'b.db'}"
    with pytest.raises(StoreError, match="there is no database"):
        stores.carry(here, blank)
    async with opened(tmp_path / "a.db") as store:
        await put(store, change(item()))
        with pytest.raises(StoreError, match="in use"):
            stores.carry(here, blank)
    stores.carry(here, blank)
    for target, words in ((here, "to itself"), (blank, "has sources already")):
        with pytest.raises(StoreError, match=words):
            stores.carry(here, target)
    running = open_store(blank)
    await running.open()
    with pytest.raises(StoreError, match="in use: end worker and web first"):
        stores.carry(blank, there)
    await running.close()
    loaded(DUMPS / "revision_0011.sql", tmp_path / "old.db")
    with pytest.raises(StoreError, match="start this version on it once"):
        stores.carry(f"sqlite:///{tmp_path / 'old.db'}", blank)
    with pytest.raises(StoreError, match="not supported"):
        stores.carry("mysql://h/d", blank)


def test_the_command_counts_what_it_carried_and_says_what_to_do_next(tmp_path: Path, blank: str):
    ours = Commands.at(tmp_path, "sources: {}\n")
    ours.command("status")
    written_by_a_platform = blank.replace("postgresql://", "postgres://", 1)
    said = ours.command("migrate-store", "--from", "sqlite:///data/aggregator.db", "--to", written_by_a_platform)
    assert "read again and found the same: 0 sources, 0 items" in said
    assert "DATABASE_URL" in said
    assert "there is no database" in ours.command(
        "migrate-store", "--from", "sqlite:///x", "--to", blank, expect=1
    )
