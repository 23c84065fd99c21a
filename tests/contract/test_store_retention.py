"""What every store keeps of items and publications that are absent, and for how long."""

from __future__ import annotations

import gzip
import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.model import ArchivePage, Item, Listing, NearMiss, Placement, TallyKey, Update
from aggregator.ports import Store
from aggregator.store import open_store
from tests.contract.stock import LEASE, MINUTE, NOON, change, document, item, listed, put, revised
from tests.contract.test_store_stories import UNLIKE, pair, placed, story

DAY = timedelta(days=1)
EVER = NOON + 9999 * DAY


async def absences(store: Store, *items: Item) -> list[datetime | None]:
    found = [await store.item(one.uid) for one in items]
    return [one.absent_since for one in found if one is not None]


async def two(store: Store) -> tuple[Item, Item]:
    one, other = item("1"), item("2")
    await put(store, change(one), change(other))
    return one, other


async def test_an_item_is_absent_since_the_first_reading_without_it(store: Store) -> None:
    one, other = await two(store)
    assert await absences(store, one, other) == [None, None]
    for minutes in (1, 2, 3):
        await listed(store, one, at=NOON + minutes * MINUTE)
    assert await absences(store, one, other) == [None, NOON + MINUTE]


async def test_an_item_that_comes_back_is_absent_no_more(store: Store) -> None:
    one, other = await two(store)
    await listed(store, one)
    await listed(store, one, other, at=NOON + MINUTE)
    await listed(store, other, at=NOON + 2 * MINUTE)
    assert await absences(store, one, other) == [NOON + 2 * MINUTE, None]


async def test_what_is_no_whole_list_makes_nothing_absent_but_tells_what_is_there(store: Store) -> None:
    one, other = await two(store)
    await listed(store, one)
    await listed(store, other, at=NOON + MINUTE, whole=False)
    assert await absences(store, one, other) == [None, None]


async def test_what_no_reading_listed_for_long_is_absent_once_that_is_told(store: Store) -> None:
    one, other, third = *(await two(store)), item("3")
    await put(store, change(third))
    await listed(store, one, third, at=NOON, whole=False)
    await listed(store, one, at=NOON + DAY, whole=False)
    await listed(store, one, at=NOON + 2 * DAY, whole=False)
    assert await absences(store, one, other, third) == [None, None, None]
    assert await store.prune(EVER) == 0
    await listed(store, at=NOON + 3 * DAY, whole=False, left_before=NOON)
    assert await absences(store, one, other, third) == [None, None, None], "it lists nothing"
    await listed(store, one, at=NOON + 4 * DAY, whole=False, left_before=NOON)
    assert await absences(store, one, other, third) == [None, NOON + 4 * DAY, None]
    await listed(store, other, third, at=NOON + 5 * DAY, whole=False, left_before=NOON + 4 * DAY)
    assert await absences(store, one, other, third) == [None, None, None], "seen again, its absence is over"
    await listed(store, third, at=NOON + 6 * DAY)
    assert await absences(store, one, other, third) == [NOON + 6 * DAY, NOON + 6 * DAY, None]


async def test_what_was_seen_again_is_counted_from_anew(store: Store) -> None:
    one, other = await two(store)
    await listed(store, one, at=NOON, whole=False)
    await listed(store, other, at=NOON + DAY, whole=False)
    await listed(store, one, at=NOON + 2 * DAY, whole=False, left_before=NOON + DAY)
    assert await absences(store, one, other) == [None, None]
    await listed(store, one, at=NOON + 3 * DAY, whole=False, left_before=NOON + 2 * DAY)
    assert await absences(store, one, other) == [None, NOON + 3 * DAY]


async def test_a_poll_that_read_nothing_makes_nothing_absent(store: Store) -> None:
    one, other = await two(store)
    for _ in range(400):
        await put(store)
    assert await absences(store, one, other) == [None, None]
    assert await store.prune(EVER) == 0


async def test_a_reading_concerns_its_own_source_only(store: Store) -> None:
    one, other = item("1"), item("1", "lake")
    await put(store, change(one))
    await put(store, change(other), source_id="lake")
    await listed(store, source_id="lake")
    assert await absences(store, one, other) == [None, NOON]
    await listed(store, other, at=NOON + MINUTE)
    assert await absences(store, one, other) == [NOON + MINUTE, NOON], "no source says what another lists"


async def test_a_reading_whose_lease_was_lost_says_nothing(store: Store) -> None:
    one = item("1")
    await put(store, change(one))
    (stale,) = await store.claim(["river"], NOON, LEASE)
    await store.claim(["river"], NOON + LEASE, LEASE)
    nothing = Listing(uids=frozenset(), whole=True)
    assert not await store.commit(Update(state=replace(stale, last_poll_at=NOON), listing=nothing))
    assert await absences(store, one) == [None]


async def test_what_its_feed_lists_is_kept_whatever_its_age_and_what_left_for_as_long_as_was_promised(
    store: Store,
) -> None:
    ancient = NOON - 9999 * DAY
    one, other = (
        item(name, published=ancient, updated=ancient, first_seen=ancient, changed_at=ancient) for name in "12"
    )
    await put(store, change(one), change(other))
    await listed(store, one)
    assert await store.prune(NOON) == 0, "it left just now, however old it is"
    assert await store.prune(NOON + MINUTE) == 1
    assert [found.uid for found in await store.latest(["river"], 10)] == [one.uid]


async def test_what_a_document_shows_is_kept_until_it_shows_it_no_more(store: Store) -> None:
    one, _ = await two(store)
    await listed(store)
    await store.find_outdated({"all": "d"}, NOON)
    shown = {"publication_id": "all", "digest": "d", "generation": 1}
    await store.save([document(b"1")], **shown, shown=[one.uid])
    assert await store.prune(EVER) == 1
    assert await store.find_outdated({"all": "d"}, NOON) == {}, "no document changes"
    assert [found.uid for found in await store.latest(["river"], 10)] == [one.uid]
    await store.save([document(b"2")], **shown, shown=[])
    assert await store.prune(EVER) == 1
    assert await store.latest(["river"], 10) == ()


async def test_the_copies_of_what_a_document_shows_are_kept_too(store: Store) -> None:
    one, other = await two(store)
    alone = item("3")
    await put(store, change(alone))
    whole = story(one, other)
    await placed(store, one, placement=Placement(story=whole, stories=(whole,)))
    await listed(store)
    await store.find_outdated({"all": "d"}, NOON)
    await store.save([document(b"1")], publication_id="all", digest="d", generation=1, shown=[other.uid])
    assert await store.prune(EVER) == 1
    assert {found.uid for found in await store.latest(["river"], 10)} == {one.uid, other.uid}


async def test_pruning_goes_through_all_that_is_absent_past_all_that_is_spared(store: Store) -> None:
    every = [item(str(number)) for number in range(330)]
    await put(store, *map(change, every))
    await listed(store)
    await store.find_outdated({"all": "d"}, NOON)
    spared = [one.uid for one in sorted(every, key=lambda one: one.uid)[:180]]
    await store.save([document(b"1")], publication_id="all", digest="d", generation=1, shown=spared)
    assert await store.prune(NOON + MINUTE) == 150
    assert (await store.states())["river"].items == 180


async def test_what_comes_back_after_it_was_let_go_of_is_itself(store: Store) -> None:
    one, _ = await two(store)
    await listed(store)
    await store.prune(EVER)
    await listed(store, one, at=NOON + DAY)
    found = await store.item(one.uid)
    assert found is not None
    assert (found.public_id, found.published, found.absent_since, found.pruned) == (
        one.public_id,
        one.published,
        None,
        True,
    )
    back = revised(one, "two", NOON + DAY)
    await put(store, change(back, "revised"), change(back, "revised"))
    assert await store.latest(["river"], 10) == (back,)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    readings=st.lists(
        st.tuples(st.frozensets(st.integers(0, 4)), st.booleans(), st.sampled_from(["read", "failed", "304"])),
        max_size=8,
    )
)
async def test_absence_is_what_the_whole_readings_since_the_last_sight_say(
    store: Store, readings: list[tuple[frozenset[int], bool, str]]
) -> None:
    name = f"s{NOON.timestamp()}-{id(readings)}-{len(await store.states())}"
    every = [item(str(number), name) for number in range(5)]
    await put(store, *map(change, every), source_id=name)
    expected: dict[int, datetime | None] = dict.fromkeys(range(5))
    for number, (numbers, whole, kind) in enumerate(readings, 1):
        at = NOON + number * DAY
        if kind != "read":
            await put(store, source_id=name)
            continue
        await listed(store, *(every[one] for one in numbers), source_id=name, at=at, whole=whole)
        for one in range(5):
            if one in numbers:
                expected[one] = None
            elif whole and expected[one] is None:
                expected[one] = at
    assert await absences(store, *every) == list(expected.values())


async def test_a_publication_that_is_absent_keeps_all_it_has_and_is_rendered_anew_when_it_returns(
    store: Store,
) -> None:
    await filled(store)
    before = await everything(store)
    assert await store.find_outdated({}, NOON + DAY) == {}
    assert await store.find_outdated({}, NOON + 2 * DAY) == {}
    await store.prune(NOON + DAY)
    assert not await store.save([], publication_id="all", digest="d", generation=1), (
        "a rendering under way is dropped"
    )
    assert await everything(store) == before
    assert list(await store.find_outdated({"all": "d"}, NOON + 99 * DAY)) == ["all"]
    assert await everything(store) == before
    await store.prune(EVER)
    assert await everything(store) == before, "it is absent no more"


async def test_a_publication_under_a_new_id_goes_on_where_the_old_one_ended(store: Store) -> None:
    await filled(store)
    before = await everything(store)
    assert list(await store.find_outdated({"new": "e"}, NOON + DAY, {"new": ("other", "all")})) == ["new"]
    assert await everything(store, "new") == before
    assert await store.document("all", "atom") is None
    assert await store.archive_numbers("all") == range(0)
    assert await store.save_archive_page(page(2, "new"))
    assert await store.find_outdated({"new": "e"}, NOON + DAY, {"new": ("other", "all")}) != {}, "it is there"


async def test_publications_are_renamed_again_and_again_and_back(store: Store) -> None:
    await filled(store)
    before = await everything(store)
    chain = [("b", ("all",)), ("c", ("b", "all")), ("all", ("c", "b")), ("d", ("all", "c"))]
    for days, (name, was) in enumerate(chain):
        await store.find_outdated({name: "d"}, NOON + days * DAY, {name: was})
        assert await everything(store, name) == before
    for name in ("all", "b", "c"):
        assert await store.archive_numbers(name) == range(0)


async def test_an_earlier_id_may_be_told_a_few_days_late(store: Store) -> None:
    await filled(store)
    before = await everything(store)
    await store.find_outdated({"new": "d"}, NOON + DAY)
    await store.find_outdated({"new": "d"}, NOON + 3 * DAY, {"new": ("all",)})
    assert await everything(store, "new") == before


@pytest.mark.parametrize("late", [False, True])
async def test_one_that_has_been_there_keeps_what_it_has(store: Store, late: bool) -> None:
    """Its subscribers know its archive; those of the other are only led there."""
    await filled(store)
    if late:
        await store.find_outdated({"new": "d"}, NOON + DAY)
    else:
        await store.find_outdated({"all": "d", "new": "d"}, NOON + DAY)
    await store.find_outdated({"new": "d"}, NOON + 10 * DAY, {"new": ("all",)})
    assert await store.creation_date("new") == NOON + DAY
    assert await store.archive_numbers("all") == range(1, 2), "until retention takes it"


async def test_one_that_is_declared_gives_nothing_away(store: Store) -> None:
    await filled(store)
    await store.find_outdated({"all": "d", "new": "d"}, NOON + DAY, {"new": ("all",)})
    assert await store.archive_numbers("all") == range(1, 2)
    assert await store.archive_numbers("new") == range(0)


async def test_no_two_feeds_ever_have_one_id(store: Store) -> None:
    await store.find_outdated({"all": "d"}, NOON)
    await store.find_outdated({"new": "d"}, NOON, {"new": ("all",)})
    await store.find_outdated({"new": "d", "all": "d"}, NOON)
    await store.find_outdated({"newer": "d", "old": "d"}, NOON, {"newer": ("new",), "old": ("all",)})
    await store.find_outdated({"newer": "d", "old": "d", "all": "d"}, NOON)
    names = {name: await store.feed_name(name) for name in ("newer", "old", "all")}
    assert {name: made.partition("/")[2] for name, made in names.items()} == {
        "newer": "all",
        "old": "all~2",
        "all": "all~3",
    }
    assert len({made.partition("/")[0] for made in names.values()}) == 1


async def test_room_is_given_back_and_nothing_is_lost_by_it(store: Store) -> None:
    long = random.Random(1).randbytes(20_000).hex()
    old = [item(str(number)) for number in range(150)]
    old = [replace(one, entry=replace(one.entry, text=f"{one.uid} {long}")) for one in old]
    await put(store, *map(change, old))
    await listed(store, old[0])
    assert (await store.reclaim()).freed == 0
    await store.prune(EVER)
    room = await store.reclaim()
    assert room.freed > 149 * len(long) / 3
    assert room.refused is None
    assert await store.latest(["river"], 10) == (old[0],)
    assert (await store.reclaim()).freed == 0


async def test_an_archive_of_old_is_there_in_another_process(url: str) -> None:
    store = open_store(url)
    await store.open()
    await filled(store)
    await store.find_outdated({}, NOON)
    await store.close()
    await store.open()
    assert list(await store.find_outdated({"all": "d"}, NOON)) == ["all"]
    assert await store.archive_numbers("all") == range(1, 2)
    await store.close()


def page(number: int, name: str = "all", *uids: str) -> ArchivePage:
    made = document(b"page", publication_id=f"{name}/archive/{number}", gzip=gzip.compress(b"page", mtime=0))
    return ArchivePage(publication_id=name, number=number, uids=uids, documents=(made,), completed=NOON)


async def filled(store: Store) -> None:
    """`all` with a document, an edition, an archive, and an item that waits."""
    one, other = await two(store)
    await store.find_outdated({"all": "d"}, NOON)
    await store.note("all", [one.uid, other.uid])
    await store.save_archive_page(page(1, "all", one.uid))
    await store.save([document(b"1")], publication_id="all", digest="d", generation=1, shown=[one.uid])


async def everything(store: Store, name: str = "all") -> tuple[object, ...]:
    """All that is stored of a publication, but for its id."""
    made, old = await store.document(name, "atom"), await store.archive_page(name, 1, "atom")
    assert made is not None
    assert old is not None
    uids = [one.uid for one in (item("1"), item("2"))]
    return (
        replace(made, publication_id=""),
        replace(old, publication_id=""),
        await store.edition_date(name, "atom", made.etag),
        await store.archive_numbers(name),
        await store.find_noted(name, uids),
        await store.find_waiting(name),
        await store.creation_date(name),
        await store.feed_name(name),
    )


async def test_where_there_is_too_much_what_has_been_absent_longest_goes_first_and_no_more_than_must(
    store: Store,
) -> None:
    text = " ".join(str(number) for number in range(4_000))
    found = [item(str(number), entry=replace(item("1").entry, text=text)) for number in range(40)]
    for number, one in enumerate(found):
        await put(store, change(one))
        await listed(store, *found[:1], one, at=NOON + number * MINUTE)  # each drives out the one before
    before = (await store.size()).used
    assert await store.shrink(before, EVER) == 0, "there is room"
    goal = before - 3 * len(text)
    pruned = await store.shrink(goal, EVER)
    kept = [one for one in found if not (await store.item(one.uid) or one).pruned]
    assert 0 < pruned <= 10
    assert found[0] in kept, "its feed lists it still"
    assert [one.uid for one in kept[1:]] == [one.uid for one in found[1 + pruned :]]
    assert (await store.size()).used <= goal


async def test_what_feeds_list_and_documents_show_is_kept_however_small_the_store_should_be(store: Store) -> None:
    one, other = await two(store)
    gone = item("3")
    await put(store, change(gone))
    await listed(store, one)
    await store.find_outdated({"all": "d"}, NOON)
    await store.save([document(b"<feed/>")], publication_id="all", digest="d", generation=0, shown=[other.uid])
    assert await store.shrink(1, EVER) == 1
    assert [(await store.item(each.uid) or each).pruned for each in (one, other, gone)] == [False, False, True]


async def test_what_was_done_is_counted_by_name_and_kind(store: Store) -> None:
    age, ceiling = (TallyKey(name="let_go", label=label) for label in ("age", "ceiling"))
    assert await store.tallies() == {}
    await store.tally({})
    await store.tally({age: 2, ceiling: 1})
    await store.tally({age: 3})
    assert await store.tallies() == {age: 5, ceiling: 1}


async def test_an_outdated_document_that_nobody_asks_for_keeps_nothing_and_goes(store: Store) -> None:
    one, other = await two(store)
    await listed(store)
    await store.find_outdated({"all": "d", "source/river": "d"}, NOON)
    made = replace(document(b"1"), publication_id="source/river")
    await store.save([made], publication_id="source/river", digest="d", generation=1, shown=[one.uid])
    await store.save([document(b"1")], publication_id="all", digest="d", generation=1, shown=[other.uid])
    assert await store.prune(NOON + MINUTE) == 0, "both are shown to whoever asks"
    assert await store.document("source/river", "atom") is not None
    await put(store, publications=("all", "source/river"))
    assert await store.prune(NOON + MINUTE) == 1
    assert [found.uid for found in await store.latest(["river"], 9)] == [other.uid], "the worker renders this one"
    assert await store.document("source/river", "atom") is None
    assert await store.document("all", "atom") is not None


async def test_why_items_were_kept_apart_goes_with_the_last_of_their_texts_but_for_what_nothing_would_find_again(
    store: Store,
) -> None:
    one, other = await two(store)
    third, fourth = item("3"), item("4")
    await put(store, change(third), change(fourth))
    plain = NearMiss(**pair(one, other), refusal=UNLIKE)
    half = NearMiss(**pair(one, fourth), refusal=UNLIKE)
    word = NearMiss(**pair(one, third), refusal=replace(UNLIKE, rule="editor"))
    await placed(store, one, placement=Placement(story=story(one), misses=(plain, half, word)))
    await listed(store, other, fourth)
    assert await store.prune(EVER) == 2
    assert set((await store.evidence(one.uid))[1]) == {plain, half, word}
    await listed(store, fourth, at=NOON + DAY)
    assert await store.prune(EVER) == 1
    assert set((await store.evidence(one.uid))[1]) == {half, word}
    assert (await store.evidence(other.uid))[1] == ()
