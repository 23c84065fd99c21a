"""What every store does when the editor calls sources otherwise."""

from __future__ import annotations

from dataclasses import replace

from aggregator.dedupe import uid_of
from aggregator.model import ItemKey, Takeover, Update
from aggregator.ports import Store
from tests.contract.stock import NOON, change, claimed, item, put

ALIAS = ItemKey(kind="url", value="example.org/other-name")


async def stocked(store: Store, **digests: str) -> None:
    """Sources with an item each, asked at an address of that digest."""
    for name, digest in digests.items():
        one = replace(change(item(f"of-{name}", source_id=name)), aliases=(ALIAS,))
        state = await claimed(store, name)
        assert await store.commit(Update(state=replace(state, request_digest=digest), changes=(one,)))


def takeover(was: str, name: str, digest: str) -> Takeover:
    return Takeover(was=was, name=name, request_digest=digest)


async def test_all_that_a_source_brought_goes_by_its_new_label(store: Store) -> None:
    await stocked(store, river="x")
    (before,) = await store.latest(["river"], 10)
    assert await store.take_over([takeover("river", "stream", "x")])
    assert await store.latest(["stream"], 10) == (replace(before, source_id="stream"),)
    assert await store.latest(["river"], 10) == ()
    assert ALIAS in await store.find_known("stream", [ALIAS])
    assert await store.find_known("river", [ALIAS, before.key]) == {}
    (state,) = (await store.states()).values()
    assert (state.source_id, state.items, state.labels, state.profile.seed) == ("stream", 1, ("river",), "river")


async def test_a_source_that_gets_its_first_label_back_is_as_it_was(store: Store) -> None:
    await stocked(store, river="x")
    await store.take_over([takeover("river", "stream", "x")])
    await store.take_over([takeover("stream", "river", "x")])
    state = (await store.states())["river"]
    assert (state.profile.seed, state.labels) == ("", ("stream",))


async def test_labels_that_are_exchanged_twice_by_two_processes_are_exchanged_once(store: Store) -> None:
    await stocked(store, river="x", lake="y")
    exchange = [takeover("river", "lake", "x"), takeover("lake", "river", "y")]
    assert await store.take_over(exchange)
    assert not await store.take_over(exchange)
    assert [one.key.value for one in await store.latest(["lake"], 10)] == [item("of-river").key.value]
    assert not any("~" in name for name in await store.states())


async def test_nothing_is_renamed_onto_another_source_or_from_one_that_is_not_there(store: Store) -> None:
    await stocked(store, river="x", lake="y")
    before = await store.states()
    assert not await store.take_over([takeover("river", "lake", "x")])
    assert not await store.take_over([takeover("sea", "ocean", "z")])
    assert not await store.take_over([])
    assert await store.states() == before


async def test_whoever_polls_a_source_while_it_is_renamed_writes_nothing(store: Store) -> None:
    await stocked(store, river="x", lake="y")
    late = await claimed(store, "river")
    await store.take_over([takeover("river", "lake", "x"), takeover("lake", "river", "y")])
    assert not await store.commit(Update(state=late, changes=(change(item("late")),)))


async def test_a_new_source_under_a_freed_label_makes_uids_of_its_own(store: Store) -> None:
    await stocked(store, river="x")
    await store.take_over([takeover("river", "stream", "x")])
    await store.register({"stream": NOON, "river": NOON, "lake": NOON}, (), NOON)
    states = await store.states()
    seeds = {name: state.profile.seed or name for name, state in states.items()}
    key = ItemKey(kind="id", value="1")
    assert len({uid_of(seed, key) for seed in seeds.values()}) == 3
    await store.take_over([takeover("river", "pond", "")])
    await store.register({"stream": NOON, "river": NOON, "pond": NOON, "lake": NOON}, (), NOON)
    states = await store.states()
    assert len({state.profile.seed or name for name, state in states.items()}) == 4


async def test_a_renamed_source_goes_on_as_before(store: Store) -> None:
    await stocked(store, river="x")
    await store.take_over([takeover("river", "stream", "x")])
    await store.register({"stream": NOON}, (), NOON)
    assert await put(store, change(item("next", source_id="stream")), source_id="stream")
    assert len(await store.latest(["stream"], 10)) == 2
