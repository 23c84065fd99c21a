"""What holds for any edition whatever."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from aggregator.model import Category, Enclosure, Entry, Format, Link, Person
from aggregator.publish import find_faults, render_all
from tests.publish.editions import edition, item, origin
from tests.support.nouns import source

ANY = st.text(st.characters(), max_size=20)
MAYBE = st.none() | ANY
URLS = st.none() | st.just("https://example.org/ä?b#c") | ANY | ANY.map("http://".__add__)
NUMBERS = st.none() | st.integers(-2, 10**12)
ENTRIES = st.builds(
    Entry,
    id=MAYBE,
    url=URLS,
    title=ANY,
    content=MAYBE,
    summary=MAYBE,
    text=ANY,
    authors=st.lists(st.builds(Person, name=ANY, uri=URLS, email=MAYBE), max_size=3).map(tuple),
    categories=st.lists(st.builds(Category, term=ANY, scheme=URLS, label=MAYBE), max_size=3).map(tuple),
    enclosures=st.lists(
        st.builds(
            Enclosure,
            url=ANY.map("https://e.org/".__add__),
            type=MAYBE,
            length=NUMBERS,
            title=MAYBE,
            duration=NUMBERS,
        ),
        max_size=3,
    ).map(tuple),
    image=URLS,
    image_caption=MAYBE,
    links=st.lists(
        st.builds(Link, url=ANY, rel=st.sampled_from(["related", "via", "replies"]), title=MAYBE, type=MAYBE)
        | st.builds(Link, url=ANY.map("https://e.org/".__add__), rel=st.sampled_from(["related", "replies"])),
        max_size=3,
    ).map(tuple),
    language=MAYBE,
    direction=st.sampled_from([None, "ltr", "rtl"]),
)
DATES = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 # bounds
ITEMS = st.builds(
    lambda number, published, updated, entry: replace(item(number, published, updated=updated), entry=entry),
    st.integers(1, 99),
    DATES,
    DATES,
    ENTRIES,
)
EDITIONS = st.builds(
    lambda items, meta, extent, title, rest: replace(
        edition(
            *items,
            origins=(origin(source(publish=extent, title=title), **meta),),
            title=title or "",
            edits=rest[0],
            tokens=rest[1],
        ),
        archive_page=rest[2],
        previous=rest[3],
    ),
    st.lists(ITEMS, max_size=4, unique_by=lambda one: one.public_id),
    st.fixed_dictionaries({"id": MAYBE, "title": MAYBE, "link": URLS, "language": MAYBE, "rights": MAYBE}),
    st.sampled_from(["full", "summary", "link"]),
    MAYBE,
    st.tuples(
        st.sampled_from(["bump", "silent"]),
        st.sampled_from([(), ("a-token-of-some-length",)]),
        st.sampled_from([None, 7]),
        st.sampled_from([None, 6]),
    ),
)


@settings(max_examples=60, deadline=None)
@given(EDITIONS)
def test_every_edition_gives_documents_without_fault_with_every_entry_once_and_in_order(one):
    rendering = render_all(one)
    assert rendering.omitted == ()
    bodies = {document.format: document.body for document in rendering.documents}
    assert bodies.keys() == {*get_args(Format)}
    # The form of the links between pages differs, but no token is ever written.
    assert not any(b"a-token" in document.body for document in rendering.documents)
    assert [fault for document in rendering.documents for fault in find_faults(document)] == []
    ids = [found.public_id for found in one.items]
    assert [name.text for name in etree.fromstring(bodies["atom"]).iterfind("{*}entry/{*}id")] == ids
    assert [name.text for name in etree.fromstring(bodies["rss"]).iterfind("channel/item/guid")] == ids
    assert [found["id"] for found in json.loads(bodies["json"])["items"]] == ids


@settings(max_examples=15, deadline=None)
@given(EDITIONS)
def test_equal_editions_give_equal_documents(one):
    again = replace(one, origins=dict(reversed(one.origins.items())))
    assert render_all(one) == render_all(again)


def test_other_processes_give_the_same_bytes():
    program = (
        "from tests.publish.golden.river.edition import EDITION\n"
        "from aggregator.publish import digest, render_all\n"
        "made = render_all(EDITION).documents\n"
        "sources = [origin.source for origin in EDITION.origins.values()]\n"
        "print([one.etag for one in made], digest(EDITION.site, EDITION.publication, sources))\n"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PATH": os.environ["PATH"], "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tehran"))
    }
    assert len(answers) == 1
