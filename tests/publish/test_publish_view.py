"""What is said of an entry, a source and a feed, whatever the format."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from aggregator.model import Category, Enclosure, Link, Person
from aggregator.publish import parts, view
from tests.publish.editions import SITE, edition, item, origin
from tests.support.nouns import NOON, at, entry, source

LATER = NOON + timedelta(hours=1)


def only(one):
    """The view of an edition's only entry."""
    feed, omitted = view.build_view(one)
    assert omitted == ()
    (found,) = feed.entries
    return found


# ------------------------------------------------------------------ the feed


def test_the_feeds_id_is_made_from_what_the_store_keeps_and_nothing_that_feeds_yaml_says():
    old = edition()
    elsewhere = replace(SITE, title="New", link="https://other.example/feeds/")
    new = replace(old, site=elsewhere, publication=replace(old.publication, id="new", title="New"))
    assert view.build_view(new)[0].id == view.build_view(old)[0].id
    assert view.build_view(replace(new, site=replace(SITE, link=None)))[0].id == view.build_view(old)[0].id
    assert view.build_view(replace(old, feed_name="another"))[0].id != view.build_view(old)[0].id


def test_feeds_go_by_the_ids_that_they_had_when_those_were_made_from_the_address_of_the_site():
    assert view.feed_id("planet.example.org/all") == "urn:uuid:1582d429-c011-5f72-94a1-d58a47bc1b14"
    assert view.feed_id("/all") == "urn:uuid:b2859b56-d2a4-5df8-b5ec-35b3912f5b88"


def test_the_feed_is_as_new_as_its_newest_entry():
    old, edited = item(1, NOON), item(2, NOON - timedelta(days=9), updated=LATER)
    assert view.build_view(edition(old, edited))[0].updated == LATER
    assert view.build_view(edition(created=NOON))[0].updated == NOON


def test_addresses_of_documents_come_from_the_sites_link_and_hold_no_token():
    feed, _ = view.build_view(edition(site=replace(SITE, link="https://example.org/feeds"), tokens=("sesame",)))
    assert feed.address("rss") == "https://example.org/feeds/all.rss"
    assert view.build_view(edition(site=replace(SITE, link=None)))[0].address("rss") is None


def test_a_page_of_the_archive_leads_to_the_document_by_its_address_or_from_where_it_stands():
    page = replace(edition(), archive_page=1)
    assert view.build_view(edition())[0].current("rss") is None
    assert view.build_view(page)[0].current("rss") == f"{SITE.link}all.rss"
    assert view.build_view(replace(page, site=replace(SITE, link=None)))[0].current("rss") == "../../all.rss"


def test_titles_that_hold_nothing_to_see_are_replaced():
    feed, _ = view.build_view(edition(title="\x00 ", site=replace(SITE, title="\x07")))
    assert (feed.title, feed.publisher) == ("all", "all")


def test_links_lead_to_the_web_and_are_named_once():
    web = Link(url="https://example.org/1", rel="related")
    assert parts.links((Link(url="javascript:alert(1)", rel="related"), web, replace(web, title="Again"))) == (
        web,
    )


# ------------------------------------------------------------------ items


def test_entries_keep_the_order_of_the_edition():
    items = [item(number, updated=LATER) for number in (2, 9, 4)]
    assert [found.id[-1] for found in view.build_view(edition(*items))[0].entries] == ["2", "9", "4"]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"public_id": ""}, "its id is no absolute IRI"),
        ({"public_id": "urn:a:b c"}, "its id is no absolute IRI"),
        ({"public_id": "urn:a:\x07"}, "its id is no absolute IRI"),
        ({"public_id": item(1).public_id}, "another entry bears its id"),
        ({"source_id": "nobody"}, "its source is unknown"),
        ({"published": datetime(2026, 1, 1)}, "a date has no time zone"),  # noqa: DTZ001 # the point
        ({"published": datetime(12, 1, 1, tzinfo=UTC)}, "a date lies before the year 1000"),
        ({"updated": datetime.max.replace(tzinfo=timezone(timedelta(hours=-9)))}, "date value out of range"),
    ],
)
def test_an_item_that_cannot_be_written_is_left_out_with_the_reason(broken, reason):
    bad = replace(item(2), **broken)
    feed, omitted = view.build_view(edition(item(1), bad))
    assert [found.id for found in feed.entries] == [item(1).public_id]
    ((notice, trace),) = ((one.notice, one.trace) for one in omitted)
    assert trace is None
    assert notice.startswith("all: the entry ")
    assert notice.endswith(reason)
    assert notice.isprintable()


def test_a_silent_publication_shows_edited_items_as_first_published():
    edited = item(1, NOON, updated=LATER)
    assert only(edition(edited)).updated == LATER
    shown = only(edition(edited, edits="silent"))
    assert (shown.updated, shown.source.updated) == (NOON, NOON)


def test_updated_is_never_before_published():
    assert only(edition(item(1, LATER, updated=NOON))).updated == LATER


def test_the_language_is_the_entrys_else_the_feeds():
    origins = (origin(language="fa"),)
    assert only(edition(item(1, language="en"), origins=origins)).language == "en"
    assert only(edition(item(1), origins=origins)).language == "fa"


# ------------------------------------------------------------------ sources


def test_a_source_is_as_new_as_the_entry_so_that_no_entry_changes_because_another_came():
    feed, _ = view.build_view(edition(item(1, NOON), item(2, NOON, updated=LATER), item(3, NOON)))
    assert [found.source.updated for found in feed.entries] == [NOON, LATER, NOON]


@pytest.mark.parametrize(
    ("declared", "meta", "name", "feed", "home"),
    [
        ({}, {"id": "tag:e.org,2020:x"}, "tag:e.org,2020:x", "https://example.org/feed", "https://example.org/"),
        ({}, {"id": "1"}, "https://example.org/feed", "https://example.org/feed", "https://example.org/"),
        ({"url": "https://e.org/f?key=${KEY}"}, {}, None, None, "https://example.org/"),
        ({"url": "https://user@e.org/f"}, {}, None, None, "https://example.org/"),
        (
            {"url": "https://e.org/@user/f"},
            {},
            "https://e.org/@user/f",
            "https://e.org/@user/f",
            "https://example.org/",
        ),
        ({"kind": "page", "url": "https://e.org/news"}, {"link": None}, None, None, "https://e.org/news"),
        ({"kind": "page", "url": "https://e.org/${KEY}"}, {"link": None}, None, None, None),
        ({"kind": "file", "url": "a.xml"}, {"link": None}, None, None, None),
    ],
)
def test_a_source_is_named_by_what_may_be_shown(declared, meta, name, feed, home):
    found = only(edition(item(1), origins=(origin(source(**declared), **meta),))).source
    assert found.id == name or (name is None and found.id.startswith("urn:uuid:"))
    assert (found.feed, found.home) == (feed, home)


def test_no_document_holds_a_secret_of_a_source():
    declared = source(
        location="https://me:sesame@example.org/?k=sesame", url="https://example.org/?k=${KEY}",
        headers=(("Authorization", "sesame"),),
    )  # fmt: skip
    assert "sesame" not in repr(view.build_view(edition(item(1), origins=(origin(declared),), tokens=("sesame",))))


# ------------------------------------------------------------------ parts of entries


FILES = (Enclosure(url="https://e.org/f", title="F"),)


@pytest.mark.parametrize(
    ("fields", "extent", "title"),
    [
        ({"title": " A\n title "}, "link", "A title"),
        ({"title": "\x00", "text": "word " * 40}, "full", " ".join(["word"] * 15) + "…"),
        ({"title": "", "text": "Some text"}, "summary", "Some text"),
        ({"title": "", "text": "Some text"}, "link", "https://example.org/1"),
        ({"title": "", "text": "", "url": None, "enclosures": FILES}, "full", "F"),
        ({"title": "", "text": "", "url": None}, "full", "Untitled"),
    ],
)  # fmt: skip
def test_every_entry_has_a_title(fields, extent, title):
    assert parts.title(entry(**fields), extent) == title


LONG = "word " * 1000


@pytest.mark.parametrize(
    ("fields", "extent", "body"),
    [
        ({"content": "<p>A</p>", "summary": "B"}, "full", ("<p>A</p>", "B")),
        ({"content": "<p>A</p>", "summary": "<p>A</p>"}, "full", ("<p>A</p>", None)),
        ({"content": None, "summary": "B"}, "full", (None, "B")),
        ({"content": " \x00", "summary": ""}, "full", (None, None)),
        ({"content": "<p>A</p>", "summary": "B"}, "summary", (None, "B")),
        ({"content": "<p>A</p>", "summary": "<p>A</p>", "text": "A & B"}, "summary", (None, "A &amp; B")),
        ({"content": None, "summary": LONG, "text": LONG}, "summary", (None, " ".join(["word"] * 99) + "…")),
        ({"content": None, "summary": None, "text": ""}, "summary", (None, None)),
        ({"content": "<p>A</p>", "summary": "B"}, "link", (None, None)),
    ],
)
def test_only_as_much_is_republished_as_the_source_grants(fields, extent, body):
    assert parts.body(entry(**fields), extent) == body


def test_authors_have_a_name_each():
    people = (
        Person(name=" Ada\n", uri="https://a.org/", email="no mail"),
        Person(name="", uri="https://b.org/"),
        Person(name="\x00", email="c@d.org"),
        Person(name="", email="nobody"),
        Person(name="Ada", uri="https://a.org/"),
    )
    assert parts.authors(people) == (
        Person(name="Ada", uri="https://a.org/"),
        Person(name="https://b.org/", uri="https://b.org/"),
        Person(name="c@d.org", email="c@d.org"),
    )


def test_categories_have_a_term_each_and_do_not_repeat():
    found = (
        Category(term="", label="Label"),
        Category(term="a", scheme="not absolute"),
        Category(term="a", label="again"),
        Category(term="a", scheme="urn:s:1"),
        Category(term=" "),
    )
    assert parts.categories(found) == (
        Category(term="Label", label="Label"),
        Category(term="a"),
        Category(term="a", scheme="urn:s:1"),
    )


def test_times_of_items_are_the_same_instants_in_utc():
    assert only(edition(item(1, at("2018-12-01T20:33:00+03:30")))).published == at("2018-12-01T17:03:00Z")
