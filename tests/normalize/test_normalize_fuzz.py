"""normalize() is total, and what it yields can be stored, compared and published."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import (
    Category,
    Conventions,
    Enclosure,
    FeedMeta,
    ParsedFeed,
    Person,
    RawEntry,
    RawLink,
    RawText,
)
from aggregator.normalize import normalize

# Lone surrogates and control characters included: a JSON Feed can spell them.
texts = st.text(st.characters(), max_size=30) | st.sampled_from(
    [
        "",
        "<p>x</p>",
        "&amp;",
        "&#0;",
        "https://x.example/a",
        "/a#b",
        "javascript:x",
        "\x00",
        "\ud800",
        "A [Updated: B]",
    ]
)
dates = texts | st.sampled_from(
    [
        "2020-01-01",
        "Dec 01, 2018 20:33 Asia/Tehran [Updated: Sep 21, 2019 22:26 Asia/Tehran]",
        "Mon, 1 Jan 2024 00:00 XYZ",
    ]
)
constructs = st.builds(
    RawText,
    value=texts,
    type=st.sampled_from(["text", "html", "guess"]),
    base=st.none() | texts,
    language=st.none() | texts,
)
raw_entries = st.builds(
    RawEntry,
    id=st.none() | texts,
    id_is_permalink=st.booleans(),
    links=st.lists(st.builds(RawLink, href=texts, rel=st.sampled_from(["alternate", "via"])), max_size=3).map(
        tuple
    ),
    title=st.none() | constructs,
    summary=st.none() | constructs,
    contents=st.lists(constructs, max_size=2).map(tuple),
    published=st.none() | dates,
    updated=st.none() | dates,
    authors=st.lists(
        st.builds(Person, name=texts, uri=st.none() | texts, email=st.none() | texts), max_size=3
    ).map(tuple),
    categories=st.lists(st.builds(Category, term=texts, scheme=st.none() | texts), max_size=3).map(tuple),
    enclosures=st.lists(
        st.builds(Enclosure, url=texts, type=st.none() | texts, length=st.none() | st.integers()), max_size=3
    ).map(tuple),
    image=st.none() | texts,
    language=st.none() | texts,
    base=st.none() | texts,
)
feeds = st.builds(ParsedFeed, meta=st.just(FeedMeta()), entries=st.lists(raw_entries, max_size=4).map(tuple))


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


@given(feeds, st.sampled_from([None, "UTC", "Asia/Tehran"]))
@settings(max_examples=250, deadline=None)
def test_any_feed_yields_entries_that_can_be_kept(feed: ParsedFeed, zone: str | None):
    entries, warnings = normalize(feed, Conventions(timezone=zone))

    assert [entry.position for entry in entries] == sorted({entry.position for entry in entries})
    assert all(warning.isprintable() for warning in warnings)
    for entry in entries:
        assert entry.title or entry.url or entry.text or entry.content or entry.summary or entry.enclosures
        for claim in (entry.published, entry.updated):
            assert claim is None or (
                claim.utc.tzinfo is UTC and claim.utc.microsecond == 0 and claim.utc.year >= 1990
            )
        for text in strings(asdict(entry)):
            assert text.encode("utf-8").decode("utf-8") == text
            assert not any(ord(character) < 32 and character not in "\t\n\r" for character in text)


@given(feeds)
@settings(max_examples=150, deadline=None)
def test_normalizing_what_was_normalized_changes_nothing(feed: ParsedFeed):
    entries, _warnings = normalize(feed, Conventions())
    again, _warnings = normalize(
        ParsedFeed(
            meta=FeedMeta(),
            entries=tuple(
                RawEntry(
                    id=entry.id,
                    id_is_permalink=entry.id_is_permalink,
                    links=(RawLink(href=entry.url),) if entry.url else (),
                    title=RawText(value=entry.title, type="text"),
                    summary=RawText(value=entry.summary) if entry.summary else None,
                    contents=(RawText(value=entry.content),) if entry.content else (),
                    authors=entry.authors,
                    categories=entry.categories,
                    enclosures=entry.enclosures,
                    image=entry.image,
                    language=entry.language,
                )
                for entry in entries
            ),
        ),
        Conventions(),
    )

    for one, two in zip(entries, again, strict=True):
        assert (two.id, two.url, two.title, two.content, two.summary, two.text) == (
            one.id,
            one.url,
            one.title,
            one.content,
            one.summary,
            one.text,
        )
        assert (two.enclosures, two.image, two.language) == (one.enclosures, one.image, one.language)
