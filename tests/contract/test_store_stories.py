"""What every store does to find stories, and to keep them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator import stories
from aggregator.model import (
    Copy,
    Edge,
    Evidence,
    Faults,
    Item,
    Likeness,
    NearMiss,
    Placement,
    Refusal,
    Sighting,
    Signature,
    Story,
)
from aggregator.ports import Store
from aggregator.stories import REACH
from tests.contract.stock import MINUTE, NOON, change, item, listed, put, revised

DAY = timedelta(days=1)
ALIKE = Evidence(method="near", likeness=Likeness(jaccard=0.75, numbers=0.5), reason="3 of 4 phrases are in both")
UNLIKE = Refusal(rule="numbers", likeness=Likeness(numbers=0.25), reason="their numbers differ")


def sighted(found: Item, **fields) -> Sighting:
    """The item as comparing sees it, under some keys of its signature."""
    keys = fields.pop("keys", ())
    made = stories.sighting(found, replace(stories.sign(found.entry), keys=keys))
    return replace(made, **fields)


def story(*items: Item, name: str = "") -> Story:
    uids = tuple(sorted(one.uid for one in items))
    return Story(id=name or min(one.public_id for one in items), members=uids, primary=uids[0])


def pair(one: Item, other: Item) -> dict[str, str]:
    first, second = sorted((one.uid, other.uid))
    return {"one": first, "other": second}


async def placed(
    store: Store, found: Item, *, publications=(), placement: Placement | None = None, **fields
) -> Item:
    """Store the item as compared, alone unless a placement says otherwise; the item as it is then."""
    alone = Placement(story=story(found))
    read = await store.item(found.uid)
    assert read is not None
    await store.place(read, sighted(found, **fields), placement or alone, publications=publications)
    stored = await store.item(found.uid)
    assert stored is not None
    return stored


async def two(store: Store) -> tuple[Item, Item]:
    one, other = item("1"), item("2", first_seen=NOON + MINUTE)
    await put(store, change(one), change(other))
    return one, other


async def test_items_wait_to_be_compared_in_the_order_in_which_they_came(store: Store) -> None:
    one, other = await two(store)
    assert await store.find_uncompared(10) == (one, other)
    assert await store.find_uncompared(1) == (one,)
    assert (await placed(store, one)).compared == 1
    assert await store.find_uncompared(10) == (other,)


async def test_a_revised_item_waits_again_and_one_that_only_moved_its_dates_does_not(store: Store) -> None:
    one, other = await two(store)
    await placed(store, one)
    await placed(store, other)
    assert await store.find_uncompared(10) == ()
    await put(store, change(revised(one, "Other words."), "revised"))
    assert [found.uid for found in await store.find_uncompared(10)] == [one.uid]


async def test_what_was_revised_while_it_was_compared_is_compared_again(store: Store) -> None:
    one, _ = await two(store)
    await put(store, change(revised(one, "Other words."), "revised"))
    await store.place(one, sighted(one, keys=(1,)), Placement(story=story(one)), publications=())
    assert one.uid in {found.uid for found in await store.find_uncompared(10)}
    assert (await store.neighbourhood(sighted(item("9"), keys=(1,)), (), REACH)).candidates == ()


@pytest.mark.parametrize("part", ["title", "text", "media", "url_key"])
async def test_what_says_something_else_without_a_revision_is_compared_again_and_shown_meanwhile(
    store: Store, part: str
) -> None:
    one, _ = await two(store)
    await placed(store, one)
    other_print = replace(one.fingerprint, **({part: "other"} if part != "url_key" else {}))
    entry = replace(one.entry, url_key="river.example/other" if part == "url_key" else one.entry.url_key)
    silent = replace(one, fingerprint=other_print, entry=entry, changed_at=NOON + MINUTE)
    await put(store, change(silent, "bumped"))
    waiting = {found.uid: found for found in await store.find_uncompared(10)}
    assert waiting[one.uid].compared, "what was never compared is not shown"
    assert (await placed(store, one)).compared == 1
    assert one.uid not in {found.uid for found in await store.find_uncompared(10)}


async def test_what_moved_its_dates_only_or_is_fingerprinted_by_newer_rules_is_not_compared_again(
    store: Store,
) -> None:
    one, other = await two(store)
    await placed(store, one)
    await placed(store, other)
    await put(store, change(replace(one, claimed_updated=NOON, changed_at=NOON + MINUTE), "bumped"))
    remade = replace(one.fingerprint, version=2, text="made anew")
    await put(store, change(replace(other, fingerprint=remade, changed_at=NOON + MINUTE), "bumped"))
    assert await store.find_uncompared(10) == ()


@pytest.mark.parametrize("silent_first", [True, False])
async def test_one_commit_holds_what_is_compared_again_beside_what_is_not(
    store: Store, *, silent_first: bool
) -> None:
    one, other = await two(store)
    await placed(store, one)
    await placed(store, other)
    silent = replace(one, fingerprint=replace(one.fingerprint, text="other"), changed_at=NOON + MINUTE)
    moved = replace(other, claimed_updated=NOON, changed_at=NOON + MINUTE)
    pair = (silent, moved) if silent_first else (moved, silent)
    await put(store, *(change(found, "bumped") for found in pair))
    assert [found.uid for found in await store.find_uncompared(10)] == [one.uid]


async def test_what_waits_for_its_first_comparing_goes_on_waiting(store: Store) -> None:
    one, _ = await two(store)
    silent = replace(one, fingerprint=replace(one.fingerprint, text="other"), changed_at=NOON + MINUTE)
    await put(store, change(silent, "bumped"))
    found = await store.item(one.uid)
    assert found is not None
    assert found.compared == 0


async def test_an_edge_that_parts_goes_and_that_it_was_stays_known(store: Store) -> None:
    one, other = await two(store)
    joined = Edge(**pair(one, other), evidence=ALIKE)
    whole = story(one, other)
    await placed(store, one, placement=Placement(story=whole, stories=(whole,), edges=(joined,)))
    gone = NearMiss(**pair(one, other), refusal=replace(UNLIKE, rule="parted"))
    alone = (story(one), story(other))
    apart = Placement(story=alone[0], stories=alone, parted=(joined,), misses=(gone,))
    await placed(store, one, placement=apart)
    assert await store.evidence(one.uid) == ((), (gone,))
    assert await store.copies([one.uid, other.uid]) == {}
    await placed(store, other, placement=Placement(story=alone[1]))
    later = NearMiss(**pair(one, other), refusal=UNLIKE)
    await placed(store, other, placement=Placement(story=alone[1], misses=(later,)))
    assert await store.evidence(one.uid) == ((), (gone,)), "what they were once says more than how they look now"
    await placed(store, one, placement=Placement(story=whole, stories=(whole,), edges=(joined,)))
    assert await store.evidence(one.uid) == ((joined,), ())


async def test_what_edges_and_a_story_join_to_an_item_is_known_beyond_keys_and_window(store: Store) -> None:
    one, other = await two(store)
    third, far = item("3"), NOON + 30 * DAY
    await put(store, change(third))
    joined = Edge(**pair(one, other), evidence=ALIKE)
    whole, onwards = story(one, other, third), Edge(**pair(other, third), evidence=ALIKE)
    placement = Placement(story=whole, stories=(whole,), edges=(joined, onwards))
    await placed(store, one, keys=(1,))
    await placed(store, third, keys=(3,))
    await placed(store, other, keys=(2,), placement=placement, published=far)
    near = await store.neighbourhood(sighted(one), (), REACH)
    assert {found.uid for found in near.kin} == {other.uid, third.uid}
    assert near.former == sighted(one, keys=(1,)).signature
    assert near.candidates == ()
    await store.forget(NOON + DAY)
    near = await store.neighbourhood(sighted(one), (), REACH)
    assert (near.kin, near.former) == ((), None)
    assert {copy.item.uid for copy in near.copies} == {other.uid, third.uid}


async def test_withdrawn_and_pruned_items_do_not_wait(store: Store) -> None:
    one, other = item("1", withdrawn_at=NOON), item("2")
    await put(store, change(one), change(other))
    assert [found.uid for found in await store.find_uncompared(10)] == [other.uid]
    await listed(store)
    assert await store.prune(NOON + 400 * DAY) == 2
    assert await store.find_uncompared(10) == ()


async def test_a_poll_leaves_the_story_of_an_item_alone(store: Store) -> None:
    one, other = await two(store)
    whole = story(one, other)
    await placed(store, one, placement=Placement(story=whole, stories=(whole,)))
    await put(store, change(revised(one, "Other words."), "revised"))
    found = await store.item(one.uid)
    assert found is not None
    assert (found.story, found.compared, found.revision) == (whole.id, 1, 2)


async def test_items_that_share_keys_are_candidates_those_that_share_most_first(store: Store) -> None:
    one, other = await two(store)
    third = item("3")
    await put(store, change(third))
    await placed(store, one, keys=(1, 2, 3))
    await placed(store, other, keys=(2, 3, 4))
    await placed(store, third, keys=(3,))
    asked = sighted(item("4"), keys=(2, 3))
    near = await store.neighbourhood(asked, (), REACH)
    assert [found.uid for found in near.candidates] == [*sorted((one.uid, other.uid)), third.uid]
    assert near.candidates[-1] == sighted(third, keys=(3,)), "as it was stored"
    assert {copy.item.uid for copy in near.copies} == {one.uid, other.uid, third.uid}
    assert near.edges == ()


async def test_an_item_is_no_candidate_for_itself_and_one_without_keys_has_none(store: Store) -> None:
    one, _ = await two(store)
    await placed(store, one, keys=(1,))
    assert (await store.neighbourhood(sighted(one, keys=(1,)), (), REACH)).candidates == ()
    assert (await store.neighbourhood(sighted(one), (), REACH)).candidates == ()


async def test_edges_are_followed_to_the_end_and_keep_their_evidence(store: Store) -> None:
    one, other = await two(store)
    third = item("3")
    await put(store, change(third))
    first, second = Edge(**pair(one, other), evidence=ALIKE), Edge(**pair(other, third), evidence=ALIKE)
    await placed(store, one, placement=Placement(story=story(one, other), edges=(first,)))
    await placed(store, third, placement=Placement(story=story(other, third), edges=(second,)))
    near = await store.neighbourhood(sighted(one), (), REACH)
    assert {copy.item.uid for copy in near.copies} == {other.uid, third.uid}
    assert set(near.edges) == {first, second}
    assert await store.evidence(one.uid) == ((first,), ())
    assert await store.edges_of([third.uid, "nobody"]) == (second,)
    both = await store.edges_of([other.uid, one.uid])
    assert sorted(both, key=repr) == sorted((first, second), key=repr), "each once, whichever end it is known by"
    stronger = replace(first, evidence=replace(ALIKE, method="url", reason="one address"))
    await placed(store, one, placement=Placement(story=story(one, other), edges=(stronger,)))
    assert await store.evidence(one.uid) == ((stronger,), ())


async def test_near_misses_are_those_of_the_last_look(store: Store) -> None:
    one, other = await two(store)
    miss = NearMiss(**pair(one, other), refusal=UNLIKE)
    await placed(store, one, placement=Placement(story=story(one), misses=(miss,)))
    assert await store.evidence(other.uid) == ((), (miss,))
    await placed(store, other)
    assert await store.evidence(other.uid) == ((), ())


async def test_stories_are_known_by_any_of_their_members_with_length_and_credit(store: Store) -> None:
    one, other = await two(store)
    await placed(store, one)
    assert await store.copies([one.uid, other.uid]) == {}
    whole = story(one, other)
    sighting = sighted(other)
    sighting = replace(sighting, signature=replace(sighting.signature, length=9, credit="wire"))
    await store.place(other, sighting, Placement(story=whole, stories=(whole,)), publications=())
    found = await store.copies([other.uid, "unknown"])
    assert list(found) == [other.uid]
    assert [copy.item.uid for copy in found[other.uid]] == sorted((one.uid, other.uid))
    assert {copy.item.uid: copy.credit for copy in found[other.uid]}[other.uid] == "wire"
    assert all(isinstance(copy, Copy) and copy.item.story == whole.id for copy in found[other.uid])


async def test_a_story_that_falls_apart_leaves_items_that_stand_alone(store: Store) -> None:
    one, other = await two(store)
    whole = story(one, other)
    await placed(store, one, placement=Placement(story=whole, stories=(whole,)))
    apart = Placement(story=story(one), stories=(story(one), story(other)))
    assert (await placed(store, one, placement=apart)).story is None
    assert await store.copies([one.uid, other.uid]) == {}


async def test_placing_outdates_the_publications_that_may_show_it(store: Store) -> None:
    one, _ = await two(store)
    digests = {"all": "d", "other": "d"}
    for name, generation in (await store.find_outdated(digests, NOON)).items():
        await store.save([], publication_id=name, digest="d", generation=generation)
    assert await store.find_outdated(digests, NOON) == {}
    await placed(store, one, publications=("all",))
    assert set(await store.find_outdated(digests, NOON)) == {"all"}


@pytest.mark.parametrize("name", ["uid", "public id", "id", "url"])
async def test_items_that_the_editor_names_are_compared_anew(store: Store, name: str) -> None:
    one, other = await two(store)
    await placed(store, one)
    await placed(store, other)
    names = {"uid": one.uid, "public id": one.public_id, "id": one.entry.id, "url": one.entry.url}
    assert await store.reconsider({str(names[name])}) >= 1
    assert one.uid in {found.uid for found in await store.find_uncompared(10)}


async def test_what_rests_on_the_editor_s_word_goes_when_it_may_have_changed(store: Store) -> None:
    one, other = await two(store)
    joined = Edge(**pair(one, other), evidence=replace(ALIKE, method="editor"))
    await placed(store, one, placement=Placement(story=story(one, other), edges=(joined,)))
    await placed(store, other, placement=Placement(story=story(one, other)))
    assert await store.reconsider(()) == 2
    assert await store.evidence(one.uid) == ((), ())
    assert len(await store.find_uncompared(10)) == 2
    kept = NearMiss(**pair(one, other), refusal=replace(UNLIKE, rule="editor"))
    await placed(store, one)
    await placed(store, other, placement=Placement(story=story(other), misses=(kept,)))
    assert await store.reconsider(()) == 2
    assert await store.evidence(one.uid) == ((), ())


async def test_what_was_compared_under_a_signature_that_stands_for_none_waits_again_when_that_is_wanted(
    store: Store,
) -> None:
    one, other = await two(store)
    failed = Signature(version=stories.FAILED)
    await placed(store, one, signature=failed)
    await placed(store, other)
    assert await store.find_uncompared(10) == ()
    assert await store.retry(failed) == 1
    assert [found.uid for found in await store.find_uncompared(10)] == [one.uid]
    await placed(store, one)
    assert await store.retry(failed) == 0
    assert await store.find_uncompared(10) == ()


async def test_faults_of_ours_are_counted_by_stage_and_for_ever(store: Store) -> None:
    assert await store.faults() == ()
    for stage, count in (("render", 1), ("compare", 2), ("render", 3)):
        await store.count_faults(stage, count)
    await store.close()
    await store.open()
    assert await store.faults() == (Faults(stage="compare", count=2), Faults(stage="render", count=4))


async def test_what_is_forgotten_is_no_candidate_and_stays_in_its_story(store: Store) -> None:
    one, other = await two(store)
    whole = story(one, other)
    await placed(store, one, keys=(1,), placement=Placement(story=whole, stories=(whole,)))
    await store.forget(NOON)
    assert (await store.neighbourhood(sighted(other, keys=(1,)), (), REACH)).candidates
    await store.forget(NOON + DAY)
    near = await store.neighbourhood(sighted(other, keys=(1,)), (), REACH)
    assert near.candidates == ()
    assert set(await store.copies([one.uid])) == {one.uid}


async def test_placing_what_is_not_there_does_nothing(store: Store) -> None:
    await put(store)
    ghost = item("ghost")
    await store.place(ghost, sighted(ghost), Placement(story=story(ghost)), publications=())
    assert await store.item(item("ghost").uid) is None


async def test_those_judged_apart_are_known_around_an_item_unless_one_story_holds_them(store: Store) -> None:
    one, other = await two(store)
    third = item("3", first_seen=NOON + 2 * MINUTE)
    await put(store, change(third))
    miss = NearMiss(**pair(one, other), refusal=UNLIKE)
    joined = tuple(Edge(**pair(third, found), evidence=ALIKE) for found in (one, other))
    await placed(store, one)
    await placed(store, other, placement=Placement(story=story(other), misses=(miss,)))
    await placed(store, third, placement=Placement(story=story(third, one), edges=joined))
    assert (await store.neighbourhood(sighted(third), (), REACH)).apart == {frozenset((one.uid, other.uid))}
    whole = story(one, other, third)
    await placed(store, third, placement=Placement(story=whole, stories=(whole,), edges=joined))
    assert (await store.neighbourhood(sighted(third), (), REACH)).apart == frozenset()


async def test_those_judged_apart_are_known_around_an_item_that_is_the_first_to_resemble_both(
    store: Store,
) -> None:
    one, other = await two(store)
    third = item("3", first_seen=NOON + 2 * MINUTE)
    await put(store, change(third))
    miss = NearMiss(**pair(one, other), refusal=UNLIKE)
    await placed(store, one, keys=(1, 2))
    await placed(store, other, placement=Placement(story=story(other), misses=(miss,)), keys=(2, 3))
    near = await store.neighbourhood(sighted(third, keys=(1, 3)), (), REACH)
    assert near.edges == ()
    assert near.apart == {frozenset((one.uid, other.uid))}


async def test_items_of_other_sources_at_one_address_are_named_when_their_signatures_are_gone(
    store: Store,
) -> None:
    one, _ = await two(store)
    await placed(store, one)
    asked = replace(sighted(item("9")), source_id="lake", url_key=one.entry.url_key or "")
    assert (await store.neighbourhood(asked, (), REACH)).far == ()
    await store.forget(NOON + DAY)
    near = await store.neighbourhood(asked, (), REACH)
    assert near.far == (one.uid,)
    assert [copy.item.uid for copy in near.copies] == [one.uid]
    assert (await store.neighbourhood(replace(asked, source_id=one.source_id), (), REACH)).far == ()
    assert (await store.neighbourhood(replace(asked, shared_url=True), (), REACH)).far == ()
