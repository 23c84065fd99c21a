"""Our own conformance checks find what validators fault."""

from __future__ import annotations

import json

import pytest

from aggregator.model import Enclosure, Person
from aggregator.publish import find_faults, render_all, spec_of
from aggregator.publish.check.values import is_rfc822, is_rfc3339
from aggregator.publish.render import make_document
from tests.publish.editions import FORMATS, edition, item, origin, text
from tests.support.nouns import NOON

GOOD = edition(
    item(
        1,
        NOON,
        updated=NOON.replace(hour=14),
        authors=(Person(name="Ada", uri="https://ada.example/", email="ada@example.org"),),
        enclosures=(
            Enclosure(url="https://example.org/a.mp3", length=7),
            Enclosure(url="https://example.org/b.mp3", length=8),
        ),
        categories=(),
        image="https://example.org/i.png",
        language="en",
        summary="<p>Short.</p>",
    ),
    origins=(origin(rights="(c)"),),
)
ATOM, RSS, JSON = text(GOOD, "atom"), text(GOOD, "rss"), text(GOOD, "json")
ENTRY = ATOM[ATOM.index("<entry") : ATOM.index("</feed>")]
ITEM = RSS[RSS.index("<item>") : RSS.index("</channel>")]


def changed(document_, old, new):
    assert old in document_
    return document_.replace(old, new, 1).encode()


@pytest.mark.parametrize("form", FORMATS)
def test_a_good_document_has_no_faults(form):
    assert spec_of(form).faults(text(GOOD, form).encode()) == ()
    (found,) = (one for one in render_all(GOOD).documents if one.format == form)
    assert find_faults(found) == ()


def test_faults_of_a_document_are_those_of_its_body():
    assert find_faults(make_document("all", "json", b"[]", NOON)) == ("The document is not a JSON Feed 1.1.",)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("</feed>", "", "not well-formed"),
        ("<?xml version='1.0' encoding='UTF-8'?>", "\x07", "not well-formed"),
        ('xmlns="http://www.w3.org/2005/Atom"', "", "The root is feed"),
        ("<title>Everything</title>", "", "The feed must have exactly one title"),
        ("<title>Everything</title>", "<title> </title>", "The feed must have exactly one title"),
        ("<generator>", "<generator/><generator>", "2 generator elements"),
        ("<id>urn:uuid:0", "<id>0", "no absolute IRI"),
        ("<id>urn:uuid:0", "<id/><id>urn:uuid:0", "Entry 1 must have exactly one id"),
        ("<updated>2026-03-01T14:00:00Z", "<updated>2026-03-01 14:00:00", "The feed has the updated date"),
        ("<published>2026-03-01", "<published>2026-02-30", "Entry 1 has the published date"),
        ('<content type="html">', '<content type="xhtml">', "neither text nor HTML"),
        ('<content type="html">', '<content type="html"><p/>', "neither text nor HTML"),
        ('<entry xml:lang="en">', '<entry xml:lang="en_GB">', "the language 'en_GB'"),
        ("<name>Ada</name>", "", "Entry 1's author must have exactly one name"),
        ("https://ada.example/", "ada", "has the uri 'ada'"),
        ("ada@example.org", "@example.org", "has the email"),
        ("<published>", "<category/><published>", "category without term"),
        ('href="https://example.org/1"', 'href="/1"', "a link to '/1'"),
        ('href="https://example.org/1"', "", "a link to None"),
        ('type="audio/mpeg"', 'type="audio"', "a link of type 'audio'"),
        ('length="7"', 'length="None"', "a link of length 'None'"),
        ('rel="enclosure" type="audio/mpeg" length="7"', 'rel="alternate"', "two alternate links"),
        ("<source>", "<source/><source>", "2 source elements"),
        ("<id>https://example.org/feed</id>", "", "Entry 1's source must have exactly one id"),
        ("</feed>", f"{ENTRY}</feed>", "2 entries have the id"),
        ('<media:thumbnail url="https:', '<media:thumbnail url="', "a media:thumbnail without"),
        ("</feed>", '<link rel="current" href="a b"/></feed>', "a link to 'a b'"),
        (
            "</feed>",
            2 * '<link rel="prev-archive" href="1.atom"/>' + "</feed>",
            "2 links with the relation prev-a",
        ),
        (
            "</feed>",
            '<a:archive xmlns:a="http://purl.org/syndication/history/1.0"/></feed>',
            "does not say of what",
        ),
    ],
)
def test_faults_of_atom_are_found(old, new, fault):
    found = spec_of("atom").faults(changed(ATOM, old, new))
    assert any(fault in one for one in found), found


def test_an_atom_entry_without_author_is_a_fault_unless_the_feed_has_one():
    head, entry = ATOM[: -len(ENTRY) - len("</feed>\n")], ENTRY
    without = entry[: entry.index("<author>")] + entry[entry.index("</author>") + len("</author>") :]
    assert spec_of("atom").faults(f"{head}{without}</feed>".encode()) == ()
    orphan = head[: head.index("<author>")] + head[head.index("</author>") + len("</author>") :]
    assert spec_of("atom").faults(f"{orphan}{without}</feed>".encode()) == ("Entry 1 has no author (4.1.2).",)


def test_an_atom_entry_needs_content_or_an_alternate_link_but_no_source():
    bare = "<entry><id>urn:a:b</id><title>T</title><updated>2026-03-01T12:00:00Z</updated>{}</entry></feed>"
    body = ATOM.replace("</feed>", bare)
    (fault,) = spec_of("atom").faults(body.format('<link rel="related" href="urn:a:c"/>').encode())
    assert fault == "Entry 2 has neither content nor an alternate link (4.1.2)."
    assert spec_of("atom").faults(body.format('<link href="urn:a:c"/>').encode()) == ()
    assert spec_of("atom").faults(body.format("<content>T</content>").encode()) == ()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("</rss>", "", "not well-formed"),
        ('version="2.0"', 'version="0.91"', "not one RSS 2.0 channel"),
        ("<description>Everything</description>", "", "The channel must have exactly one description"),
        ("<link>https://planet.example.org/</link>", "<link>/</link>", "The channel's link"),
        ("<lastBuildDate>Sun", "<lastBuildDate>Mon", "lastBuildDate"),
        ('href="https://planet.example.org/all.rss"', 'href="/all.rss"', "atom:link"),
        ('all.rss" rel="self"', 'all .rss" rel="current"', "atom:link"),
        ("<pubDate>", "<comments>/talk</comments><pubDate>", "the comments '/talk'"),
        ("<title>The river rises</title>", "<title/><title/>", "2 title elements"),
        ("<link>https://example.org/1", "<link>https://example.org/ü", "no absolute URI"),
        ("<pubDate>Sun, 01 Mar 2026 12:00:00 +0000", "<pubDate>2026-03-01T12:00:00Z", "no RFC 822 pubDate"),
        ("<atom:updated>2026", "<atom:updated>26", "the atom:updated date"),
        ('isPermaLink="false">urn', 'isPermaLink="true">not a', "permalink guid"),
        (">urn:uuid:00000000-0000-5000-8000-000000000001<", "><", "Item 1 must have exactly one guid"),
        ("<pubDate>", "<category> </category><pubDate>", "empty category"),
        ('<enclosure url="https://example.org/a.mp3"', '<enclosure url="a.mp3"', "an enclosure without"),
        ('length="7"', 'length="None"', "an enclosure without"),
        ('length="7" type="audio/mpeg"', 'length="7"', "an enclosure without"),
        ("<media:thumbnail url=", "<media:thumbnail href=", "a media:thumbnail without"),
        ('fileSize="8"', 'fileSize="big"', "a media:content without"),
        ('<source url="https://example.org/feed">', "<source>", "a source without"),
        ("</channel>", f"{ITEM}</channel>", "2 entries have the guid"),
    ],
)
def test_faults_of_rss_are_found(old, new, fault):
    found = spec_of("rss").faults(changed(RSS, old, new))
    assert any(fault in one for one in found), found


def test_an_rss_item_needs_a_guid_and_a_title_or_a_description():
    body = RSS.replace("</channel>", "<item><pubDate>Sun, 01 Mar 2026 12:00:00 GMT</pubDate></item></channel>")
    assert spec_of("rss").faults(body.encode()) == (
        "Item 2 must have exactly one guid that is not empty.",
        "Item 2 has neither title nor description.",
        "Item 2 has no RFC 822 pubDate.",
    )


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("version",), "1", "not a JSON Feed 1.1"),
        (("items",), {}, "not an array of objects"),
        (("items",), [1], "not an array of objects"),
        (("title",), "", "The feed has no title"),
        (("home_page_url",), "/", "The feed has the home_page_url '/'"),
        (("feed_url",), 1, "a feed_url that is no string"),
        (("next_url",), "", "the next_url ''"),
        (("next_url",), "https://planet.example.org/all.json", "which leads nowhere"),
        (("items", 0, "external_url"), "elsewhere", "the external_url 'elsewhere'"),
        (("items", 0, "_source"), "river", "the extension _source, which is no object"),
        (("items", 0, "id"), "", "Item 1 has no id"),
        (("items", 0, "id"), 7, "an id that is no string"),
        (("items", 0, "url"), "/1", "the url '/1'"),
        (("items", 0, "date_published"), "2026-03-01", "the date_published '2026-03-01'"),
        (("items", 0, "authors"), [{"email": "a@b.c"}], "an author without"),
        (("items", 0, "tags"), ["a", ""], "a tag that is no text"),
        (("items", 0, "attachments", 0, "url"), None, "an attachment without"),
        (("items", 0, "attachments", 0, "mime_type"), "audio", "an attachment without"),
    ],
)
def test_faults_of_json_feeds_are_found(path, value, fault):
    feed = json.loads(JSON)
    *parents, name = path
    holder = feed
    for parent in parents:
        holder = holder[parent]
    holder[name] = value
    found = spec_of("json").faults(json.dumps(feed).encode())
    assert any(fault in one.replace("has a id", "has an id") for one in found), found


def test_a_json_item_needs_no_more_than_id_and_content():
    feed = json.loads(JSON)
    feed["items"] = [{"id": "1", "content_text": "x"}, {"id": "1"}]
    assert spec_of("json").faults(json.dumps(feed).encode()) == (
        "Item 2 has neither content_html nor content_text.",
        "2 entries have the id '1'.",
    )


def test_what_is_no_json_in_utf_8_is_a_fault():
    (fault,) = spec_of("json").faults(b'{"title": "\xff"}')
    assert fault.startswith("The document is not JSON in UTF-8")


@pytest.mark.parametrize("text_", ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00.25+03:30"])
def test_dates_of_rfc_3339_are_right(text_):
    assert is_rfc3339(text_)


@pytest.mark.parametrize("text_", ["2026-03-01T12:00:00", "2026-03-01T12:00Z", "2026-02-29T12:00:00Z", "", "now"])
def test_other_dates_are_not(text_):
    assert not is_rfc3339(text_)


@pytest.mark.parametrize(
    ("text_", "right"),
    [
        ("Sun, 01 Mar 2026 12:00:00 +0000", True),
        ("Sun, 01 Mar 2026 12:00:00 +0330", True),
        ("Mon, 01 Mar 2026 12:00:00 +0000", False),
        ("Sun, 01 Mar 26 12:00:00 +0000", False),
        ("Sun, 32 Mar 2026 12:00:00 +0000", False),
        ("Sun, 01 Mar 2026 12:00:00 -0000", False),
        ("", False),
    ],
)
def test_dates_of_rss_have_four_digits_the_right_weekday_and_a_zone(text_, right):
    assert is_rfc822(text_) is right


@pytest.mark.parametrize(
    ("tombstone", "fault"),
    [
        ('<at:deleted-entry ref="urn:x:9" when="yesterday"/>', "Deleted entry 1 lacks a right ref or when"),
        ('<at:deleted-entry when="2026-03-01T12:00:00Z"/>', "Deleted entry 1 lacks a right ref or when"),
        ('<at:deleted-entry ref="{}" when="2026-03-01T12:00:00Z"/>', "Deleted entry 1 is shown all the same"),
        ('<at:deleted-entry ref="urn:x:9" when="2026-03-01T12:00:00Z"/>', ""),
    ],
)
def test_a_deleted_entry_says_what_and_when_and_is_not_shown(tombstone, fault):
    whole = text(edition(item(1)), "atom")
    name = whole.partition("<entry>")[2].partition("<id>")[2].partition("</id>")[0]
    declared = whole.replace("<feed ", '<feed xmlns:at="http://purl.org/atompub/tombstones/1.0" ', 1)
    found = spec_of("atom").faults(declared.replace("<entry>", f"{tombstone.format(name)}<entry>", 1).encode())
    assert len(found) == bool(fault)
    assert all(one.startswith(fault) for one in found)
