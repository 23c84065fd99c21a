"""What every store does with sources: registering, claiming, states."""

from __future__ import annotations

import asyncio
from dataclasses import fields, replace
from datetime import timedelta

import pytest

from aggregator.model import Entry, Faults, SourceState, SourceTotals, Update
from aggregator.ports import Store
from aggregator.store import open_store
from aggregator.store.sql import sources
from tests.contract.stock import FULL_ENTRY, FULL_STATE, LEASE, MINUTE, NOON, change, claimed, item, put

SECOND = timedelta(seconds=1)
EMPTY = SourceState(source_id="odd", next_poll_at=NOON)


async def test_a_new_source_gets_the_due_time_it_is_registered_with(store: Store) -> None:
    await store.register({"river": NOON + MINUTE}, (), NOON)
    assert await store.states() == {"river": SourceState(source_id="river", next_poll_at=NOON + MINUTE)}


async def test_a_known_source_keeps_its_due_time_when_registered_again(url: str) -> None:
    for due in (NOON + MINUTE, NOON):
        store = open_store(url)
        await store.open()
        await store.register({"river": due}, (), NOON)
        assert (await store.states())["river"].next_poll_at == NOON + MINUTE
        await store.close()


async def test_disabled_and_forgotten_sources_are_not_due_and_lose_nothing(store: Store) -> None:
    for name in ("kept", "off", "forgotten"):
        await put(store, change(item(source_id=name)), source_id=name)
    before = await store.states()
    later = NOON + timedelta(days=1)
    await store.register({"kept": later, "off": later}, {"off"}, later)
    assert [state.source_id for state in await store.claim_due(later, LEASE, 10)] == ["kept"]
    after = await store.states()
    assert {name: after[name].status for name in ("off", "forgotten")} == {
        "off": "disabled",
        "forgotten": "disabled",
    }
    assert replace(after["off"], status="pending") == before["off"]
    assert len(await store.latest(["off", "forgotten"], 10)) == 2


async def test_what_all_sources_come_to_is_told_without_reading_their_states(store: Store) -> None:
    assert await store.totals() == SourceTotals()
    await store.register(dict.fromkeys(("river", "lake", "new"), NOON), (), NOON)
    river = await claimed(store, "river")
    await store.commit(Update(state=replace(FULL_STATE, lease=river.lease), changes=(change(item()),)))
    lake = await claimed(store, "lake")
    await store.commit(Update(state=replace(lake, status="ok", polls=3, last_poll_at=NOON - MINUTE)))
    states = await store.states()
    kinds = sorted(((one.status, one.trouble, 1) for one in states.values()), key=str)
    assert await store.totals() == SourceTotals(
        standing=tuple(kinds),
        items=1,
        polls=FULL_STATE.polls + 3,
        due=min(one.next_poll_at for one in states.values()),
        polled=FULL_STATE.last_poll_at,
    )
    assert await store.standings() == {name: (one.status, one.trouble, one.items) for name, one in states.items()}
    await store.register({}, ("lake",), NOON)
    held = {name: (status, items) for name, (status, _, items) in (await store.standings()).items()}
    assert held == {"river": ("disabled", 1), "lake": ("disabled", 0), "new": ("disabled", 0)}
    assert (await store.totals()).standing == ()
    assert (await store.totals()).polls == FULL_STATE.polls + 3, "what was polled was polled"


@pytest.mark.parametrize("at_once", [1, 2, 5, 6, 7])
async def test_the_states_of_very_many_sources_are_read_a_few_in_a_transaction(
    store: Store, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["a", "B", "ab", "z", "é", "زمان"]
    await store.register(dict.fromkeys(names, NOON), (), NOON)
    whole = await store.states()
    monkeypatch.setattr(sources, "AT_ONCE", at_once)
    assert list(await store.states()) == list(whole) == sorted(names)
    assert await store.states() == await store.states(names) == whole


async def test_sources_are_found_by_when_they_were_polled_and_by_what_few_of_them_say(store: Store) -> None:
    await store.register(dict.fromkeys(("early", "late", "new", "odd"), NOON), (), NOON)
    for name, at in (("early", NOON), ("late", NOON + MINUTE)):
        state = await claimed(store, name)
        await store.commit(Update(state=replace(state, last_poll_at=at, polls=1)))
    odd = await claimed(store, "odd")
    for told in (
        {"faults": (Faults(stage="read", count=2),)},
        {"labels": ("strange",)},
        {"resumed_at": NOON},
        {"profile": replace(odd.profile, seed="strange")},
    ):
        await store.commit(Update(state=replace(odd, **told)))
        odd = await claimed(store, "odd")
        assert list(await store.remarkable_states()) == ["odd"], told
        await store.commit(Update(state=replace(odd, **{name: getattr(EMPTY, name) for name in told})))
        odd = await claimed(store, "odd")
        assert await store.remarkable_states() == {}
    states = await store.states()
    assert await store.polled_since(NOON) == {name: states[name] for name in ("early", "late")}
    assert await store.polled_since(NOON + SECOND) == {"late": states["late"]}


async def test_what_is_due_can_be_looked_at_and_is_not_taken_by_that(store: Store) -> None:
    await store.register({"later": NOON + MINUTE, "b": NOON, "a": NOON, "c": NOON - MINUTE}, {"off"}, NOON)
    for _ in range(2):
        assert await store.find_due(NOON, 10) == ("c", "a", "b")
    assert await store.find_due(NOON, 2) == ("c", "a")
    assert await store.find_due(NOON, 10, but_not=["c"]) == ("a", "b")
    (taken,) = await store.claim_due(NOON, LEASE, 1)
    assert (taken.source_id, await store.find_due(NOON, 10)) == ("c", ("a", "b"))
    assert await store.find_due(NOON + LEASE, 1) == ("c",), "whoever took it has not renewed"


async def test_of_what_is_due_only_such_as_are_asked_for_are_taken(store: Store) -> None:
    names = [f"s{number:04}" for number in range(1200)]
    await store.register(dict.fromkeys((*names, "other"), NOON), (), NOON)
    assert await store.claim_due(NOON, LEASE, 5, among=["nobody"]) == ()
    found = await store.claim_due(NOON, LEASE, 700, among=["nobody", *names[:600]])
    assert [state.source_id for state in found] == names[:600]
    assert len(await store.claim_due(NOON, LEASE, 550, among=names)) == 550
    assert [state.source_id for state in await store.claim_due(NOON, LEASE, 100)][-1] == "s1199"


async def test_a_source_that_comes_back_is_polled_when_it_was_due(store: Store) -> None:
    await store.register({"river": NOON + MINUTE}, (), NOON)
    await store.register({}, (), NOON)
    assert await store.claim_due(NOON + LEASE, LEASE, 10) == ()
    await store.register({"river": NOON + LEASE}, (), NOON)
    assert (await store.states())["river"] == SourceState(source_id="river", next_poll_at=NOON + MINUTE)


async def test_a_source_that_was_never_enabled_is_known_as_disabled(store: Store) -> None:
    await store.register({}, ["river"], NOON)
    assert (await store.states())["river"].status == "disabled"
    await store.register({"river": NOON + LEASE}, (), NOON)
    (state,) = await store.claim_due(NOON, LEASE, 1)
    assert state.status == "pending"


async def test_due_sources_are_claimed_longest_overdue_first_and_no_more_than_asked_for(store: Store) -> None:
    due = {"a": NOON, "b": NOON - MINUTE, "c": NOON - 2 * MINUTE, "later": NOON + MINUTE}
    await store.register(due, (), NOON)
    assert [state.source_id for state in await store.claim_due(NOON, LEASE, 2)] == ["c", "b"]
    assert [state.source_id for state in await store.claim_due(NOON, LEASE, 2)] == ["a"]
    assert await store.claim_due(NOON, LEASE, 2) == ()


async def test_a_claim_leaves_the_due_time_and_raises_the_lease(store: Store) -> None:
    await store.register({"river": NOON}, (), NOON)
    (first,) = await store.claim_due(NOON, LEASE, 1)
    assert (first.next_poll_at, first.lease) == (NOON, 1)
    assert (await store.states())["river"] == first
    assert await store.claim_due(NOON + LEASE - SECOND, LEASE, 1) == ()
    (second,) = await store.claim_due(NOON + LEASE, LEASE, 1)  # the first claimant died
    assert (second.next_poll_at, second.lease) == (NOON, 2)


async def test_a_lease_that_is_renewed_keeps_others_out_and_only_its_owner_renews_it(
    url: str, store: Store
) -> None:
    await store.register({"a": NOON, "b": NOON}, (), NOON)
    await store.claim_due(NOON, LEASE, 2)
    other = open_store(url)
    await other.open()
    assert await other.renew(["b"], NOON + 3 * LEASE, LEASE) == frozenset()
    assert await store.renew(["a"], NOON + LEASE - SECOND, LEASE) == {"a"}
    found = await other.claim(["a", "b"], NOON + LEASE, LEASE)
    await other.close()
    assert [state.source_id for state in found] == ["b"]


async def test_what_the_claimant_polls_itself_is_not_claimed_anew_though_its_lease_is_over(store: Store) -> None:
    await store.register({"a": NOON, "b": NOON}, (), NOON)
    await store.claim_due(NOON, LEASE, 1)
    found = await store.claim_due(NOON + 2 * LEASE, LEASE, 2, but_not=["a", "nobody"])
    assert [state.source_id for state in found] == ["b"]


async def test_a_commit_and_a_release_end_the_lease(store: Store) -> None:
    await store.register({"a": NOON, "b": NOON}, (), NOON)
    first, second = await store.claim_due(NOON, LEASE, 2)
    await store.commit(Update(state=first))
    await store.release(second)
    found = await store.claim_due(NOON, LEASE, 2)
    assert [(state.source_id, state.lease) for state in found] == [("a", 2), ("b", 2)]
    await store.release(first)  # a claim of before: nothing to give back
    assert await store.claim_due(NOON, LEASE, 2) == ()


async def test_a_source_of_which_nothing_comes_again_and_again_is_left_alone_for_a_while(store: Store) -> None:
    await store.register({"river": NOON}, (), NOON)
    now = NOON
    for _ in range(6):  # killed each time
        assert len(await store.claim_due(now, LEASE, 1)) == 1
        now += LEASE
    assert await store.claim_due(now + 299 * SECOND, LEASE, 1) == ()
    (state,) = await store.claim(["river"], now, LEASE)  # somebody insists
    await store.commit(Update(state=state))
    assert len(await store.claim_due(now, LEASE, 1)) == 1
    assert len(await store.claim_due(now + LEASE, LEASE, 1)) == 1


async def test_a_lease_by_a_clock_that_ran_ahead_holds_nobody_up(store: Store) -> None:
    await store.register({"river": NOON}, (), NOON)
    await store.claim_due(NOON + timedelta(hours=3), LEASE, 1)
    assert await store.claim_due(NOON, LEASE, 1) == ()
    await store.clamp_to_now(NOON, ())
    assert len(await store.claim_due(NOON, LEASE, 1)) == 1
    await store.release((await store.states())["river"])
    await store.claim(["river"], NOON + timedelta(days=400), LEASE)
    assert len(await store.claim_due(NOON, LEASE, 1)) == 1


async def test_claims_at_the_same_time_never_get_the_same_source(store: Store) -> None:
    await store.register({f"s{number:02}": NOON for number in range(40)}, (), NOON)
    claims = await asyncio.gather(*(store.claim_due(NOON, LEASE, 3) for _ in range(20)))
    names = [state.source_id for claim in claims for state in claim]
    assert sorted(names) == [f"s{number:02}" for number in range(40)]


async def test_named_sources_are_claimed_whether_due_or_enabled_in_the_order_given(store: Store) -> None:
    await store.register({"a": NOON + LEASE, "b": NOON}, {"b"}, NOON)
    found = await store.claim(["b", "nobody", "a", "b"], NOON, LEASE)
    assert [(state.source_id, state.lease, state.next_poll_at) for state in found] == [
        ("b", 1, NOON),
        ("a", 1, NOON + LEASE),
    ]
    assert await store.claim([], NOON, LEASE) == ()
    assert await store.claim(["a", "b"], NOON, LEASE) == (), "somebody polls them"


async def test_every_field_of_a_state_comes_back_as_it_was_written(store: Store) -> None:
    state = await claimed(store)
    assert await store.commit(Update(state=FULL_STATE, changes=(change(item()),)))
    assert state.lease == FULL_STATE.lease
    assert await store.states() == {"river": FULL_STATE}


@pytest.mark.parametrize(
    ("full", "empty"), [(FULL_STATE, SourceState(source_id="", next_poll_at=NOON)), (FULL_ENTRY, Entry())]
)
def test_the_full_examples_leave_no_field_at_its_default(full: object, empty: SourceState | Entry) -> None:
    same = [field.name for field in fields(empty) if getattr(full, field.name) == getattr(empty, field.name)]
    assert same == []


async def test_a_state_counts_the_items_it_has_and_no_others(store: Store) -> None:
    await put(store, change(item("1")), change(item("2")))
    await put(store, change(item("2")), change(item("3")))
    await put(store, change(item("4", "lake")), source_id="lake")
    assert {name: state.items for name, state in (await store.states()).items()} == {"river": 3, "lake": 1}


async def test_where_nothing_came_of_five_claims_a_source_is_left_alone_for_a_while(store: Store) -> None:
    await store.register({"river": NOON}, (), NOON)
    now = NOON
    for _ in range(6):  # the first claim, and five of which nothing came
        assert len(await store.claim_due(now, LEASE, 10, MINUTE)) == 1
        now += LEASE
    assert await store.claim_due(now, LEASE, 10, MINUTE) == ()
    (state,) = await store.claim_due(now + MINUTE, LEASE, 10, MINUTE)
    assert await store.commit(Update(state=replace(state, next_poll_at=now)))
    assert len(await store.claim_due(now + MINUTE, LEASE, 10, MINUTE)) == 1
    assert len(await store.claim_due(now + MINUTE + LEASE, LEASE, 10, MINUTE)) == 1
