"""What every store does with publications and their documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from aggregator.errors import UnknownNameError
from aggregator.ports import Store
from tests.contract.stock import LEASE, MINUTE, NOON, change, document, item, put


async def render(store: Store, *bodies: bytes, digest: str = "d") -> None:
    """Bring `all` up to date."""
    generation = (await store.find_outdated({"all": digest}, NOON)).get("all", 1)
    await store.save(
        [document(body) for body in bodies], publication_id="all", digest=digest, generation=generation
    )


async def test_a_publication_is_outdated_until_it_was_rendered_once(store: Store) -> None:
    first = await store.find_outdated({"all": "d"}, NOON)
    assert list(first) == ["all"]
    assert await store.find_outdated({"all": "d"}, NOON) == first
    await store.save([document(b"1")], publication_id="all", digest="d", generation=first["all"])
    assert await store.find_outdated({"all": "d"}, NOON) == {}


async def test_any_commit_by_whomever_shows_in_a_number_and_reading_does_not(store: Store) -> None:
    first = await read_without_commit(store)
    await put(store, change(item("1")))
    second = await store.commits()
    await render(store, b"1")
    assert first != second != await store.commits()


async def read_without_commit(store: Store) -> int:
    """The number, which reading left as it was. A server counts what is done in its other databases too."""
    for _ in range(1000):
        first = await store.commits()
        await store.document("all", "atom")
        if await store.commits() == first:
            return first
    raise AssertionError("reading shows in the number of commits")


async def test_another_definition_outdates_a_publication(store: Store) -> None:
    await render(store, b"1")
    assert list(await store.find_outdated({"all": "other"}, NOON)) == ["all"]


async def test_a_commit_while_it_is_rendered_leaves_a_publication_outdated(store: Store) -> None:
    await render(store, b"1")
    await put(store, change(item("1")), publications=("all",))
    generation = (await store.find_outdated({"all": "d"}, NOON))["all"]
    await put(store, change(item("2")), publications=("all",))
    await store.save([document(b"2")], publication_id="all", digest="d", generation=generation)
    again = await store.find_outdated({"all": "d"}, NOON)
    assert again["all"] > generation
    await store.save([document(b"3")], publication_id="all", digest="d", generation=again["all"])
    assert await store.find_outdated({"all": "d"}, NOON) == {}


async def test_a_commit_that_names_no_publication_outdates_none(store: Store) -> None:
    await render(store, b"1")
    await put(store, change(item()))
    assert await store.find_outdated({"all": "d"}, NOON) == {}


async def test_publications_that_were_absent_for_long_are_removed_with_their_documents(store: Store) -> None:
    await render(store, b"1")
    assert list(await store.find_outdated({"other": "d"}, NOON)) == ["other"]
    await store.prune(NOON)
    assert await store.document("all", "atom") is not None
    await store.prune(NOON + MINUTE)
    assert await store.document("all", "atom") is None
    assert list(await store.find_outdated({"all": "d", "other": "d"}, NOON + MINUTE)) == ["all", "other"]
    assert await store.creation_date("all") == NOON + MINUTE


async def test_what_was_rendered_for_a_publication_that_is_gone_is_dropped(store: Store) -> None:
    assert not await store.save([document(b"1")], publication_id="all", digest="d", generation=1)
    assert await store.document("all", "atom") is None


async def test_a_publication_remembers_when_it_was_first_heard_of(store: Store) -> None:
    await store.find_outdated({"all": "d"}, NOON)
    await store.find_outdated({"all": "d"}, NOON + LEASE)
    assert await store.creation_date("all") == NOON
    with pytest.raises(UnknownNameError, match="nobody"):
        await store.creation_date("nobody")


async def test_a_document_is_served_as_it_was_saved(store: Store) -> None:
    await store.find_outdated({"all": "d"}, NOON)
    saved = [document(b"<feed/>"), document(b"{}", "json", media_type="application/feed+json")]
    assert await store.save(saved, publication_id="all", digest="d", generation=1)
    assert [await store.document("all", "atom"), await store.document("all", "json")] == saved
    assert await store.document("all", "rss") is None
    assert await store.document("\udc80", "rss") is None


async def test_same_bytes_keep_their_date_and_count_as_no_change(store: Store) -> None:
    await render(store, b"1")
    later = document(b"1", last_modified=NOON + LEASE)
    assert not await store.save([later], publication_id="all", digest="d", generation=1)
    assert await store.document("all", "atom") == document(b"1")


async def test_same_bytes_under_another_etag_keep_their_date_only(store: Store) -> None:
    await render(store, b"1")
    other = document(b"1", etag='"other"', last_modified=NOON + LEASE)
    assert not await store.save([other], publication_id="all", digest="d", generation=1)
    assert await store.document("all", "atom") == replace(other, last_modified=NOON)


@pytest.mark.parametrize(
    ("given", "kept"),
    [(NOON - LEASE, NOON + MINUTE / 60), (NOON, NOON + MINUTE / 60), (NOON + LEASE, NOON + LEASE)],
)
async def test_other_bytes_are_dated_at_least_a_second_later(
    store: Store, given: datetime, kept: datetime
) -> None:
    await render(store, b"1")
    assert await store.save([document(b"2", last_modified=given)], publication_id="all", digest="d", generation=1)
    found = await store.document("all", "atom")
    assert found == document(b"2", last_modified=kept)


async def test_formats_that_are_not_given_are_removed(store: Store) -> None:
    await store.find_outdated({"all": "d"}, NOON)
    both = [document(b"1"), document(b"2", "rss")]
    await store.save(both, publication_id="all", digest="d", generation=1)
    assert await store.save(both[:1], publication_id="all", digest="d", generation=1)
    assert await store.document("all", "rss") is None
    assert await store.document("all", "atom") == both[0]


async def test_under_whose_ids_stories_were_shown_is_remembered_for_each_publication(store: Store) -> None:
    await put(store, change(item("1")), change(item("2")))
    one, other = item("1").uid, item("2").uid
    generations = await store.find_outdated({"all": "d", "late": "d"}, NOON)
    named = {"publication_id": "all", "digest": "d", "generation": generations["all"]}
    assert await store.leads("all", [one]) == frozenset()
    await store.save([document(b"1")], leads=[one, one], **named)
    await store.save([document(b"2")], leads=[one, other], **named)
    await store.save([document(b"3")], **named)
    assert await store.leads("all", [one, other, "unknown"]) == {one, other}
    assert await store.leads("all", [other]) == {other}
    assert await store.leads("late", [one, other]) == frozenset()
    assert not await store.save([document(b"1")], publication_id="gone", digest="d", generation=1, leads=[one])
    assert await store.leads("gone", [one]) == frozenset()


async def test_one_publication_is_asked_about_as_many_are(store: Store) -> None:
    assert list(await store.find_outdated({"all": "d", "source/a": "d"}, NOON)) == ["all", "source/a"]
    assert await store.find_outdated_of({"source/a": "d", "none": "d"}) == {"source/a": 1}
    assert await store.find_generation("source/a", "d", NOON) == 1
    await store.save([], publication_id="source/a", digest="d", generation=1)
    assert await store.find_generation("source/a", "d", NOON) is None
    assert await store.find_outdated_of({"source/a": "d"}) == {}
    assert await store.find_generation("source/a", "other", NOON) == 1
    assert await store.find_outdated_of({"source/a": "other", "all": "d"}) == {"source/a": 1, "all": 1}


async def test_one_publication_that_was_not_there_is_there_from_then_on(store: Store) -> None:
    assert await store.find_generation("source/new", "d", NOON) == 1
    assert await store.creation_date("source/new") == NOON
    await store.save([], publication_id="source/new", digest="d", generation=1)
    await store.find_outdated({"all": "d"}, NOON + MINUTE)  # feeds.yaml does not have it any more
    assert await store.find_generation("source/new", "d", NOON + MINUTE) == 2, "it comes back"
    assert list(await store.find_outdated({"all": "d", "source/new": "d"}, NOON)) == ["all", "source/new"]
