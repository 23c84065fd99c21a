"""What every store does about times that a clock which ran ahead has stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from aggregator.model import Document, EntryDigest
from aggregator.ports import Store
from tests.contract.stock import LEASE, NOON, change, item, put

YEAR = timedelta(days=400)
THEN = NOON + YEAR


async def test_a_due_time_further_off_than_a_month_is_due(store: Store) -> None:
    month = timedelta(days=31)
    await store.register({"soon": NOON + month, "never": NOON + month + LEASE}, (), NOON)
    assert [state.source_id for state in await store.claim_due(NOON, LEASE, 5)] == ["never"]
    assert await store.claim_due(NOON, LEASE, 5) == ()


async def test_items_seen_in_the_future_are_seen_now_and_keep_everything_else(store: Store) -> None:
    late = item(first_seen=THEN, published=THEN, updated=THEN, changed_at=THEN, listing_order=7)
    dated = replace(
        item("2"), first_seen=THEN, published=NOON - YEAR, updated=THEN, changed_at=THEN, claimed_updated=THEN
    )
    known = replace(
        item("3"), first_seen=NOON - YEAR, published=NOON - YEAR, updated=NOON - LEASE, changed_at=NOON
    )
    await put(store, change(late), change(dated), change(known))
    assert await store.clamp_to_now(NOON, ["river"]) == 2
    first, second, third = [await store.item(one.uid) for one in (late, dated, known)]
    assert first is not None
    assert second is not None
    assert (first.first_seen, first.published, first.updated, first.changed_at) == (NOON, NOON, NOON, NOON)
    assert first.published_reason == "first seen: this machine's clock was ahead"
    assert first.listing_order == int(NOON.timestamp()) * 100_000 + 7
    assert (second.first_seen, second.published, second.updated) == (NOON, NOON - YEAR, NOON)
    assert (second.published_reason, second.claimed_updated) == (dated.published_reason, THEN)
    assert third is not None
    assert (third.first_seen, third.published, third.updated) == (NOON - YEAR, NOON - YEAR, NOON - LEASE)
    assert {one.public_id for one in (first, second)} == {late.public_id, dated.public_id}
    assert [revision.seen_at for revision in await store.revisions(late.uid)] == [NOON]
    assert (await store.states())["river"].next_poll_at == NOON
    assert await store.clamp_to_now(NOON, []) == 0


async def test_documents_of_the_future_are_of_now_and_are_rendered_again(store: Store) -> None:
    await store.find_outdated({"all": "d"}, THEN)
    document = Document(
        publication_id="all",
        format="atom",
        body=b"<feed/>",
        gzip=b"",
        media_type="application/atom+xml",
        etag='"1"',
        last_modified=THEN,
        digests=(EntryDigest(digest=b"12345678", since=THEN), EntryDigest(digest=b"87654321", since=NOON - YEAR)),
    )
    await store.save([document], publication_id="all", digest="d", generation=1)
    assert await store.find_outdated({"all": "d"}, NOON) == {}
    await store.clamp_to_now(NOON, [])
    assert "all" in await store.find_outdated({"all": "d"}, NOON)
    bounded = await store.document("all", "atom")
    assert bounded is not None
    assert bounded.last_modified == NOON
    assert [mark.since for mark in bounded.digests] == [NOON, NOON - YEAR]
    assert await store.edition_date("all", "atom", '"1"') == NOON
    assert await store.creation_date("all") == NOON
