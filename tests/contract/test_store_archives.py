"""What every store does with archives of publications, and with earlier editions of their documents."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import timedelta

from aggregator.model import ArchivePage, Arrivals, Document, DocumentName, EntryDigest, Item, Signature
from aggregator.ports import Store
from aggregator.stories import VERSION, sighting
from tests.contract.stock import LEASE, MINUTE, NOON, change, document, item, listed, put, revised

EVERY = {"all": "d"}


def page(number: int, *uids: str, completed=NOON, **fields) -> ArchivePage:
    """A page of `all` in one format."""
    body = f"<feed>{number}</feed>".encode()
    made = document(
        body, publication_id=f"all/archive/{number}", gzip=gzip.compress(body, mtime=0), etag=f'"p{number}"'
    )
    return ArchivePage(
        **{"publication_id": "all", "number": number, "uids": uids, "documents": (made,), "completed": completed}
        | fields
    )


async def stocked(store: Store, *names: str) -> list[str]:
    """`all`, and items of `river` first seen a minute after the other, and compared; their uids."""
    await store.find_outdated(EVERY, NOON)
    return await compared(store, *(item(name, first_seen=NOON + n * MINUTE) for n, name in enumerate(names)))


async def compared(store: Store, *items: Item) -> list[str]:
    """Have these items there, which nothing is like; their uids."""
    await put(store, *map(change, items))
    waiting = await store.find_uncompared(10)
    await store.place_alone([(one, sighting(one, Signature(version=VERSION))) for one in waiting], ())
    return [one.uid for one in items]


async def arrived(store: Store, *sources: str) -> list[str]:
    return [one.uid for one in (await store.find_arrivals("all", sources or ["river"], 10)).items]


async def gone(store: Store) -> None:
    """`all` has been away from feeds.yaml for so long that it is removed."""
    await store.find_outdated({}, NOON)
    await store.prune(NOON + MINUTE)


async def test_arrivals_are_the_items_not_noted_in_the_order_in_which_they_came(store: Store) -> None:
    uids = await stocked(store, "c", "a", "b")
    assert await arrived(store) == uids
    first = await store.find_arrivals("all", ["river"], 2)
    assert [one.uid for one in first.items] == uids[:2]
    rest = await store.find_arrivals("all", ["river"], 2, first.until)
    assert [one.uid for one in rest.items] == uids[2:]
    assert (await store.find_arrivals("all", ["river"], 2, rest.until)) == Arrivals(until=rest.until)
    assert await arrived(store, "other") == []
    await store.note("all", uids[:1])
    assert await arrived(store) == uids[1:]


async def test_what_was_considered_does_not_arrive_again_and_what_is_compared_late_does(store: Store) -> None:
    uids = await stocked(store, "a", "b")
    until = (await store.find_arrivals("all", ["river"], 10)).until
    await put(store, change(item("late", first_seen=NOON)))
    assert await arrived(store) == uids, "one that was not compared yet is not told of"
    await store.note("all", [], until)
    assert await arrived(store) == []
    await store.note("all", [], 1)
    assert await arrived(store) == [], "the place never moves back"
    late = await compared(store, item("late"))
    assert await arrived(store) == late


async def test_what_changes_does_not_arrive_again(store: Store) -> None:
    uids = await stocked(store, "a")
    await store.note("all", [], (await store.find_arrivals("all", ["river"], 10)).until)
    await put(store, change(revised(item("a", first_seen=NOON), "Other words"), kind="revised"))
    (waiting,) = await store.find_uncompared(10)
    await store.place_alone([(waiting, sighting(waiting, Signature(version=VERSION)))], ())
    assert uids == [waiting.uid]
    assert await arrived(store) == []


async def test_a_new_publication_s_archive_begins_when_it_does(store: Store) -> None:
    await compared(store, item("old"))
    await store.find_outdated(EVERY, NOON + timedelta(days=2))
    new = await compared(store, item("new", first_seen=NOON + timedelta(days=3)))
    assert await arrived(store) == new


async def test_noted_items_wait_in_order_and_only_once(store: Store) -> None:
    uids = await stocked(store, "a", "b", "c")
    await store.note("all", [uids[2], uids[0], uids[2]])
    await store.note("all", [uids[0]])
    assert list(await store.find_waiting("all")) == [uids[0], uids[2]]
    assert await store.find_noted("all", [*uids, "x"]) == {uids[0], uids[2]}
    assert await store.find_noted("other", uids) == frozenset()


async def test_nothing_is_noted_for_a_publication_that_is_gone(store: Store) -> None:
    uids = await stocked(store, "a")
    await gone(store)
    await store.note("all", uids)
    assert await store.find_noted("all", uids) == frozenset()
    assert not await store.save_archive_page(page(1, *uids))


async def test_a_page_is_kept_and_its_items_wait_no_longer(store: Store) -> None:
    uids = await stocked(store, "a", "b")
    await store.note("all", uids)
    assert await store.archive_numbers("all") == range(0)
    assert await store.save_archive_page(page(1, uids[0]))
    assert list(await store.find_waiting("all")) == uids[1:]
    assert await store.find_noted("all", uids) == set(uids)
    assert await store.archive_numbers("all") == range(1, 2)
    (made,) = page(1).documents
    assert await store.archive_page("all", 1, "atom") == made
    assert await store.archive_page("all", 1, "rss") is None
    assert await store.archive_page("all", 2, "atom") is None
    assert await store.archive_page("\udc80", 1, "atom") is None


async def test_pages_are_numbered_one_after_the_other_and_never_replaced(store: Store) -> None:
    await stocked(store)
    assert not await store.save_archive_page(page(2))
    assert await store.save_archive_page(page(1))
    changed = replace(page(1), documents=(replace(page(1).documents[0], etag='"other"'),))
    assert not await store.save_archive_page(changed)
    assert await store.save_archive_page(page(2))
    assert (await store.archive_page("all", 1, "atom")) == page(1).documents[0]


async def test_what_is_withdrawn_is_found_on_its_page_until_it_is_taken_out(store: Store) -> None:
    uids = await stocked(store, "a", "b", "c")
    await store.note("all", uids)
    await store.save_archive_page(page(1, *uids[:2]))
    assert await store.find_withdrawn_on_pages("all") == {}
    for name in ("b", "c"):
        gone = replace(item(name, first_seen=NOON), withdrawn_at=NOON + LEASE)
        await put(store, change(gone, "bumped"))
    assert await store.find_withdrawn_on_pages("all") == {1: {uids[1]: "tag:river,2026:b"}}
    assert await store.find_waiting("all") == ()
    shrunk = replace(page(1).documents[0], etag='"less"', gzip=gzip.compress(b"<feed/>", mtime=0), body=b"<feed/>")
    await store.shrink_archive_page([shrunk], publication_id="all", number=1, uids=[uids[1]])
    assert await store.archive_page("all", 1, "atom") == shrunk
    assert await store.find_withdrawn_on_pages("all") == {}
    assert await store.find_noted("all", uids) == {uids[0], uids[2]}


async def test_pages_go_with_their_publication(store: Store) -> None:
    uids = await stocked(store, "a")
    await store.note("all", uids)
    await store.save_archive_page(page(1, *uids))
    await gone(store)
    assert await store.archive_numbers("all") == range(0)
    await store.find_outdated(EVERY, NOON)
    assert await store.archive_page("all", 1, "atom") is None
    assert await store.find_noted("all", uids) == frozenset()


async def test_retention_lets_go_of_old_pages_but_never_of_the_newest_twenty(store: Store) -> None:
    await stocked(store)
    for number in range(1, 24):
        assert await store.save_archive_page(page(number, completed=NOON + number * MINUTE))
    await store.prune(NOON + 2 * MINUTE)
    assert await store.archive_numbers("all") == range(2, 24)
    assert await store.archive_page("all", 1, "atom") is None
    await store.prune(NOON + timedelta(days=1))
    assert await store.archive_numbers("all") == range(4, 24)
    assert not await store.save_archive_page(page(1))
    assert await store.save_archive_page(page(24))


async def test_the_etags_of_everything_are_told_at_once(store: Store) -> None:
    await stocked(store)
    await store.save([document(b"1"), document(b"2", "rss")], publication_id="all", digest="d", generation=1)
    await store.save_archive_page(page(1))
    found = {name.path: etag for name, etag in (await store.etags()).items()}
    assert found == {"all.atom": '"31"', "all.rss": '"32"', "all/archive/1.atom": '"p1"'}
    assert DocumentName(publication_id="all", format="rss") in await store.etags()


def marked(body: bytes, *digests: bytes, at=NOON) -> Document:
    return document(
        body,
        last_modified=at,
        digests=tuple(EntryDigest(digest=one.ljust(8, b"_"), since=at) for one in digests),
        br=b"br",
    )


async def test_entries_keep_the_date_at_which_they_came_to_read_so(store: Store) -> None:
    await store.find_outdated(EVERY, NOON)
    later = NOON + MINUTE
    await store.save([marked(b"1", b"a", b"b")], publication_id="all", digest="d", generation=1)
    await store.save([marked(b"2", b"c", b"b", at=later)], publication_id="all", digest="d", generation=1)
    found = await store.document("all", "atom")
    assert found is not None
    assert found.br == b"br"
    assert [(mark.digest[:1], mark.since) for mark in found.digests] == [(b"c", later), (b"b", NOON)]
    await store.save([marked(b"2", b"c", b"b", at=NOON + LEASE)], publication_id="all", digest="e", generation=2)
    assert await store.document("all", "atom") == found


async def test_earlier_editions_are_remembered_by_their_etags(store: Store) -> None:
    await store.find_outdated(EVERY, NOON)
    for minutes, body in enumerate([b"1", b"2", b"3", b"1"]):
        made = document(body, last_modified=NOON + minutes * MINUTE)
        await store.save([made], publication_id="all", digest="d", generation=1)
    dates = [await store.edition_date("all", "atom", f'"{name.hex()}"') for name in (b"1", b"2", b"3", b"4")]
    assert dates == [NOON + 3 * MINUTE, NOON + MINUTE, NOON + 2 * MINUTE, None]
    assert await store.edition_date("all", "rss", '"31"') is None
    assert await store.edition_date("\udc80", "atom", "\udc80") is None
    await gone(store)
    await store.find_outdated(EVERY, NOON)
    assert await store.edition_date("all", "atom", '"31"') is None


async def test_a_withdrawn_item_neither_arrives_nor_waits(store: Store) -> None:
    uids = await stocked(store, "a", "b")
    await put(store, change(replace(item("a", first_seen=NOON), withdrawn_at=NOON), "bumped"))
    assert await arrived(store) == uids[1:]
    await store.note("all", uids)
    await listed(store)
    await store.prune(NOON + timedelta(days=1))
    assert list(await store.find_waiting("all")) == uids[1:], "what waits for its page is spared"
