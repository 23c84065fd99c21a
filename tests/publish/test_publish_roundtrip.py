"""What a reader's parser reads back from our documents."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import Category, Enclosure, Person
from tests.publish.editions import edition, item, text
from tests.support.nouns import NOON

ITEMS = (
    item(
        3,
        NOON,
        updated=NOON + timedelta(hours=2),
        title="Ein Fluß 🦆",
        url="https://example.org/3?a=1&b=2",
        content="<p>Whole</p>",
        summary="Short",
        authors=(Person(name="Ada", uri="https://ada.example/"), Person(name="Ben", email="ben@example.org")),
        categories=(Category(term="a"), Category(term="b", scheme="https://example.org/s")),
        enclosures=(
            Enclosure(url="https://example.org/1.mp3", type="audio/mpeg", length=5),
            Enclosure(url="https://example.org/2.mp3", type="audio/mpeg"),
        ),
    ),
    item(2, NOON - timedelta(days=1), title="آب بالا آمد", language="fa", url="https://example.org/%D8%A2"),
    item(1, NOON - timedelta(days=400), public_id="tag:example.org,2025:1", url=None),
)
EDITION = edition(*ITEMS)


def instant(struct) -> datetime:
    return datetime(*struct[:6], tzinfo=UTC)


def updated(entry) -> datetime:
    # Not with `get`, for which feedparser puts `published` in the place of a missing `updated`, and warns.
    return instant(entry.updated_parsed if "updated_parsed" in entry else entry.published_parsed)


def essence(one):
    return (one.public_id, one.entry.title, one.entry.url, one.published, one.updated)


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_feedparser_reads_the_same_entries_back(form):
    parsed = feedparser.parse(text(EDITION, form).encode())
    assert not parsed.bozo
    read = [
        (
            entry.id,
            entry.title,
            # Not `entry.link`, for which feedparser puts the id where there is no link.
            next((link.href for link in entry.get("links", ()) if link.rel == "alternate"), None),
            instant(entry.published_parsed),
            updated(entry),
        )
        for entry in parsed.entries
    ]
    assert read == [essence(one) for one in ITEMS]


def test_json_carries_the_same_entries():
    read = [
        (
            found["id"],
            found["title"],
            found.get("url"),
            datetime.fromisoformat(found["date_published"]),
            datetime.fromisoformat(found["date_modified"]),
        )
        for found in json.loads(text(EDITION, "json"))["items"]
    ]
    assert read == [essence(one) for one in ITEMS]


def test_atom_keeps_authors_files_categories_source_and_language():
    first, second, third = feedparser.parse(text(EDITION, "atom").encode()).entries
    assert [(one.get("name"), one.get("href"), one.get("email")) for one in first.authors] == [
        ("Ada", "https://ada.example/", None),
        ("Ben", None, "ben@example.org"),
    ]
    assert [(one.href, one.get("length")) for one in first.enclosures] == [
        ("https://example.org/1.mp3", "5"),
        ("https://example.org/2.mp3", None),
    ]
    assert [(one.term, one.scheme) for one in first.tags] == [("a", None), ("b", "https://example.org/s")]
    assert (first.content[0].value, first.summary) == ("<p>Whole</p>", "Short")
    assert (first.source.id, first.source.title) == ("https://example.org/feed", "River News")
    assert second.title_detail.language == "fa"
    assert third.author == "River News"


def test_rss_keeps_authors_files_categories_and_source():
    first = feedparser.parse(text(EDITION, "rss").encode()).entries[0]
    assert [one.name for one in first.authors] == ["Ada", "Ben"]
    assert [(one.href, one.length) for one in first.enclosures] == [("https://example.org/1.mp3", "5")]
    assert [one["url"] for one in first.media_content] == ["https://example.org/2.mp3"]
    assert [(one.term, one.scheme) for one in first.tags] == [("a", None), ("b", "https://example.org/s")]
    assert (first.content[0].value, first.summary) == ("<p>Whole</p>", "Short")
    assert (first.source.href, first.source.title) == ("https://example.org/feed", "River News")
    assert first.guidislink is False


# Titles of Atom are text. Those of RSS are ambiguous, so parsers take what looks like markup for markup.
WORDS = st.text(st.characters(categories=("L", "N", "P"), exclude_characters="<>&"), min_size=1, max_size=30)
DATES = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 # hypothesis wants naive bounds
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(WORDS, DATES, st.timedeltas(timedelta(0), timedelta(days=900))), max_size=4))
def test_whatever_is_published_is_read_back(rows):
    items = [
        item(number, moment, title=title, updated=(moment + later).replace(microsecond=0))
        for number, (title, moment, later) in enumerate(rows)
    ]
    one = edition(*items)
    for form in ("atom", "rss"):
        parsed = feedparser.parse(text(one, form).encode())
        assert [
            (
                entry.id,
                instant(entry.published_parsed),
                updated(entry),
            )
            for entry in parsed.entries
        ] == [(found.public_id, found.published, found.updated) for found in items]
        assert [entry.title for entry in parsed.entries] == [found.entry.title for found in items]
