"""New, revised, bumped, unchanged; and which dates hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.dedupe import corrections, decide
from aggregator.dedupe.changes import VERSION
from aggregator.dedupe.decide import REREAD
from aggregator.model import (
    Category,
    Change,
    Enclosure,
    Entry,
    Fingerprint,
    Item,
    ItemKey,
    Person,
    Recall,
    SourceProfile,
)
from tests.dedupe.memory import HOUR, Memory
from tests.support.nouns import NOON, at, entry, source, stamp

LATER = NOON + timedelta(hours=3)


def judged(entries: Sequence[Entry], known: Mapping[ItemKey, Item], now: datetime) -> tuple[Change, ...]:
    """The changes that a source's entries come to, nothing being known of its profile."""
    return decide(source(), entries, {key: (item,) for key, item in known.items()}, SourceProfile(), now).changes


def first(one: Entry) -> Item:
    """The item that an entry makes when it is met at noon."""
    (change,) = judged([one], {}, NOON)
    assert change.verdict.kind == "new"
    return change.item


def second(before: Entry, after: Entry, now=LATER):
    """The change that `after` makes to the item that `before` made; None when it makes none."""
    item = first(before)
    changes = judged([after], {item.key: item}, now)
    return changes[0] if changes else None


def test_both_claims_hold_at_first_sight():
    item = first(entry(published=stamp("2026-02-01T08:00:00Z"), updated=stamp("2026-02-02T09:00:00Z")))
    assert (item.published, item.updated) == (at("2026-02-01T08:00:00Z"), at("2026-02-02T09:00:00Z"))
    assert (item.published_reason, item.updated_reason) == ("claimed", "claimed")


def test_an_item_without_dates_gets_the_time_of_its_first_sight_once():
    item = first(entry())
    assert item.published == item.updated == NOON
    assert judged([entry()], {item.key: item}, LATER) == ()


def test_undated_items_of_one_document_keep_their_order():
    entries = [entry(id=f"urn:x-{n}:1", position=n) for n in range(3)]
    dates = [change.item.published for change in judged(entries, {}, NOON)]
    assert dates == sorted(dates, reverse=True)
    assert len(set(dates)) == 3


def test_an_update_claim_alone_stands_in_for_the_publication():
    item = first(entry(updated=stamp("2026-02-02T09:00:00Z")))
    assert item.published == item.updated == at("2026-02-02T09:00:00Z")
    assert item.published_reason == "claimed as update"


def test_a_publication_in_the_future_becomes_the_first_sight():
    item = first(entry(published=stamp("2026-03-02T00:00:00Z")))
    assert item.published == NOON
    assert "future" in item.published_reason


def test_an_update_in_the_future_is_not_believed():
    item = first(entry(published=stamp("2026-02-01T08:00:00Z"), updated=stamp("2027-01-01T00:00:00Z")))
    assert item.updated == item.published
    assert "future" in item.updated_reason


def test_an_update_before_the_publication_is_not_believed():
    item = first(entry(published=stamp("2026-02-01T08:00:00Z"), updated=stamp("2026-01-01T00:00:00Z")))
    assert item.updated == item.published


@pytest.mark.parametrize("sentinel", ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "1899-12-30T00:00:00Z"])
def test_the_sentinels_of_broken_software_count_as_no_date(sentinel):
    assert first(entry(published=stamp(sentinel))).published == NOON


def test_the_same_content_again_changes_nothing():
    assert second(entry(), entry()) is None


def test_a_new_claim_for_the_same_content_is_noted_and_not_believed():
    before = entry(published=stamp("2026-02-01T08:00:00Z"), updated=stamp("2026-02-01T08:00:00Z"))
    change = second(before, replace(before, updated=stamp("2026-03-01T12:30:00Z")))
    assert change.verdict.kind == "bumped"
    assert change.item.updated == at("2026-02-01T08:00:00Z")
    assert change.item.claimed_updated == at("2026-03-01T12:30:00Z")


def test_a_change_with_a_new_claim_takes_the_claim():
    before = entry(published=stamp("2026-02-01T08:00:00Z"))
    change = second(before, replace(before, text="Third mark.", updated=stamp("2026-03-01T13:00:00Z")))
    assert change.verdict.kind == "revised"
    assert change.item.updated == at("2026-03-01T13:00:00Z")
    assert change.item.published == at("2026-02-01T08:00:00Z")
    assert change.item.revision == 2


@pytest.mark.parametrize(
    "claim",
    [None, "2026-02-01T08:00:00Z", "2026-01-01T08:00:00Z", "2027-01-01T08:00:00Z"],
    ids=["none", "the old one", "an older one", "one in the future"],
)
def test_a_change_without_a_believable_new_claim_takes_the_time_it_was_seen(claim):
    before = entry(published=stamp("2026-02-01T08:00:00Z"), updated=stamp("2026-02-01T08:00:00Z"))
    change = second(before, replace(before, text="Third mark.", updated=stamp(claim) if claim else None))
    assert change.item.updated == LATER
    assert change.item.updated_reason.startswith("observed")


def test_a_claim_that_was_only_a_bump_before_does_not_date_a_later_change():
    before = entry(published=stamp("2026-02-01T08:00:00Z"))
    bumped = second(before, replace(before, updated=stamp("2026-03-01T13:00:00Z"))).item
    changed = replace(before, text="Third mark.", updated=stamp("2026-03-01T13:00:00Z"))
    (change,) = judged([changed], {bumped.key: bumped}, LATER)
    assert change.item.updated == LATER


def test_a_later_date_that_comes_with_an_edit_does_not_move_published():
    before = entry(published=stamp("2026-02-01T08:00:00Z"))
    change = second(before, replace(before, text="Third mark.", published=stamp("2026-02-20T08:00:00Z")))
    assert change.item.published == at("2026-02-01T08:00:00Z")


@pytest.mark.parametrize(
    ("part", "after"),
    [
        ("title", {"title": "The river falls"}),
        ("text", {"text": "Water stands at the third mark."}),
        ("media", {"enclosures": (Enclosure(url="https://example.org/1.mp3"),)}),
        ("media", {"text": "", "content": '<img src="https://example.org/heron.jpg" alt="">'}),
    ],
)
def test_what_a_reader_can_see_is_a_revision_that_names_its_part(part, after):
    change = second(
        entry(image="https://example.org/a.jpg"), entry(**({"image": "https://example.org/a.jpg"} | after))
    )
    assert change.verdict.kind == "revised"
    assert part in change.verdict.reason


@pytest.mark.parametrize(
    "after",
    [
        {"content": "<p class='x'>Water stands at the second mark.</p>"},
        {"authors": (Person(name="Mara Lind"),)},
        {"categories": (Category(term="rivers"),)},
        {"url": "https://example.org/1?ref=new"},
    ],
    ids=["markup", "author", "category", "address"],
)
def test_what_is_no_news_is_published_without_moving_updated(after):
    change = second(entry(), entry(**after))
    assert change.verdict.kind == "bumped"
    assert change.item.updated == NOON
    assert change.item.changed_at == LATER
    assert all(getattr(change.item.entry, name) == value for name, value in after.items())


@pytest.mark.parametrize(
    "after",
    [
        {"text": "Water  stands at\nthe second mark."},
        {"text": "WATER stands at the second mark."},
        {"text": "Water stands at the second mark．"},
    ],
    ids=["white space", "case", "full-width point"],
)
def test_text_that_only_looks_different_to_a_machine_is_no_revision(after):
    change = second(entry(), entry(**after))
    assert change.verdict.kind == "bumped"


def test_a_signed_image_address_is_no_revision():
    before, after = (entry(image=f"https://cdn.example.org/a.jpg?sig={sig}") for sig in "12")
    assert second(before, after).verdict.kind == "bumped"


def test_a_source_that_falls_back_to_teasers_does_not_shorten_what_we_have():
    assert second(entry(), entry(text="Water stands…", content="<p>Water stands…</p>")) is None


def test_a_teaser_that_becomes_the_full_text_is_kept_without_moving_updated():
    change = second(entry(text="Water stands [...]", content=None), entry())
    assert change.verdict.kind == "bumped"
    assert change.item.entry.text == "Water stands at the second mark."
    assert change.item.updated == NOON


def test_paragraphs_added_at_the_end_are_a_revision():
    assert (
        second(entry(), entry(text="Water stands at the second mark. Bridges are closed.")).verdict.kind
        == "revised"
    )


def test_a_fingerprint_of_older_rules_is_made_anew_and_nothing_is_called_changed():
    item = first(entry())
    old = replace(item, fingerprint=Fingerprint(version=VERSION - 1, title="x", text="x", media="", meta=""))
    (change,) = judged([entry()], {item.key: old}, LATER)
    assert change.verdict.kind == "bumped"
    assert change.item.fingerprint == item.fingerprint
    assert change.item.updated == item.updated


@pytest.mark.parametrize("version", [VERSION, VERSION - 1], ids=["by its fingerprint", "in doubt"])
def test_an_item_that_retention_emptied_has_its_content_again_in_silence_when_it_is_listed_again(version: int):
    item = first(entry())
    emptied = replace(item, entry=replace(item.entry, text="", content=None), pruned=True)
    emptied = replace(emptied, fingerprint=replace(item.fingerprint, version=version))
    again = entry(authors=(Person(name="Mara Lind"),))
    (change,) = judged([again], {item.key: emptied}, LATER)
    assert change.verdict.kind == "bumped"
    fingerprint = replace(item.fingerprint, meta=change.item.fingerprint.meta)
    assert change.item == replace(item, entry=again, fingerprint=fingerprint, changed_at=LATER)


def test_an_item_that_retention_emptied_and_that_says_something_else_now_is_updated():
    item = first(entry())
    emptied = replace(item, entry=replace(item.entry, text="", content=None), pruned=True)
    (change,) = judged([entry(text="Third mark.")], {item.key: emptied}, LATER)
    assert (change.verdict.kind, change.item.pruned) == ("revised", False)


texts = st.text(alphabet="ab …", max_size=6)
instants = st.datetimes(
    min_value=at("2025-01-01T00:00:00Z").replace(tzinfo=None),
    max_value=at("2027-01-01T00:00:00Z").replace(tzinfo=None),
)


@st.composite
def entries(draw):
    """Entries of a small world, so that they meet each other again and again."""
    name = draw(st.sampled_from(["1", "2", None]))
    address = draw(st.sampled_from(["example.org/1", "example.org/2", None]))
    claims = [
        stamp(f"{moment:%Y-%m-%dT%H:%M:%S}Z") if moment else None
        for moment in draw(st.tuples(st.none() | instants, st.none() | instants))
    ]
    return entry(
        id=name,
        url=f"https://{address}" if address else None,
        url_key=address,
        title=draw(texts),
        text=draw(texts),
        content=None,
        published=claims[0],
        updated=claims[1],
        position=draw(st.integers(0, 5)),
    )


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.lists(entries(), max_size=5), st.sampled_from([1, 60])), max_size=6))
def test_whatever_a_source_sends_dates_hold_ids_stay_and_a_repeat_is_harmless(polls):
    memory = Memory()
    had: defaultdict[str, set[datetime]] = defaultdict(set)
    for document, hours in polls:
        before = dict(memory.items)
        identity = memory.profile.identity
        memory.now += hours * HOUR
        memory.judge(document)
        # A poll may show that ids mean nothing here, or give one id to several nameless things: those may be told
        # apart otherwise when they come again, but none is lost.
        ids = [one.id for one in document]
        if memory.profile.identity == identity and len(set(ids)) == len(ids):
            assert memory.judge(document) == ()
        for uid, item in memory.items.items():
            assert item.published <= item.updated <= memory.now
            if uid in before:
                young = memory.now - item.first_seen <= corrections.TRUSTED and item.published <= item.first_seen
                assert item.published <= before[uid].published or young or item.published in had[uid]
                assert item.public_id == before[uid].public_id
                assert item.updated >= before[uid].updated
            had[uid].add(item.published)
        assert before.keys() <= memory.items.keys()
        assert len({item.public_id for item in memory.items.values()}) == len(memory.items)


def test_what_differs_when_a_feed_is_read_by_other_rules_is_no_update_and_teaches_no_template():
    before = [entry(id=f"urn:x-{n}:1", title=f"V\u05d4ster\u05d5s {n}", position=n) for n in range(3)]
    after = [replace(one, title=f"V\u00e4ster\u00e5s {n}") for n, one in enumerate(before)]
    items = [change.item for change in judged(before, {}, NOON)]
    known = {item.key: (item,) for item in items}

    decision = decide(source(), after, known, SourceProfile(), LATER, Recall(reread=True))

    assert [change.verdict.kind for change in decision.changes] == ["bumped"] * 3
    assert {change.verdict.reason for change in decision.changes} == {REREAD}
    assert [change.item.updated for change in decision.changes] == [item.updated for item in items]
    assert decision.profile.lines == ()
