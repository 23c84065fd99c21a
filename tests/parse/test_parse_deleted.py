"""Entries that a publisher takes back."""

from __future__ import annotations

from aggregator.model import ParsedFeed
from aggregator.parse import parse

FEED = (
    "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:at='http://purl.org/atompub/tombstones/1.0'>"
    "<id>urn:x:feed</id><title>Harbour</title>{}</feed>"
)
ENTRY = "<entry><id>urn:x:2</id><title>Pier</title></entry>"


def read(inner: str) -> ParsedFeed:
    found = parse(FEED.format(inner).encode(), content_type="application/atom+xml", location="https://x.example/")
    assert isinstance(found, ParsedFeed)
    return found


def test_a_feed_of_nothing_but_deleted_entries_is_a_feed():
    found = read("<at:deleted-entry ref='urn:x:1' when='2026-01-01T00:00:00Z'/>")
    assert (found.deleted, found.entries) == (("urn:x:1",), ())


def test_a_deleted_entry_that_is_not_closed_costs_no_entry():
    found = read(f"<at:deleted-entry ref='urn:x:1'><at:by><name>Ann</name>{ENTRY}")
    assert found.deleted == ("urn:x:1",)
    assert [entry.title and entry.title.value for entry in found.entries] == ["Pier"]


def test_a_broken_feed_keeps_what_it_deleted():
    found = read(f"<at:deleted-entry ref='urn:x:1' when=now/>{ENTRY}<p>&nope;</at>")
    assert found.deleted == ("urn:x:1",)
    assert len(found.entries) == 1


def test_refs_that_are_missing_empty_or_endless_are_none():
    long = "urn:x:" + "y" * 9000
    assert (
        read(f"<at:deleted-entry/><at:deleted-entry ref=' '/><at:deleted-entry ref='{long}'/>{ENTRY}").deleted
        == ()
    )


def test_very_many_deleted_entries_are_cut():
    many = "".join(f"<at:deleted-entry ref='urn:x:{number}'/>" for number in range(1500))
    assert len(read(many).deleted) == 1000
