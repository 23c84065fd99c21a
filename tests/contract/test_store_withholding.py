"""What the editor withdraws by name: whatever polls bring, and until the name is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.model import Entry, Item
from aggregator.ports import Store
from aggregator.text.item_names import spellings
from tests.contract.stock import NOON, change, item, put, revised

LATER = NOON + timedelta(days=1)
ADDRESS = "https://river.example/news/1?b=2"
SAID = Entry(id="tag:river.example,2026:1", url=ADDRESS, url_key="river.example/news/1?b=2", title="One", text="w")
ONE = item("1", public_id="tag:river.example,2026:1", entry=SAID)
OTHER = item("2", entry=Entry(id="2", url="https://river.example/news/2", title="Two", text="x"))


async def filled(store: Store) -> None:
    await put(store, change(ONE), change(OTHER))
    await put(
        store, change(replace(OTHER, uid="lake-2", public_id="urn:x:lake-2", source_id="lake")), source_id="lake"
    )
    await store.find_outdated({"all": "d"}, NOON)
    await store.save([], publication_id="all", digest="d", generation=1)


async def stored(store: Store, uid: str) -> Item:
    found = await store.item(uid)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "name", [ONE.uid, ONE.public_id, ADDRESS, "http://www.river.example/news/1?b=2", "river.example/news/1?b=2"]
)
async def test_a_name_of_whatever_kind_withdraws_the_item_that_has_it_and_no_other(store: Store, name: str):
    await filled(store)
    assert await store.withhold(set(spellings(name)), LATER) == {ONE.public_id: True}
    found = await stored(store, ONE.uid)
    assert (found.withheld_at, found.withdrawn_at) == (LATER, LATER)
    assert [one.uid for one in await store.latest(["river"], 9)] == [OTHER.uid]
    assert list(await store.find_outdated({"all": "d"}, LATER)) == ["all"]
    assert await store.withhold(set(spellings(name)), LATER + timedelta(days=1)) == {}, "once"
    assert (await stored(store, ONE.uid)).withheld_at == LATER


async def test_what_is_named_no_more_has_all_that_it_had(store: Store):
    await filled(store)
    before = await stored(store, ONE.uid)
    await store.withhold({ADDRESS}, LATER)
    assert await store.withhold(set(), LATER) == {ONE.public_id: False}
    assert await stored(store, ONE.uid) == replace(before, changed_at=LATER)
    assert await store.withhold(set(), LATER) == {}


async def test_what_a_publisher_calls_an_item_names_it_as_long_as_no_other_one_is_called_so(store: Store):
    await filled(store)
    assert await store.withhold({"2"}, LATER) == {}, "one of each source: which is meant cannot be told"
    await put(store, change(item("3", entry=Entry(id="3", title="Three", text="y"))))
    assert await store.withhold({"3"}, LATER) == {item("3").public_id: True}
    lakes = item("3", uid="lake-3", public_id="urn:x:lake-3", source_id="lake", entry=Entry(id="3", title="T"))
    await put(store, change(lakes), source_id="lake")
    assert await store.withhold({"3"}, LATER) == {}, "what it meant stays withheld, and nothing else comes to be"


async def test_no_poll_gives_back_what_is_withheld_nor_keeps_what_was_given_back(store: Store):
    await filled(store)
    before = await stored(store, ONE.uid)
    await store.withhold({ADDRESS}, LATER)
    held = await stored(store, ONE.uid)
    for number, seen in enumerate((before, held)):  # as polls saw it that began before and after
        anew = replace(revised(seen, f"words {number}"), revision=2 + number, withdrawn_at=None)
        await put(store, change(anew, "revised"))
        found = await stored(store, ONE.uid)
        assert (found.withheld_at, found.withdrawn_at) == (LATER, LATER)
        assert found.entry.text == f"words {number}"
    await store.withhold(set(), LATER)
    await put(store, change(replace(held, revision=5, withdrawn_at=LATER), "bumped"))
    found = await stored(store, ONE.uid)
    assert (found.withheld_at, found.withdrawn_at) == (None, None)


async def test_what_its_publisher_took_back_stays_taken_back(store: Store):
    await filled(store)
    await put(store, change(replace(await stored(store, ONE.uid), withdrawn_at=NOON), "bumped"))
    await store.withhold({ADDRESS}, LATER)
    assert (await stored(store, ONE.uid)).withdrawn_at == NOON
    await store.withhold(set(), LATER)
    assert (await stored(store, ONE.uid)).withdrawn_at == NOON
