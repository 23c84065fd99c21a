"""What every store finds again, and what it lets go of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.errors import StoreError
from aggregator.model import Entry, Item, ItemKey
from aggregator.ports import Store
from aggregator.store import open_store
from aggregator.store.sql import items
from tests.contract.stock import FULL_ENTRY, LEASE, MINUTE, NOON, change, item, listed, put, revised

DAY = timedelta(days=1)


async def test_known_items_are_found_by_kind_and_value_within_their_source(store: Store) -> None:
    by_id, by_url = item("1"), item("u", key=ItemKey(kind="url", value="1"))
    await put(store, change(by_id), change(by_url))
    await put(store, change(item("1", "lake")), source_id="lake")
    keys = [by_id.key, ItemKey(kind="hash", value="1"), ItemKey(kind="id", value="2")]
    assert await store.find_known("river", keys) == {by_id.key: (by_id,)}
    assert await store.find_known("river", [by_url.key]) == {by_url.key: (by_url,)}
    assert await store.find_known("river", []) == {}


async def test_known_items_are_found_by_their_aliases_beside_those_whose_own_key_it_is(store: Store) -> None:
    one, two = item("1"), item("2")
    alias = ItemKey(kind="url", value="river.example/x")
    await put(store, replace(change(one), aliases=(alias, two.key)), change(two))
    await put(store, replace(change(item("1", "lake")), aliases=(alias,)), source_id="lake")
    found = await store.find_known("river", [alias, two.key, one.key])
    assert found == {alias: (one,), two.key: (two, one), one.key: (one,)}
    assert found[alias][0] is found[one.key][0]
    await put(store, replace(change(one, "bumped"), aliases=(alias,)))
    assert (await store.find_known("river", [alias]))[alias] == (one,)


async def test_items_are_found_by_their_uids_as_they_were_given(store: Store) -> None:
    whole, other = item("1", entry=FULL_ENTRY), item("2")
    await put(store, change(whole), change(other))
    found = await store.find_items([whole.uid, "nobody"])
    assert found == (whole,)
    assert found[0].entry.former_keys == FULL_ENTRY.former_keys
    assert found[0].entry.fleeting == FULL_ENTRY.fleeting
    assert await store.find_items([]) == ()


async def test_an_item_is_found_by_any_of_its_names(store: Store) -> None:
    one = item()
    await put(store, change(one))
    entry = one.entry
    for name in (one.uid, one.public_id, entry.id, entry.url, entry.url_key):
        assert name
        assert await store.item(name) == one
    assert await store.item("nobody") is None
    assert await store.item("") is None


async def test_of_items_that_share_a_name_the_latest_published_is_found(store: Store) -> None:
    shared = Entry(id="17", url="https://x.example/")
    old = item("1", entry=shared, published=NOON - DAY)
    new = item("2", entry=shared)
    await put(store, change(old), change(new))
    assert await store.item("17") == new
    assert await store.item("https://x.example/") == new


async def test_a_uid_is_tried_before_a_publishers_id(store: Store) -> None:
    one = item("1")
    await put(store, change(one), change(item("2", entry=Entry(id=one.uid), published=NOON + DAY)))
    assert await store.item(one.uid) == one


async def test_the_latest_come_newest_first_then_by_uid_and_without_withdrawn_ones(store: Store) -> None:
    ties = sorted((item(name) for name in "abc"), key=lambda one: one.uid, reverse=True)
    older = item("d", published=NOON - MINUTE)
    gone = item("e", published=NOON + MINUTE, withdrawn_at=NOON + LEASE)
    await put(store, *(change(one) for one in [older, *ties, gone]))
    assert await store.latest(["river"], 10) == (*ties, older)
    assert await store.latest(["river"], 2) == tuple(ties[:2])
    assert await store.latest(["river"], 0) == ()
    assert await store.latest([], 10) == ()
    assert await store.latest(["lake"], 10) == ()


async def filled(store: Store) -> list[Item]:
    """Sixty items of three sources, many of them published at the same time."""
    every = []
    for number, name in enumerate(("a", "b", "c")):
        some = [
            item(str(index), name, published=NOON - (index * (number + 1) % 7) * MINUTE) for index in range(20)
        ]
        await put(store, *(change(one) for one in some), source_id=name)
        every += some
    return sorted(every, key=lambda one: one.sort_key, reverse=True)


@pytest.mark.parametrize(("strangers", "walked"), [(0, 4), (300, 4), (300, 0)], ids=["few", "many", "rare"])
async def test_pages_of_the_latest_show_every_item_once_however_many_sources_are_asked(
    store: Store, strangers: int, walked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(items, "_WALKED", walked)
    expected = [one for one in await filled(store) if one.source_id != "b"]
    names = ["a", "c", *(f"none{number}" for number in range(strangers))]
    seen: list[Item] = []
    after = None
    while page := await store.latest(names, 7, after):
        seen += page
        after = page[-1].sort_key
    assert seen == expected


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.sets(st.sampled_from("abcx")), limit=st.integers(1, 70), start=st.integers(0, 59))
async def test_the_latest_are_those_that_sorting_all_would_give(
    store: Store, names: set[str], limit: int, start: int
) -> None:
    every = list(await store.latest(["a", "b", "c"], 100)) or await filled(store)
    place = every[start].sort_key
    expected = [one for one in every[start + 1 :] if one.source_id in names][:limit]
    assert await store.latest(names, limit, place) == tuple(expected)


async def test_old_items_lose_their_content_but_never_become_new_again(store: Store) -> None:
    old = item("old", entry=FULL_ENTRY, claimed_updated=NOON)
    await put(store, change(old))
    await put(store, change(revised(old, "two"), "revised"))
    await listed(store)
    assert await store.prune(NOON + DAY) == 1
    kept = await store.find_known("river", [old.key])
    (pruned,) = kept[old.key]
    assert pruned == replace(
        revised(old, "two"),
        pruned=True,
        absent_since=NOON,
        entry=replace(
            FULL_ENTRY,
            content=None,
            summary=None,
            text="",
            authors=(),
            categories=(),
            enclosures=(),
            image=None,
            image_caption=None,
            links=(),
            direction=None,
            extensions=(),
            fleeting=(),
            trimmed=None,
            position=0,
        ),
    )
    assert await store.latest(["river"], 10) == ()
    assert await store.find_items([old.uid]) == ()
    assert await store.revisions(old.uid) == ()
    assert (await store.states())["river"].items == 0
    await put(store, change(old))
    assert await store.find_known("river", [old.key]) == kept
    assert await store.prune(NOON + DAY) == 0


async def test_a_pruned_item_that_has_its_content_again_is_as_it_was(store: Store) -> None:
    old = item()
    await put(store, change(old))
    (before,) = await store.revisions(old.uid)
    await listed(store)
    await store.prune(NOON + DAY)
    await listed(store, old)
    for _ in range(2):
        await put(store, change(old, "bumped"))
    assert await store.latest(["river"], 10) == (old,)
    assert (await store.states())["river"].items == 1
    (again,) = await store.revisions(old.uid)
    assert (again.number, again.entry) == (before.number, before.entry)


async def test_a_real_change_brings_a_pruned_item_back_and_a_new_date_does_not(store: Store) -> None:
    old = item()
    await put(store, change(old))
    await listed(store)
    await store.prune(NOON + DAY)
    await put(store, change(replace(old, claimed_updated=NOON + DAY, pruned=True), "bumped"))
    assert await store.latest(["river"], 10) == ()
    found = await store.item(old.uid)
    assert found is not None
    assert (found.claimed_updated, found.entry.content) == (NOON + DAY, None)
    back = revised(old, "two", NOON + DAY)
    await put(store, change(back, "revised"))
    assert await store.latest(["river"], 10) == (replace(back, absent_since=NOON),)
    assert (await store.states())["river"].items == 1
    assert [one.entry for one in await store.revisions(old.uid)] == [back.entry]


async def test_a_withdrawn_item_is_pruned_too(store: Store) -> None:
    gone = item(withdrawn_at=NOON)
    await put(store, change(gone))
    await listed(store)
    assert await store.prune(NOON + DAY) == 1
    found = await store.item(gone.uid)
    assert found is not None
    assert (found.withdrawn_at, found.entry.text) == (NOON, "")


async def test_a_store_says_when_it_is_not_open(url: str) -> None:
    store = open_store(url)
    for _ in range(2):
        with pytest.raises(StoreError, match="not open"):
            await store.ping()
        with pytest.raises(StoreError, match="not open"):
            await store.prune(NOON)
        await store.close()
        await store.open()
        await store.open()
        await store.ping()
        await store.close()


async def test_what_was_taken_back_is_found_the_latest_first(store: Store) -> None:
    gone = [item(str(n), withdrawn_at=NOON + n * MINUTE) for n in range(3)]
    await put(store, *map(change, (*gone, item("stands"))))
    assert [found.uid for found in await store.find_withdrawn(["river"], 2)] == [gone[2].uid, gone[1].uid]
    assert await store.find_withdrawn(["lake"], 9) == ()
