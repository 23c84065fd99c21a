"""How far every store looks around an item: `stories.limits` says it, with the numbers written out here."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.model import Edge, Item, Placement
from aggregator.ports import Store
from aggregator.stories import COMPARED_FOR, REACH, TITLES_WITHIN
from tests.contract.stock import MINUTE, NOON, change, item, put
from tests.contract.test_store_stories import ALIKE, DAY, pair, placed, sighted, story, two

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("sign", [-1, 1])
async def test_what_is_dated_more_than_five_days_apart_is_no_candidate_but_by_name(
    store: Store, sign: int
) -> None:
    one, _ = await two(store)
    await placed(store, one, keys=(1,))
    near = sighted(item("8"), keys=(1,), published=one.published + sign * 5 * DAY)
    late = sighted(item("9"), keys=(1,), published=one.published + sign * (5 * DAY + SECOND))
    assert [found.uid for found in (await store.neighbourhood(near, (), REACH)).candidates] == [one.uid]
    assert (await store.neighbourhood(late, (), REACH)).candidates == ()
    named = await store.neighbourhood(late, {str(one.entry.url)}, REACH)
    assert [found.uid for found in named.candidates] == [one.uid]


async def test_two_hundred_are_looked_at_and_a_key_that_more_bear_is_not_followed(store: Store) -> None:
    crowd = [item(f"c{number}") for number in range(201)]
    await put(store, *map(change, crowd))
    for number, one in enumerate(crowd[:200]):
        await placed(store, one, keys=(7,), source_id=f"s{number % 10}")
    await placed(store, crowd[200], keys=(8,))
    asked = sighted(item("9"), keys=(7, 8))
    assert len((await store.neighbourhood(asked, (), REACH)).candidates) == 200
    await placed(store, crowd[200], keys=(7, 8))
    assert [found.uid for found in (await store.neighbourhood(asked, (), REACH)).candidates] == [crowd[200].uid]


async def test_of_one_source_the_twenty_that_share_most_are_looked_at_and_copies_of_others_besides(
    store: Store,
) -> None:
    flood = [item(f"f{number}") for number in range(60)]
    copy = item("copy")
    await put(store, *map(change, (copy, *flood)))
    await placed(store, copy, keys=(7,), source_id="lake")
    for one in flood:
        await placed(store, one, keys=(7, 8))
    await placed(store, flood[59], keys=(7, 8, 9))
    found = (await store.neighbourhood(sighted(item("9"), keys=(7, 8, 9)), (), REACH)).candidates
    assert (found[0].uid, found[-1].uid, len(found)) == (flood[59].uid, copy.uid, 21)


async def test_others_are_looked_for_under_the_first_forty_eight_keys(store: Store) -> None:
    one, other = await two(store)
    await placed(store, one, keys=(48,))
    await placed(store, other, keys=(49,))
    near = await store.neighbourhood(sighted(item("9"), keys=tuple(range(1, 50))), (), REACH)
    assert [found.uid for found in near.candidates] == [one.uid]


async def test_of_old_items_at_an_address_the_first_twenty_are_looked_at_again(store: Store) -> None:
    said = replace(item().entry, url_key="pond.example/a")
    old = [item(f"{number:02}", entry=said, first_seen=NOON + number * MINUTE) for number in range(21)]
    await put(store, *map(change, old))
    for one in old:
        await placed(store, one)
    await store.forget(NOON + DAY)
    asked = replace(sighted(item("9")), source_id="lake", url_key="pond.example/a")
    assert (await store.neighbourhood(asked, (), REACH)).far == tuple(one.uid for one in old[:20])


async def test_edges_are_followed_until_they_have_led_to_two_thousand(store: Store) -> None:
    """Three rings around an item, of which the second is met within the limit and the third beyond it."""
    middle, *rings = (item(f"r{number}") for number in range(1 + 2 * 999 + 3))
    first, second, third = rings[:999], rings[999 : 2 * 999], rings[2 * 999 :]
    await put(store, *map(change, (middle, *rings)))
    await placed(store, middle, placement=star(middle, first))
    for inner, outer in ((first[0], second), (second[0], third[:1]), (third[0], third[1:])):
        await placed(store, inner, placement=star(inner, outer))
    near = await store.neighbourhood(sighted(middle), (), REACH)
    assert {copy.item.uid for copy in near.copies} == {one.uid for one in (*first, *second, third[0])}


def star(middle: Item, others: list[Item]) -> Placement:
    edges = tuple(Edge(**pair(middle, one), evidence=ALIKE) for one in others)
    return Placement(story=story(middle), edges=edges)


async def test_titles_are_counted_within_thirty_days_and_addresses_for_ever(store: Store) -> None:
    dates = (NOON - 30 * DAY - SECOND, NOON - 30 * DAY, NOON + 30 * DAY, NOON + 30 * DAY + SECOND)
    stored = [item(f"{number}", published=date) for number, date in enumerate(dates)]
    asked = item("asked", published=NOON)
    await put(store, *map(change, stored))
    same = {"title_key": 2**63 + 5, "url": 2**64 - 1}
    for one in stored:
        made = sighted(one)
        made = replace(made, signature=replace(made.signature, **same))
        await store.place(one, made, Placement(story=story(one)), publications=())
    made = sighted(asked)
    alike = replace(made, signature=replace(made.signature, **same))
    assert await store.count_uses(alike, TITLES_WITHIN) == (3, 5)
    assert await store.count_uses(replace(alike, source_id="other"), TITLES_WITHIN) == (1, 1)
    unnamed = replace(made, signature=replace(made.signature, title_key=0, url=0))
    assert await store.count_uses(unnamed, TITLES_WITHIN) == (1, 1)


def test_signatures_are_held_for_a_day_longer_than_copies_may_be_dated_apart() -> None:
    assert REACH.window + DAY == COMPARED_FOR
