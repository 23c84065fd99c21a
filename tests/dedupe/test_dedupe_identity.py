"""Which item an entry is: keys, narrowed keys, published ids."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.dedupe import decide, public_id, uid_of, wanted_keys
from aggregator.dedupe.keys import key_of
from aggregator.model import Change, Enclosure, Entry, Item, ItemKey, SourceProfile
from aggregator.publish.parts import is_iri
from tests.support.nouns import NOON, entry, source, stamp


def judged(entries: Sequence[Entry], known: Mapping[ItemKey, Item], now: datetime) -> tuple[Change, ...]:
    """The changes that a source's entries come to, nothing being known of its profile."""
    return decide(source(), entries, {key: (item,) for key, item in known.items()}, SourceProfile(), now).changes


def stored(entries: list[Entry], known: dict[ItemKey, Item] | None = None) -> dict[ItemKey, Item]:
    """What a store holds after a poll brought the entries."""
    known = dict(known or {})
    for change in judged(entries, known, NOON):
        known[change.item.key] = change.item
    return known


def test_the_publishers_id_makes_the_key_whatever_else_there_is():
    assert key_of(entry(id="17")) == ItemKey(kind="id", value="17")


def test_without_an_id_the_address_makes_the_key():
    assert key_of(entry(id=None)) == ItemKey(kind="url", value="example.org/1")


def test_without_id_and_address_the_enclosure_makes_the_key():
    heard = entry(id=None, url=None, url_key=None, enclosures=(Enclosure(url="https://example.org/1.mp3"),))
    assert key_of(heard) == ItemKey(kind="enclosure", value="https://example.org/1.mp3")


def test_without_any_name_title_and_date_make_the_key_so_that_an_edit_keeps_it():
    nameless = entry(id=None, url=None, url_key=None, published=stamp("2026-02-01T00:00:00Z"))
    edited = entry(
        id=None, url=None, url_key=None, published=stamp("2026-02-01T00:00:00Z"), text="Other words entirely."
    )
    assert key_of(nameless).kind == "hash"
    assert key_of(nameless) == key_of(edited)


def test_without_a_date_either_title_and_text_make_the_key():
    one, other = (entry(id=None, url=None, url_key=None, text=text) for text in ("High.", "Low."))
    assert key_of(one) != key_of(other)


def test_an_item_listed_twice_in_one_document_is_one_item():
    assert len(stored([entry(), entry()])) == 1
    assert len(stored([entry(id=None), entry(id=None)])) == 1


def test_two_items_with_one_id_in_one_document_are_two_items():
    known = stored(
        [entry(id="1"), entry(id="1", url="https://example.org/2", url_key="example.org/2", title="Two")]
    )
    assert len(known) == 2
    assert {item.entry.title for item in known.values()} == {"The river rises", "Two"}


def test_two_items_with_one_id_stay_apart_when_only_the_second_is_listed_later():
    second = entry(
        id="1", url="https://example.org/2", url_key="example.org/2", title="Two", text="Another matter."
    )
    known = stored([entry(id="1"), second])
    assert judged([second], known, NOON) == ()


def test_an_id_given_to_a_wholly_new_thing_makes_a_new_item():
    known = stored([entry(id="photo-of-the-day")])
    reused = entry(
        id="photo-of-the-day",
        url="https://example.org/tuesday",
        url_key="example.org/tuesday",
        title="A heron at dusk",
        text="Long exposure from the northern bank, taken by a reader.",
    )
    changes = judged([reused], known, NOON)
    assert [change.verdict.kind for change in changes] == ["new"]
    assert changes[0].item.key not in known


@pytest.mark.parametrize(
    "moved",
    [
        entry(url="https://example.org/moved", url_key="example.org/moved"),
        entry(url="https://example.org/moved", url_key="example.org/moved", title="The river rises again"),
        entry(url="https://example.org/moved", url_key="example.org/moved", title="Other", text=""),
    ],
    ids=["same words", "new title, same text", "no text to compare"],
)
def test_an_item_that_moved_to_another_address_is_the_same_item(moved):
    known = stored([entry()])
    assert [change.verdict.kind for change in judged([moved], known, NOON)] != ["new"]


def test_wanted_keys_name_every_key_an_entry_may_be_stored_under():
    known = stored(
        [entry(id="1"), entry(id="1", url="https://example.org/2", url_key="example.org/2", title="Two")]
    )
    second = entry(id="1", url="https://example.org/2", url_key="example.org/2", title="Two")
    assert known.keys() <= set(wanted_keys([entry(id="1"), second]))


@pytest.mark.parametrize(
    "own",
    [
        "https://example.org/?p=1",
        "http://example.org/1",
        "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
        "tag:example.org,2026:1",
    ],
)
def test_an_id_that_can_stand_alone_in_the_world_is_published_as_it_is(own):
    assert public_id(entry(id=own), ItemKey(kind="id", value=own), "u") == own


@pytest.mark.parametrize("own", ["1234", "post-1", "javascript:alert(1)", "http://", "www.example.org/1", "tag:x"])
def test_an_id_that_is_common_to_many_feeds_is_not_published(own):
    assert public_id(entry(id=own), ItemKey(kind="id", value=own), "u") == "urn:uuid:u"


@pytest.mark.parametrize(
    "own",
    [
        "https://river.example/a b",
        "urn:ab:b c",
        "https://river.example/<x>",
        "tag:river.example,2026:a b",
        "https://river.example/\N{LATIN SMALL LETTER A WITH DIAERESIS}{1}",
        "https://river.example/\x85",
    ],
)
def test_an_id_that_no_document_can_carry_is_not_published(own):
    assert public_id(entry(id=own), ItemKey(kind="id", value=own), "u") == "urn:uuid:u"


@given(st.text(max_size=20))
def test_whatever_is_published_as_an_id_can_be_written(tail):
    for start in ("https://river.example/", "urn:ab:", "tag:river.example,2026:"):
        own = start + tail
        chosen = public_id(entry(id=own), ItemKey(kind="id", value=own), "u")
        assert is_iri(chosen)


def test_a_narrowed_key_never_publishes_the_id_it_shares():
    key = ItemKey(kind="id", value="https://example.org/x|example.org/2")
    assert public_id(entry(id="https://example.org/x"), key, "u") == "urn:uuid:u"


def test_uids_are_the_same_on_every_machine_and_for_ever():
    assert uid_of("river", ItemKey(kind="id", value="17")) == "3ada6342-3c06-5e7a-8e11-5b2a15ab06e2"


@given(st.tuples(st.text(), st.text()), st.tuples(st.text(), st.text()))
def test_items_of_different_sources_or_keys_never_share_a_uid(one, other):
    uids = [uid_of(source, ItemKey(kind="id", value=value)) for source, value in (one, other)]
    assert (uids[0] == uids[1]) == (one == other)
    assert str(uuid.UUID(uids[0])) == uids[0]
