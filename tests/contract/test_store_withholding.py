"""What the editor withdraws, by name or by host: whatever polls bring, and until that is taken back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from aggregator.model import Entry, Item, Withholding
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


async def withhold(store: Store, names: Collection[str], now: datetime) -> dict[str, bool]:
    return {one.public_id: one.gone for one in await store.withhold(Withholding(names=names), now)}


async def stored(store: Store, uid: str) -> Item:
    found = await store.item(uid)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "name", [ONE.uid, ONE.public_id, ADDRESS, "http://www.river.example/news/1?b=2", "river.example/news/1?b=2"]
)
async def test_a_name_of_whatever_kind_withdraws_the_item_that_has_it_and_no_other(store: Store, name: str):
    await filled(store)
    assert await withhold(store, set(spellings(name)), LATER) == {ONE.public_id: True}
    found = await stored(store, ONE.uid)
    assert (found.withheld_at, found.withdrawn_at) == (LATER, LATER)
    assert [one.uid for one in await store.latest(["river"], 9)] == [OTHER.uid]
    assert list(await store.find_outdated({"all": "d"}, LATER)) == ["all"]
    assert await withhold(store, set(spellings(name)), LATER + timedelta(days=1)) == {}, "once"
    assert (await stored(store, ONE.uid)).withheld_at == LATER


async def test_what_is_named_no_more_has_all_that_it_had(store: Store):
    await filled(store)
    before = await stored(store, ONE.uid)
    await withhold(store, {ADDRESS}, LATER)
    assert await withhold(store, set(), LATER) == {ONE.public_id: False}
    assert await stored(store, ONE.uid) == replace(before, changed_at=LATER)
    assert await withhold(store, set(), LATER) == {}


async def test_what_a_publisher_calls_an_item_names_it_as_long_as_no_other_one_is_called_so(store: Store):
    await filled(store)
    assert await withhold(store, {"2"}, LATER) == {}, "one of each source: which is meant cannot be told"
    await put(store, change(item("3", entry=Entry(id="3", title="Three", text="y"))))
    assert await withhold(store, {"3"}, LATER) == {item("3").public_id: True}
    lakes = item("3", uid="lake-3", public_id="urn:x:lake-3", source_id="lake", entry=Entry(id="3", title="T"))
    await put(store, change(lakes), source_id="lake")
    assert await withhold(store, {"3"}, LATER) == {}, "what it meant stays withheld, and nothing else comes to be"


async def test_no_poll_gives_back_what_is_withheld_nor_keeps_what_was_given_back(store: Store):
    await filled(store)
    before = await stored(store, ONE.uid)
    await withhold(store, {ADDRESS}, LATER)
    held = await stored(store, ONE.uid)
    for number, seen in enumerate((before, held)):  # as polls saw it that began before and after
        anew = replace(revised(seen, f"words {number}"), revision=2 + number, withdrawn_at=None)
        await put(store, change(anew, "revised"))
        found = await stored(store, ONE.uid)
        assert (found.withheld_at, found.withdrawn_at) == (LATER, LATER)
        assert found.entry.text == f"words {number}"
    await withhold(store, set(), LATER)
    await put(store, change(replace(held, revision=5, withdrawn_at=LATER), "bumped"))
    found = await stored(store, ONE.uid)
    assert (found.withheld_at, found.withdrawn_at) == (None, None)


async def test_what_its_publisher_took_back_stays_taken_back(store: Store):
    await filled(store)
    await put(store, change(replace(await stored(store, ONE.uid), withdrawn_at=NOON), "bumped"))
    await withhold(store, {ADDRESS}, LATER)
    assert (await stored(store, ONE.uid)).withdrawn_at == NOON
    await withhold(store, set(), LATER)
    assert (await stored(store, ONE.uid)).withdrawn_at == NOON


HOST = Withholding(hosts={"river.example"})


async def reported(store: Store, uid: str, url: str | None) -> Item:
    """An item of the lake, at an address of whomever."""
    said = Entry(id=uid, url=url, title=f"Report {uid}", text="words")
    found = item(uid, uid=uid, public_id=f"urn:x:{uid}", source_id="lake", entry=said)
    await put(store, change(found), source_id="lake")
    return found


ADDRESSES: dict[str | None, bool] = {
    "https://river.example/1": True,
    "https://www.river.example:8443/1": True,
    "http://news.river.example": True,
    "http://r%69ver.example:1/": True,
    "https://notriver.example/1": False,
    "https://lake.example/%72iver.example": False,
    "https://lake.example/?from=https://river.example/1": False,
    "https://river.example.lake.example/": False,
    None: False,
}


@pytest.mark.parametrize("more", [0, 30], ids=["few", "many"])
async def test_a_host_withdraws_what_is_there_and_below_whoever_carries_it(store: Store, more: int):
    for number, url in enumerate(ADDRESSES):
        await reported(store, f"a{number}", url)
    going = [f"a{number}" for number, goes in enumerate(ADDRESSES.values()) if goes]
    asked = Withholding(hosts={"river.example", *(f"{number}.example" for number in range(more))})
    foreseen = await store.find_withheld(asked)
    assert (await stored(store, "a0")).withheld_at is None, "looking does nothing"
    done = await store.withhold(asked, LATER)
    assert foreseen == done
    assert sorted((found.uid, found.gone, found.opt_out) for found in done) == [
        (uid, True, "river.example") for uid in going
    ]
    assert [uid for uid in going if (await stored(store, uid)).withheld_at != LATER] == []
    assert await store.withhold(asked, LATER) == (), "once"


async def test_what_a_source_brought_goes_with_it_wherever_its_items_are(store: Store):
    one = await reported(store, "a", "https://elsewhere.example/1")
    await put(store, change(OTHER))
    asked = Withholding(sources={"lake": "lake.example"})
    assert [(found.uid, found.opt_out) for found in await store.withhold(asked, LATER)] == [("a", "lake.example")]
    assert (await stored(store, OTHER.uid)).withheld_at is None
    before = replace(await stored(store, one.uid), withheld_at=None, withdrawn_at=None)
    assert [found.gone for found in await store.withhold(Withholding(), LATER)] == [False]
    assert await stored(store, one.uid) == before


async def test_what_arrives_of_a_host_is_never_shown_and_nothing_comes_back_by_that(store: Store):
    await reported(store, "named", "https://sea.example/1")
    await withhold(store, {"https://sea.example/1"}, LATER)
    await reported(store, "a", "https://river.example/1")
    await reported(store, "b", "https://lake.example/1")
    assert [found.uid for found in await store.withhold(HOST, LATER, arrived=True)] == ["a"]
    assert await store.withhold(HOST, LATER, arrived=True) == ()
    assert (await stored(store, "named")).withheld_at is not None
    assert [found.uid for found in await store.find_uncompared(9)] == ["b"]
    gone = {found.uid for found in await store.find_withdrawn({"lake"}, 9)}
    assert gone == set(), "nobody was shown it, so there is nothing to take back"


async def test_what_goes_for_its_host_and_by_name_comes_back_when_neither_holds_any_more(store: Store):
    await filled(store)
    await store.withhold(replace(HOST, names={ADDRESS}), LATER)
    assert await store.withhold(replace(HOST, names=set()), LATER) == ()
    done = await store.withhold(Withholding(names={ADDRESS}), LATER)
    assert sorted((found.public_id, found.gone) for found in done) == [
        (OTHER.public_id, False),
        ("urn:x:lake-2", False),
    ]
    assert await withhold(store, set(), LATER) == {ONE.public_id: False}


async def read_at(store: Store, uid: str, place: str | None) -> Item:
    """An item of the lake at an address of the lake, whose text was read at some place."""
    said = Entry(id=uid, url=f"https://lake.example/{uid}", title=f"Report {uid}", text="words", text_from=place)
    found = item(uid, uid=uid, public_id=f"urn:x:{uid}", source_id="lake", entry=said)
    await put(store, change(found), source_id="lake")
    return found


async def test_a_text_that_was_read_at_a_host_goes_with_it_though_its_item_has_another_address(store: Store):
    await read_at(store, "a", "https://www.river.example/t2.html")
    await read_at(store, "b", "https://sea.example/t3.html")
    await read_at(store, "c", None)
    before = await stored(store, "a")
    assert [(one.uid, one.opt_out) for one in await store.withhold(HOST, LATER)] == [("a", "river.example")]
    assert await store.withhold(HOST, LATER) == (), "once"
    assert [one.uid for one in await store.withhold(Withholding(), LATER)] == ["a"]
    assert await stored(store, "a") == replace(before, changed_at=LATER)


async def test_a_text_from_a_host_that_arrives_later_is_never_shown(store: Store):
    await read_at(store, "a", "https://river.example/1")
    await reported(store, "b", "https://river.example/2")
    assert sorted(one.uid for one in await store.withhold(HOST, LATER, arrived=True)) == ["a", "b"]
    assert await store.withhold(HOST, LATER, arrived=True) == ()


async def test_a_text_that_is_read_elsewhere_by_now_does_not_go(store: Store):
    """Its address there is still known, but what is shown is of another host."""
    one = await read_at(store, "a", "https://river.example/1")
    anew = revised(await stored(store, "a"), "other words")
    anew = replace(anew, entry=replace(anew.entry, text_from="https://sea.example/1"))
    await put(store, change(anew, "revised"), source_id="lake")
    assert await store.withhold(HOST, LATER) == ()
    back = revised(replace(anew, revision=anew.revision + 1), "words")
    back = replace(back, entry=replace(back.entry, text_from=one.entry.text_from))
    await put(store, change(back, "revised"), source_id="lake")
    assert [found.uid for found in await store.withhold(HOST, LATER)] == ["a"]
