"""normalize() is total, and what it yields can be stored, compared and published."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import (
    Category,
    Conventions,
    Enclosure,
    Entry,
    FeedMeta,
    ParsedFeed,
    Person,
    QueryRules,
    RawEntry,
    RawLink,
    RawText,
)
from aggregator.normalize import normalize
from aggregator.text.urlkeys import url_key

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
PIECES = st.sampled_from(
    [
        "<figure>", "</figure>", "<figcaption>", "</figcaption>", "<img src=/a-300x200.jpg>", "<img src=/a.jpg>",
        "<picture>", "</picture>", "<source srcset='/b 1x, /c 2x'>", "<img data-src=/a>", "<img src=/blank.gif>",
        "<noscript>", "<p>", "</p>", "<div dir=rtl>", "</div>", "<p dir=ltr>", "words", "עברית", "فارسی", "1", " ",
        "<a href='?ref=1&utm_x=2'>", "<a href='#n'>", "</a>", "<img src=/i width=1>", "<td>", "<ul><li>",
        "<amp-img src=/d>", "<img style='display:none' src=/e>", "&amp;amp;", "&lt;b&gt;",
    ]
)  # fmt: skip
markup = st.lists(PIECES, max_size=10).map("".join)
references = texts | st.sampled_from(
    [
        "https://x.example/a?ref=1",
        "https://X.example/a?utm_x=1&REF=2#c",
        "/a?id=1&from=rss",
        "#c",
        "https://x.example/a-300x200.jpg",
    ]
)
NAMES = st.sampled_from(
    ["By ", "von ", "Ann Lee", "Bo Chen", " and ", ", ", "; ", "、", "a@b.example", "(", ")", "<", ">", "mailto:",
     "noreply@x.example", "&amp;", "&amp;lt;", "|", '"', "Author: ", "Ltd"]
)  # fmt: skip
names = texts | st.lists(NAMES, max_size=6).map("".join)
languages = (
    st.none()
    | texts
    | st.sampled_from(["fa", "en-us", "AZ_arab", "ku-Arab-IQ", "de_DE.UTF-8", "iw", "zh-CHS", "und"])
)
rules = st.builds(
    QueryRules,
    keep=st.frozensets(st.sampled_from(["ref", "UTM_x", "amp", "fbclid"]), max_size=2),
    drop=st.frozensets(st.sampled_from(["Ref", "id", "from", "a"]), max_size=2),
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
    value=texts | markup,
    type=st.sampled_from(["text", "html", "guess"]),
    base=st.none() | texts,
    language=st.none() | texts,
)
raw_entries = st.builds(
    RawEntry,
    id=st.none() | texts,
    id_is_permalink=st.booleans(),
    links=st.lists(
        st.builds(
            RawLink,
            href=references,
            rel=st.sampled_from(["alternate", "via", "Related", "replies", "self"]),
            title=st.none() | texts,
            type=st.none() | texts,
        ),
        max_size=4,
    ).map(tuple),
    title=st.none() | constructs,
    summary=st.none() | constructs,
    contents=st.lists(constructs, max_size=2).map(tuple),
    published=st.none() | dates,
    updated=st.none() | dates,
    authors=st.lists(
        st.builds(Person, name=names, uri=st.none() | references, email=st.none() | names), max_size=3
    ).map(tuple),
    categories=st.lists(
        st.builds(Category, term=texts, scheme=st.none() | texts, label=st.none() | texts), max_size=3
    ).map(tuple),
    enclosures=st.lists(
        st.builds(Enclosure, url=texts, type=st.none() | texts, length=st.none() | st.integers()), max_size=3
    ).map(tuple),
    image=st.none() | references,
    image_caption=st.none() | constructs,
    language=languages,
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
@settings(max_examples=100, deadline=None)
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


def raw(entry: Entry) -> RawEntry:
    """An entry as a publisher would write it who writes what we do."""
    own = (RawLink(href=entry.url),) if entry.url else ()
    further = (RawLink(href=link.url, rel=link.rel, title=link.title, type=link.type) for link in entry.links)
    return RawEntry(
        id=entry.id,
        id_is_permalink=entry.id_is_permalink,
        links=(*own, *further),
        title=RawText(value=entry.title, type="text"),
        summary=RawText(value=entry.summary) if entry.summary else None,
        contents=(RawText(value=entry.content),) if entry.content else (),
        published=entry.published.raw if entry.published else None,
        updated=entry.updated.raw if entry.updated else None,
        authors=entry.authors,
        categories=entry.categories,
        enclosures=entry.enclosures,
        image=entry.image,
        image_caption=RawText(value=entry.image_caption, type="text") if entry.image_caption else None,
        language=entry.language,
    )


@given(feeds, rules)
@settings(max_examples=120, deadline=None)
def test_normalizing_what_was_normalized_changes_nothing(feed: ParsedFeed, query: QueryRules):
    entries, _warnings = normalize(feed, Conventions(query=query))
    again, warnings = normalize(
        ParsedFeed(meta=FeedMeta(), entries=tuple(raw(entry) for entry in entries)), Conventions(query=query)
    )

    assert again == tuple(replace(entry, position=index) for index, entry in enumerate(entries))
    assert warnings == ()


@given(feeds, rules)
@settings(max_examples=50, deadline=None)
def test_the_key_is_that_of_the_address_that_is_shown(feed: ParsedFeed, query: QueryRules):
    entries, _warnings = normalize(feed, Conventions(query=query))

    for entry in entries:
        keys = {url_key(entry.url, query), url_key(entry.url, query, keep_fragment=True)} if entry.url else {None}
        assert entry.url_key in keys
