"""What every store does when a poll's outcome is written."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator.model import Batch, Entry, ItemKey, Update
from aggregator.ports import Store
from aggregator.store import open_store
from aggregator.store.sql.commits import KEPT_REVISIONS
from tests.contract.stock import FULL_ENTRY, LEASE, MINUTE, NOON, change, claimed, item, put, revised


async def everything(store: Store) -> Any:
    """All that a store shows of its sources and items."""
    states = await store.states()
    items = await store.latest(states.keys(), 1000)
    return states, items, [await store.revisions(one.uid) for one in items]


async def test_a_poll_that_lost_its_lease_writes_nothing(store: Store) -> None:
    state = await claimed(store)
    await store.find_outdated({"all": "d"}, NOON)
    await store.save([], publication_id="all", digest="d", generation=1)
    await store.claim(["river"], NOON + LEASE, LEASE)
    before = await everything(store)
    late = Update(state=replace(state, polls=5), changes=(change(item()),), publications=("all",))
    assert not await store.commit(late)
    assert await everything(store) == before
    assert await store.find_outdated({"all": "d"}, NOON) == {}


async def test_a_source_that_was_never_registered_has_no_lease(store: Store) -> None:
    state = await claimed(store)
    stranger = item(source_id="lake")
    assert not await store.commit(
        Update(state=replace(state, source_id="lake", lease=0), changes=(change(stranger),))
    )
    assert await store.item(stranger.uid) is None


async def test_every_field_of_an_item_comes_back_as_it_was_written(store: Store) -> None:
    full = item(
        entry=FULL_ENTRY,
        claimed_updated=NOON + MINUTE,
        first_seen=NOON - MINUTE,
        updated=NOON + 2 * MINUTE,
        changed_at=NOON + 3 * MINUTE,
        withdrawn_at=NOON + 4 * MINUTE,
        revision=3,
    )
    await put(store, change(full))
    assert await store.item(full.uid) == full


async def test_a_new_item_whose_key_is_stored_already_changes_nothing(store: Store) -> None:
    first = item(public_id="first")
    await put(store, change(first))
    await put(store, change(replace(revised(first, "other"), uid="another", public_id="second")))
    assert await store.latest(["river"], 10) == (first,)
    assert (await store.states())["river"].items == 1
    assert len(await store.revisions(first.uid)) == 1


async def test_of_two_new_items_with_one_key_in_a_poll_the_first_is_kept(store: Store) -> None:
    first = item()
    await put(
        store, change(first), change(replace(first, uid="another")), change(replace(first, key=item("2").key))
    )
    assert await store.latest(["river"], 10) == (first,)


async def test_a_public_id_that_is_taken_gives_way_to_the_items_own(store: Store) -> None:
    first, same_poll = item("1", public_id="https://x.example/"), item("2", public_id="https://x.example/")
    await put(store, change(first), change(same_poll))
    other_source = item("1", "lake", public_id="https://x.example/")
    await put(store, change(other_source), source_id="lake")
    found = [await store.item(one.uid) for one in (first, same_poll, other_source)]
    assert [one and one.public_id for one in found] == [
        "https://x.example/",
        f"urn:uuid:{same_poll.uid}",
        f"urn:uuid:{other_source.uid}",
    ]


async def test_a_publisher_who_copies_our_ids_cannot_keep_an_item_out(store: Store) -> None:
    victim = item("1", public_id="https://x.example/")
    thieves = (
        item("a", "thief", public_id=victim.public_id),
        item("b", "thief", public_id=f"urn:uuid:{victim.uid}"),
    )
    await put(store, *(change(thief) for thief in thieves), source_id="thief")
    await put(store, change(victim))
    found = await store.item(victim.uid)
    assert found is not None
    assert found.public_id.startswith("urn:uuid:")
    assert found.public_id not in {thief.public_id for thief in thieves}


async def test_a_revised_item_is_overwritten_but_for_its_names_and_first_sight(store: Store) -> None:
    first = item()
    await put(store, change(first))
    second = revised(first, "changed")
    await put(
        store,
        change(replace(second, public_id="other", first_seen=NOON + LEASE), "revised"),
    )
    assert await store.item(first.uid) == second


async def test_an_item_that_is_not_there_to_be_overwritten_is_inserted(store: Store) -> None:
    await put(store, change(item(), "bumped"))
    assert await store.item(item().uid) == item()


async def test_new_and_revised_items_leave_revisions_and_bumped_ones_do_not(store: Store) -> None:
    first = item()
    second, third = revised(first, "two"), revised(revised(first, "two"), "three", NOON + LEASE)
    await put(store, change(first, reason="never met"))
    await put(store, change(second, "revised", reason="its text changed"))
    await put(store, change(replace(second, claimed_updated=NOON), "bumped"))
    await put(store, change(third, "revised", reason="again"))
    found = await store.revisions(first.uid)
    assert [(one.number, one.seen_at, one.entry, one.reason) for one in found] == [
        (1, NOON, first.entry, "never met"),
        (2, NOON + MINUTE, second.entry, "its text changed"),
        (3, NOON + LEASE, third.entry, "again"),
    ]
    assert await store.revisions("nobody") == ()


async def test_what_a_revision_said_is_not_said_anew_under_its_number(store: Store) -> None:
    first = item()
    await put(store, change(first))
    await put(store, change(revised(first, "two"), "revised"))
    await put(store, change(replace(revised(first, "other"), claimed_updated=NOON), "revised"))
    assert [one.number for one in await store.revisions(first.uid)] == [1, 2]


async def test_no_poll_writes_items_of_another_source(store: Store) -> None:
    await put(store, change(item("1", "lake")), source_id="lake")
    before = await everything(store)
    state = await claimed(store)
    with pytest.raises(ValueError, match="other sources"):
        await store.commit(
            Update(state=state, changes=(change(item()), change(item("1", "lake", withdrawn_at=NOON), "bumped")))
        )
    states, items, revisions = await everything(store)
    assert (items, revisions) == before[1:]
    assert states["lake"] == before[0]["lake"]


async def test_the_items_of_a_poll_are_turned_round_once_and_keep_all_else(store: Store) -> None:
    first = int(NOON.timestamp()) * 100_000
    every = [item(str(n), listing_order=first + 99_999 - n) for n in range(3)]
    later = item("later", first_seen=NOON + MINUTE, listing_order=first + 60 * 100_000 + 99_999)
    stranger = item("other", "lake", listing_order=first + 99_999)
    await put(store, *map(change, every), change(later))
    await put(store, change(stranger), source_id="lake")
    before = await store.latest(["river"], 10)
    assert before == (later, *every)
    turning = Update(
        state=replace(await claimed(store), polls=9), turned=(Batch(at=NOON, count=3),), publications=("all",)
    )
    for _ in range(2):  # the second is the same poll again
        assert await store.commit(turning)
        after = await store.latest(["river"], 10)
        assert [one.uid for one in after] == [later.uid, *(one.uid for one in reversed(every))]
        assert {replace(one, listing_order=0) for one in after} == {
            replace(one, listing_order=0) for one in before
        }
        assert {one.listing_order for one in after} == {one.listing_order for one in before}
    assert await store.latest(["lake"], 10) == (stranger,)


async def test_a_commit_marks_the_publications_it_names(store: Store) -> None:
    await store.find_outdated({"all": "a", "other": "o"}, NOON)
    for name, digest in (("all", "a"), ("other", "o")):
        await store.save([], publication_id=name, digest=digest, generation=1)
    await put(store, change(item()), publications=("all", "unheard of"))
    assert list(await store.find_outdated({"all": "a", "other": "o"}, NOON)) == ["all"]


async def test_what_no_database_holds_is_replaced_and_costs_no_poll(store: Store) -> None:
    key = ItemKey(kind="id", value="k\x00\udc80")
    entry = replace(FULL_ENTRY, id="\ud800", title="a\x00b\udfffc", url="https://x.example/\udc80")
    odd = item(uid="odd", key=key, public_id="\udc80", entry=entry, published_reason="claimed \udc80")
    assert await put(store, change(odd, reason="\udc80"))
    assert await put(store, change(odd))
    found = await store.item(odd.uid)
    assert found is not None
    assert found.entry.title.endswith("\N{REPLACEMENT CHARACTER}c")
    (known,) = (await store.find_known("river", [key]))[key]
    assert known.key == ItemKey(kind="id", value="k\ufffd\ufffd")
    for name in ("\udc80", "\ud800", "https://x.example/\udc80"):
        assert await store.item(name) == found
    state = await claimed(store)
    assert await store.commit(Update(state=replace(state, error="\udc80", warnings=("\x00\ud800",))))
    assert (await store.states())["river"].error == "\N{REPLACEMENT CHARACTER}"


async def test_a_naive_datetime_is_refused(store: Store) -> None:
    state = await claimed(store)
    naive = NOON.replace(tzinfo=None)
    for broken in (
        Update(state=state, changes=(change(item(published=naive)),)),
        Update(state=replace(state, last_poll_at=naive)),
    ):
        with pytest.raises(ValueError, match="naive"):
            await store.commit(broken)
    assert await store.latest(["river"], 10) == ()


async def test_many_polls_at_once_are_all_written_and_a_failing_one_takes_back_only_itself(store: Store) -> None:
    names = [f"s{number:02}" for number in range(60)]
    await store.register(dict.fromkeys(names, NOON), (), NOON)
    states = await store.claim(names, NOON, LEASE)
    updates = [
        Update(
            state=replace(state, polls=1),
            # Every third brings something that cannot be written.
            changes=(
                change(item("1", state.source_id)),
                change(item("2", state.source_id if number % 3 else "elsewhere")),
            ),
        )
        for number, state in enumerate(states)
    ]
    outcomes = await asyncio.gather(*(store.commit(update) for update in updates), return_exceptions=True)
    assert [outcome is True for outcome in outcomes] == [bool(number % 3) for number in range(60)]
    counts = {name: state.items for name, state in (await store.states()).items()}
    assert counts == {name: 2 if number % 3 else 0 for number, name in enumerate(names)}


@pytest.mark.parametrize("seed", range(8))
async def test_replaying_any_commit_changes_nothing(store: Store, seed: int) -> None:
    chance = random.Random(seed)  # repeatable histories, no secrets
    await store.find_outdated({"all": "d"}, NOON)
    current = {name: item(name, entry=Entry(text=name)) for name in "abcdef"}
    stored: set[str] = set()
    for step in range(12):
        state = await claimed(store)
        changes = []
        for name in chance.sample("abcdef", chance.randint(0, 6)):
            kind = "new" if name not in stored else chance.choice(["new", "revised", "bumped"])
            if kind == "revised":
                current[name] = revised(current[name], f"{name}{step}", NOON + step * MINUTE)
            if kind == "bumped":
                current[name] = replace(current[name], claimed_updated=NOON + step * MINUTE)
            stored.add(name)
            changes.append(change(current[name], kind))
        update = Update(state=replace(state, polls=step), changes=tuple(changes), publications=("all",))
        assert await store.commit(update)
        generation = (await store.find_outdated({"all": "d"}, NOON))["all"]
        await store.save([], publication_id="all", digest="d", generation=generation)
        before = await everything(store)
        assert await store.commit(update)
        assert await everything(store) == before
        assert await store.find_outdated({"all": "d"}, NOON) == {}
    assert {one.uid for one in before[1]} == {current[name].uid for name in stored}


async def test_a_store_remembers_when_it_is_opened_again(url: str) -> None:
    store = open_store(url)
    await store.open()
    await put(store, change(item()))
    before = await everything(store)
    await store.close()
    again = open_store(url)
    await again.open()
    assert await everything(again) == before
    await again.close()


async def test_a_flood_of_items_is_written_in_one_poll(store: Store) -> None:
    flood = [item(str(number), published=NOON - timedelta(seconds=number)) for number in range(1500)]
    assert await put(store, *(change(one) for one in flood))
    found = await store.find_known("river", [one.key for one in flood])
    assert found == {one.key: (one,) for one in flood}
    assert await store.latest(["river"], 1200) == tuple(flood[:1200])


async def test_of_an_item_that_is_edited_without_end_the_first_and_the_latest_texts_are_kept(store: Store) -> None:
    found = item()
    await put(store, change(found))
    for number in range(KEPT_REVISIONS + 5):
        found = revised(found, f"Words {number}.", NOON + number * MINUTE)
        await put(store, change(found, "revised"))
    kept = await store.revisions(found.uid)
    assert [one.number for one in kept] == [1, *range(found.revision - KEPT_REVISIONS + 1, found.revision + 1)]
    assert kept[-1].entry == found.entry
    assert kept[-2].entry.text == f"Words {KEPT_REVISIONS + 3}."
