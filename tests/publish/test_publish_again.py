"""What our own reading makes of our own documents: the entries that they were made from."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from aggregator.model import (
    Category,
    Conventions,
    Enclosure,
    Entry,
    Fetched,
    Format,
    Item,
    Link,
    Person,
    Reading,
    Validators,
)
from aggregator.pipeline import reading
from aggregator.publish import render_all
from tests.publish.editions import FORMATS, edition, item
from tests.support.nouns import NOON

WORDS = st.sampled_from(["آب رودخانه بالا آمد", "Delta: آب رودخانه بالا آمد و باز می‌گردد"]) | st.text(
    st.characters(categories=("L", "N", "P", "Zs", "S")), max_size=30
)
# RSS has no way to say that what looks like markup in a title is none (record 0056).
TITLES = WORDS.filter(lambda words: not re.search(r"<[a-z/!?]|&", words, re.IGNORECASE))
NAMES = st.text("abcXYZ019Łжあ水", min_size=1, max_size=12)
URLS = NAMES.map("https://example.org/".__add__)
MARKUP = st.lists(
    st.one_of(
        WORDS.map(lambda words: f"<p>{words}</p>"),
        URLS.map(lambda url: f'<p>See <a href="{url}">there</a>.</p>'),
        URLS.map(lambda url: f'<img src="{url}.png" alt="a">'),
        st.just("<pre>a\n  b</pre>"),
        WORDS,
    ),
    max_size=4,
).map("".join)
WHOLE = f"<p>{'Of two texts of an item, the longer one is taken for the whole. ' * 8}</p>"
ENTRIES = st.builds(
    Entry,
    url=st.none() | URLS,
    title=TITLES,
    content=st.none() | MARKUP.map(WHOLE.__add__),
    summary=st.none() | MARKUP,
    authors=st.lists(
        st.builds(Person, name=NAMES, uri=st.none() | URLS, email=st.none() | st.just("ada@example.org")),
        max_size=2,
        unique_by=lambda person: person.name,
    ).map(tuple),
    categories=st.lists(
        st.builds(Category, term=NAMES, scheme=st.none() | URLS, label=st.none() | NAMES), max_size=3
    ).map(tuple),
    enclosures=st.lists(
        st.builds(
            Enclosure,
            url=URLS.map(lambda url: f"{url}.mp3"),
            type=st.sampled_from([None, "audio/mpeg", "video/mp4"]),
            length=st.none() | st.integers(1, 10**10),
            title=st.none() | NAMES,
        ),
        max_size=3,
    ).map(tuple),
    image=st.none() | URLS.map(lambda url: f"{url}.jpg"),
    image_caption=st.none() | NAMES,
    links=st.lists(st.builds(Link, url=URLS, rel=st.sampled_from(["related", "via", "replies"])), max_size=3).map(
        tuple
    ),
    language=st.sampled_from([None, "en", "fa", "de-AT"]),
)


def read(body: bytes, form: Format) -> tuple[Entry, ...]:
    """The entries that our parser and normalizer find."""
    types = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}
    fetched = Fetched(
        url="https://planet.example.org/all",
        status=200,
        body=body,
        body_hash="",
        content_type=types[form],
        content_location=f"https://planet.example.org/all.{form}",
        validators=Validators(),
    )
    found = reading.read(fetched, Conventions())
    assert isinstance(found, Reading)
    return found.entries


def published(entries: tuple[Entry, ...], form: Format) -> tuple[Entry, ...]:
    """The entries after they were published and read."""
    items = [made(number, entry) for number, entry in enumerate(entries, 1)]
    (body,) = (one.body for one in render_all(edition(*items)).documents if one.format == form)
    return read(body, form)


def made(number: int, entry: Entry) -> Item:
    moment = entry.published.utc if entry.published else NOON - timedelta(hours=number)
    later = entry.updated.utc if entry.updated else moment + timedelta(minutes=number)
    one = item(number, moment, updated=later)
    return replace(one, entry=entry, public_id=entry.id or one.public_id)


def dates(entry: Entry) -> tuple:
    # An edit is dated only where there was one; without, both dates are one.
    assert entry.published
    return entry.published.utc, (entry.updated or entry.published).utc


def in_atom(entry: Entry) -> tuple:
    return (*in_all(entry), entry.authors, entry.categories, entry.language, entry.links, entry.image_caption)


def in_rss(entry: Entry) -> tuple:
    tags = tuple(sorted({(one.label or one.term, one.scheme) for one in entry.categories}, key=str))
    discussion = next((link.url for link in entry.links if link.rel == "replies"), None)
    return (*in_all(entry), tuple(one.name for one in entry.authors), tags, entry.image_caption, discussion)


def in_json(entry: Entry) -> tuple:
    people = tuple((one.name, one.uri) for one in entry.authors)
    tags = tuple(sorted({one.label or one.term for one in entry.categories}))
    _, _, title, content, *others = in_all(entry)
    # The format wants a text in any case; an item without one has its title there.
    content = content or entry.summary  # it has one place for both
    nothing = content is None or content == f"<p>{html.escape(title, quote=False)}</p>"
    return (entry.id, entry.url, title, None if nothing else content, *others, people, tags, entry.language)


def in_all(entry: Entry) -> tuple:
    """What every format carries."""
    files = tuple((file.url, file.type, file.length) for file in entry.enclosures)
    return entry.id, entry.url, entry.title, entry.content, dates(entry), files, entry.image


CARRIED: dict[Format, Callable[[Entry], tuple]] = {"atom": in_atom, "rss": in_rss, "json": in_json}


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=30, deadline=None, phases=[Phase.generate])
@given(st.lists(ENTRIES, max_size=3))
def test_what_was_read_once_is_published_and_read_back_the_same(form: Format, entries):
    # Read once, an entry is one that normalizing makes; titles and texts that were missing are made up by then.
    # Twice, since what was read without a direction is marked by it only when it is published.
    known = published(published(tuple(entries), "atom"), "atom")
    again = published(known, form)
    assert [CARRIED[form](entry) for entry in again] == [CARRIED[form](entry) for entry in known]
